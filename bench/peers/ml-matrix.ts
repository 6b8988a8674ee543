import type { Tensor } from "flatward";
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import type { Ways } from "../serve.js";
import type { PeerProblem } from "./problems.js";

function matrixOf({ data, shape }: Tensor): Matrix {
  return Matrix.from1DArray(shape[0], shape[1], data);
}

/** It has no solver for values alone. */
function decompose({ matrix }: PeerProblem): Ways {
  const own = matrixOf(matrix);
  return {
    EigenvalueDecomposition: () =>
      new EigenvalueDecomposition(own, { assumeSymmetric: true }).realEigenvalues.sort((a, b) => a - b),
  };
}

export const works: Readonly<Record<string, (problem: PeerProblem) => Ways>> = {
  eigenvalues: decompose,
  eigenvectors: decompose,
  product: ({ a, b }) => {
    const [first, second] = [matrixOf(a), matrixOf(b)];
    return { mmul: () => first.mmul(second).to1DArray() };
  },
};
