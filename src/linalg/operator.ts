import {
  ArgumentError,
  describe,
  inCallback,
  inMaker,
  requireFew,
  requireFunction,
  requireInteger,
  requireNumber,
  requireObject,
  requireVector,
  ShapeError,
} from "../errors.js";
import { addScaled } from "../tensor/elementwise.js";
import { type MatrixLike, matrixView, type Tensor } from "../tensor/view.js";
import { type SymmetryOptions, symmetricCopy, symmetryToleranceOf } from "./dense/symmetric-part.js";

/** A symmetric linear map: all that an iterative eigen-solver may know of a matrix. */
export interface LinearOperator {
  /** The dimension n. */
  readonly size: number;
  /** out ← A·v; both of length `size`, not overlapping. Overwrites all of `out`, and leaves `v` as it is. */
  apply(v: Float64Array, out: Float64Array): void;
}

/** An operator to compute with. Each of its methods makes a new one, and costs no product. */
export interface Operator extends LinearOperator {
  /** A + B. @throws ArgumentError; ShapeError where B is of another size */
  plus(other: LinearOperator): Operator;
  /** c·A. @throws ArgumentError unless `factor` is finite */
  scaled(factor: number): Operator;
  /** A + σI: every eigenvalue moves by the shift. @throws ArgumentError unless `shift` is finite */
  shifted(shift: number): Operator;
  /**
   * The principal block A[from … to − 1, from … to − 1]: the curvature of one layer's parameters, say, whose range
   * `parameterRange` finds. A product costs one of the whole operator.
   * @param range 0 ≤ from < to ≤ n @throws ArgumentError for an empty range, or one that leaves the operator
   */
  restricted(range: { readonly from: number; readonly to: number }): Operator;
  /**
   * A itself (n,n), symmetric to the bit, by n products, which may be asymmetric by `symmetryTolerance`.
   * @throws ShapeError for 2³¹ entries or more; NonFiniteError; SymmetryError where the products are not those of a symmetric matrix
   */
  toMatrix(options?: SymmetryOptions): Tensor;
}

/** A·v: returned as a vector (n), which may be v, changed in place, or written to `out`. */
// biome-ignore lint/suspicious/noConfusingVoidType: functions that write to `out` return nothing.
export type Product = (v: Float64Array, out: Float64Array) => Float64Array | void;

/** Asymmetry relative to the largest entry: products in single precision stay below, wrong ones do not. */
const ASYMMETRY = 1e-5;

/**
 * A dense symmetric matrix as an operator. It is copied: later changes are not seen.
 * @param a (n,n), symmetric to `symmetryTolerance`·max|a_ij|, of which the symmetric part is taken
 * @throws ShapeError when not square, NonFiniteError, SymmetryError
 * @example
 * import { lanczos } from "flatward";
 * import { matrixOperator } from "flatward/linalg";
 * const A = [[2, 1, 0], [1, 2, 1], [0, 1, 2]]; // its eigenvalues: 2 − √2, 2, 2 + √2
 * console.log(lanczos(matrixOperator(A)).values[0].toFixed(6)); // → 3.414214
 */
export function matrixOperator(a: MatrixLike, options: SymmetryOptions = {}): Operator {
  return inMaker("matrixOperator", () => {
    const { data, shape } = symmetricCopy("a", a, symmetryToleranceOf(options));
    const [size] = shape;
    return operatorOf(size, (v, out) => multiply(data, size, v, out));
  });
}

/**
 * An operator from the function that multiplies by it, such as an objective's Hessian–vector product:
 * `productOperator(objective.size, (v) => objective.hessianVectorProduct(theta, v))`.
 * That the product is linear and symmetric is taken on trust; residuals show where it is not.
 * @param size n ≥ 1
 * @throws ArgumentError; ShapeError for 2³¹ rows or more, and in a product when the function returns a vector of another length
 * @example
 * import { lanczos, productOperator } from "flatward";
 * // Second differences on 9 points: λ_max = 2 + 2 cos(π/10).
 * const operator = productOperator(9, (v) =>
 *   v.map((entry, i) => 2 * entry - (v[i - 1] ?? 0) - (v[i + 1] ?? 0)),
 * );
 * const [largest] = lanczos(operator).values;
 * console.log(largest.toFixed(6), (2 + 2 * Math.cos(Math.PI / 10)).toFixed(6)); // → 3.902113 3.902113
 * console.log(Array.from(operator.scaled(0.5).toMatrix().data.subarray(0, 3))); // → [ 1, -0.5, 0 ]
 */
export function productOperator(size: number, product: Product): Operator {
  return inMaker("productOperator", () => {
    requireInteger("size", size, 1, "it comes first: productOperator(size, product)");
    requireFunction("product", product, "(v) => A·v and (v, out) => void are such functions");
    const apply = isolated(size, (v, out) => {
      const result: unknown = inCallback(() => product(v, out));
      if (result !== undefined && result !== out) out.set(requireVector("the product", size, result));
    });
    return operatorOf(size, apply);
  });
}

/**
 * Any operator, of the caller's own making, with the algebra of `Operator`. @throws ArgumentError
 * @example
 * import { lanczos } from "flatward";
 * import { asOperator } from "flatward/linalg";
 * // diag(1, 2, 3), never formed.
 * const A = asOperator({ size: 3, apply: (v, out) => v.forEach((x, i) => { out[i] = (i + 1) * x; }) });
 * console.log(lanczos(A.plus(A)).values[0].toFixed(6)); // → 6.000000
 */
export function asOperator(operator: LinearOperator): Operator {
  return inMaker("asOperator", () => checkedOperator(operator));
}

/** `asOperator` for what another function was given. */
export function checkedOperator(operator: LinearOperator): Operator {
  requireOperator("operator", operator);
  return operatorOf(operator.size, applyOf(operator));
}

/**
 * The `apply` of a checked operator, whoever wrote it: one that changes v changes a copy, and one that leaves entries of
 * `out`, or adds to what it finds there, makes NaN of them.
 */
export function applyOf(operator: LinearOperator): LinearOperator["apply"] {
  return isolated(operator.size, (v, out) => inCallback(() => operator.apply(v, out)));
}

/** @throws ShapeError for 2³¹ rows or more */
function isolated(size: number, apply: LinearOperator["apply"]): LinearOperator["apply"] {
  requireFew("rows", size);
  const own = new Float64Array(size);
  return (v, out) => {
    own.set(v);
    out.fill(Number.NaN);
    apply(own, out);
  };
}

/**
 * The operator that all are made by. `apply` finds vectors of the right size; what it or the algebra refuses names the
 * public function above.
 */
export function operatorOf(size: number, apply: LinearOperator["apply"]): Operator {
  return {
    size,
    apply(v, out) {
      requireVector("v", size, v);
      requireVector("out", size, out);
      apply(v, out);
    },
    plus(other) {
      requireOperator("the other operator", other);
      if (other.size !== size)
        throw new ShapeError({ expected: `operators of one size, ${size}`, got: `one of ${other.size}` });
      const term = new Float64Array(size);
      const applyOther = applyOf(other);
      return operatorOf(size, (v, out) => {
        apply(v, out);
        applyOther(v, term);
        addScaled(out, 1, term);
      });
    },
    scaled(factor) {
      requireNumber("factor", factor);
      return operatorOf(size, (v, out) => {
        apply(v, out);
        for (let i = 0; i < size; i++) out[i] *= factor;
      });
    },
    shifted(shift) {
      requireNumber("shift", shift);
      return operatorOf(size, (v, out) => {
        apply(v, out);
        addScaled(out, shift, v);
      });
    },
    restricted(range) {
      requireObject("range", range, "{ from, to }, as parameterRange finds it");
      const from = requireInteger("range.from", range.from, 0);
      const to = requireInteger("range.to", range.to, from + 1);
      if (to > size) throw new ArgumentError({ expected: `range.to ≤ n = ${size}`, got: `${to}` });
      // Zero outside the range, and so it stays.
      const padded = new Float64Array(size);
      const product = new Float64Array(size);
      return operatorOf(to - from, (v, out) => {
        padded.set(v, from);
        apply(padded, product);
        out.set(product.subarray(from, to));
      });
    },
    toMatrix(options) {
      const symmetryTolerance = symmetryToleranceOf(options) ?? ASYMMETRY;
      requireFew("entries", size * size);
      const columns = new Float64Array(size * size);
      const unit = new Float64Array(size);
      for (let j = 0; j < size; j++) {
        unit[j] = 1;
        apply(unit, columns.subarray(j * size, (j + 1) * size));
        unit[j] = 0;
      }
      return symmetricCopy("the operator", matrixView(columns, size, size), symmetryTolerance);
    },
  };
}

/** @throws ArgumentError unless `operator` is a LinearOperator of size ≥ 1 */
export function requireOperator(name: string, operator: LinearOperator): void {
  requireObject(name, operator, "matrixOperator, productOperator or hessianOperator makes one");
  if (typeof operator.apply === "function") {
    requireInteger(`${name}.size`, operator.size, 1);
    return;
  }
  throw new ArgumentError({
    expected: `${name} to be { size, apply: (v, out) => void }`,
    got: describe(operator),
    next:
      "valueAndGradient" in operator
        ? "hessianAt(objective, theta) is the one of an objective"
        : "matrixOperator(a) makes one of a matrix, productOperator(size, product) of a function",
  });
}

/** Four rows at a time hide the latency of each other's sums. */
function multiply(a: Float64Array, n: number, v: Float64Array, out: Float64Array): void {
  let row = 0;
  for (; row + 3 < n; row += 4) {
    const at0 = row * n;
    const at1 = at0 + n;
    const at2 = at1 + n;
    const at3 = at2 + n;
    let sum0 = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    for (let k = 0; k < n; k++) {
      const vk = v[k];
      sum0 += a[at0 + k] * vk;
      sum1 += a[at1 + k] * vk;
      sum2 += a[at2 + k] * vk;
      sum3 += a[at3 + k] * vk;
    }
    out[row] = sum0;
    out[row + 1] = sum1;
    out[row + 2] = sum2;
    out[row + 3] = sum3;
  }
  for (; row < n; row++) {
    const at = row * n;
    let sum = 0;
    for (let k = 0; k < n; k++) sum += a[at + k] * v[k];
    out[row] = sum;
  }
}
