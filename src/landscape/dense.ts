import { inFunction } from "../errors.js";
import { asSymmetric, scaledSymmetricPart } from "../linalg/dense/symmetric-part.js";
import { productsOf } from "../linalg/krylov/products.js";
import type { LinearOperator } from "../linalg/operator.js";
import type { Objective } from "../optim/objective.js";
import { matrixView, type Tensor } from "../tensor/view.js";
import { normalizedHessian } from "./hessian-at.js";
import type { NormalizationOptions } from "./scales.js";

/** Relative to the largest entry: the rounding of products stays far below, a wrong product does not. */
const ASYMMETRY = 1e-8;

/**
 * The Hessian of an objective at theta as a matrix (n,n), symmetric to the bit, from n products; with a normalization
 * T H T (`hessianAt`).
 * @throws ArgumentError, ShapeError, NonFiniteError; SymmetryError where the products are not those of a symmetric matrix
 */
export function hessianMatrix(
  objective: Objective,
  theta: Float64Array,
  options: NormalizationOptions = {},
): Tensor {
  return inFunction("hessianMatrix", () => denseMatrix(normalizedHessian(objective, theta, options)));
}

/** An operator's matrix. */
export function denseMatrix(operator: LinearOperator): Tensor {
  const { size } = operator;
  const products = productsOf(operator);
  const columns = new Float64Array(size * size);
  const unit = new Float64Array(size);
  for (let j = 0; j < size; j++) {
    unit[j] = 1;
    products.require(unit, columns.subarray(j * size, (j + 1) * size));
    unit[j] = 0;
  }
  const { matrix } = asSymmetric("the Hessian", matrixView(columns, size, size), ASYMMETRY);
  return matrixView(scaledSymmetricPart(matrix, 1), size, size);
}
