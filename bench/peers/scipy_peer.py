"""SciPy's solvers: LAPACK's drivers, and ARPACK on the products H·v of numpy_peer.py."""

import numpy_peer
import scipy
from scipy.linalg import eigh
from scipy.sparse.linalg import LinearOperator, eigsh

NAME = f"scipy {scipy.__version__}"


def dense(problem, **options):
    """By each driver; of vectors, too, only the values are compared."""

    def way(driver):
        def run():
            result = eigh(problem["matrix"], driver=driver, check_finite=False, **options)
            return result if options.get("eigvals_only") else result[0]

        return run

    return {driver: way(driver) for driver in ("evr", "evd")}


def extreme(problem):
    forward = numpy_peer.Forward(problem)
    products = 0

    def multiply(v):
        nonlocal products
        products += 1
        return forward.product(v)

    operator = LinearOperator((problem["theta"].size,) * 2, matvec=multiply, dtype=float)

    def run():
        nonlocal products
        products = 0
        values = eigsh(operator, k=5, which="LA", tol=1e-10, return_eigenvectors=True)[0]
        run.note = f"{products} products"
        return sorted(values)

    return {"eigsh": run}


WORKS = {
    "eigenvalues": lambda problem: dense(problem, eigvals_only=True),
    "eigenvectors": lambda problem: dense(problem),
    "Lanczos, 5 largest": extreme,
    "Lanczos certified, 5 largest": extreme,
}
