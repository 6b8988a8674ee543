"""PyTorch by automatic differentiation, float64, one thread, in each of its ways that fit the memory."""

import torch
from torch.func import grad, grad_and_value, jacrev, jvp, linearize, vmap
from torch.nn import functional as F

NAME = f"torch {torch.__version__}"
torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
# Doubles of one activation's tangents that may be alive at a time.
MEMORY = 2e7


def dense_loss(problem):
    x, y = torch.from_numpy(problem["x"]), torch.from_numpy(problem["y"]).long()
    d, h, k = x.shape[1], problem["hidden"], problem["outputs"]

    def loss(theta):
        w1, b1, w2, b2 = theta.split([h * d, h, k * h, k])
        hidden = torch.tanh(F.linear(x, w1.view(h, d), b1))
        return F.cross_entropy(F.linear(hidden, w2.view(k, h), b2), y)

    return loss


def convolutional_loss(problem):
    x, y = torch.from_numpy(problem["x"]).view(-1, 1, 28, 28), torch.from_numpy(problem["y"]).long()

    def loss(theta):
        w1, b1, w2, b2, w3, b3 = theta.split([250, 10, 5000, 20, 3200, 10])
        one = F.max_pool2d(torch.relu(F.conv2d(x, w1.view(10, 1, 5, 5), b1)), 2)
        two = F.max_pool2d(torch.relu(F.conv2d(one, w2.view(20, 10, 5, 5), b2)), 2)
        return F.cross_entropy(F.linear(two.flatten(1), w3.view(10, 320), b3), y)

    return loss


def held(loss, theta):
    """A leaf, and the gradient with its graph."""
    leaf = theta.detach().requires_grad_()
    return leaf, torch.autograd.grad(loss(leaf), leaf, create_graph=True)[0]


def gradients(loss, theta):
    def by_autograd():
        leaf = theta.detach().requires_grad_()
        value = loss(leaf)
        return value.detach(), torch.autograd.grad(value, leaf)[0]

    def by_func():
        gradient, value = grad_and_value(loss)(theta)
        return value, gradient

    return {"autograd": by_autograd, "torch.func": by_func}


def products(loss, theta, v):
    leaf, gradient = held(loss, theta)
    _, linear = linearize(grad(loss), theta)
    return {
        "double backward": lambda: torch.autograd.grad(gradient, leaf, v, retain_graph=True)[0],
        "linearize": lambda: linear(v),
        "jvp of grad": lambda: jvp(grad(loss), (theta,), (v,))[1],
    }


def chunks(problem):
    """How many columns of H at a time: a few, and as many as fit."""
    size, each = problem["theta"].size, len(problem["x"]) * problem["hidden"]
    most = max(1, min(size, int(MEMORY / each)))
    return sorted({min(64, most), most})


def hessians(problem):
    loss, theta = dense_loss(problem), torch.from_numpy(problem["theta"])
    unit = torch.eye(theta.numel())

    def backward(chunk):
        def run():
            leaf, gradient = held(loss, theta)
            return torch.cat(
                [
                    torch.autograd.grad(gradient, leaf, rows, retain_graph=True, is_grads_batched=True)[0]
                    for rows in unit.split(chunk)
                ]
            )

        return run

    def forward(chunk):
        column = lambda v: jvp(grad(loss), (theta,), (v,))[1]
        return lambda: vmap(column, chunk_size=chunk)(unit)

    ways = {}
    for chunk in chunks(problem):
        ways[f"double backward, {chunk} at a time"] = backward(chunk)
        ways[f"jacrev of grad, {chunk} at a time"] = lambda chunk=chunk: jacrev(grad(loss), chunk_size=chunk)(theta)
        ways[f"forward over reverse, {chunk} at a time"] = forward(chunk)
    return ways


def moments(problem):
    def of(hessian):
        def run():
            matrix = hessian()
            return matrix.trace(), torch.vdot(matrix.view(-1), matrix.view(-1))

        return run

    return {name: of(hessian) for name, hessian in hessians(problem).items()}


def bound(trace, square, size):
    mean = trace / size
    return mean + torch.sqrt(square / size - mean * mean) * (size - 1) ** 0.5


def bound_gradients(problem):
    loss, theta = dense_loss(problem), torch.from_numpy(problem["theta"])
    size = theta.numel()
    unit = torch.eye(size)
    chunk = chunks(problem)[0]

    def along(f, v):
        """t ↦ the derivative of f at t along v."""
        return lambda t: jvp(f, (t,), (v,))[1]

    def through_hessian():
        def f(t):
            matrix = vmap(lambda v: along(grad(loss), v)(t))(unit)
            return bound(matrix.trace(), matrix.square().sum(), size)

        gradient, value = grad_and_value(f)(theta)
        return value, gradient

    def in_chunks(adjoint, chunk):
        """H first; then ∇ Σ_j w_jᵀ H e_j with W = ∂B/∂H, some j at a time."""

        def run():
            matrix = jacrev(grad(loss), chunk_size=chunks(problem)[0])(theta)
            trace = matrix.trace().requires_grad_()
            square = torch.vdot(matrix.view(-1), matrix.view(-1)).requires_grad_()
            value = bound(trace, square, size)
            by_trace, by_square = torch.autograd.grad(value, [trace, square])
            weights = 2 * by_square * matrix
            weights.diagonal().add_(by_trace)
            parts = zip(unit.split(chunk), weights.split(chunk))
            return value.detach(), sum(adjoint(v, w) for v, w in parts)

        return run

    def reverse(v, w):
        second = lambda t: vmap(lambda v, w: along(along(loss, v), w)(t))(v, w).sum()
        return grad(second)(theta)

    def forward(v, w):
        return vmap(lambda v, w: along(along(grad(loss), v), w)(theta))(v, w).sum(0)

    ways = {
        f"H, then reverse over forward twice, {chunk} at a time": in_chunks(reverse, chunk),
        "H, then reverse over forward twice, 16 at a time": in_chunks(reverse, 16),
        f"H, then forward twice over reverse, {chunk} at a time": in_chunks(forward, chunk),
    }
    if chunks(problem)[-1] == size:
        ways["reverse through H"] = through_hessian
    return ways


def tensors(problem):
    return torch.from_numpy(problem["theta"]), torch.from_numpy(problem["v"])


WORKS = {
    "loss + gradient": lambda problem: gradients(dense_loss(problem), tensors(problem)[0]),
    "H·v": lambda problem: products(dense_loss(problem), *tensors(problem)),
    "moments": moments,
    "WS gradient": bound_gradients,
    "Hessian": hessians,
    "eigenvalues": lambda problem: {"eigvalsh": lambda: torch.linalg.eigvalsh(torch.from_numpy(problem["matrix"]))},
    "product": lambda problem: {"matmul": lambda: torch.from_numpy(problem["a"]) @ torch.from_numpy(problem["b"])},
    "CNN loss + gradient": lambda problem: gradients(convolutional_loss(problem), tensors(problem)[0]),
    "CNN H·v": lambda problem: products(convolutional_loss(problem), *tensors(problem)),
}
