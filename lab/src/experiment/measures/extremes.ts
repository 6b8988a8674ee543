import { type LanczosResult, type LinearOperator, lanczos } from "flatward";

/** An end of a spectrum. */
export interface Extreme {
  /** NaN where the curvature overflows. */
  readonly value: number;
  /** ‖Hv − λv‖ of its vector: an eigenvalue is this near. 0 where it is one of all eigenvalues. */
  readonly residual: number;
}

/** Of eigenvalues by Lanczos: residual over ‖H‖. Values err by about its square. */
const TOLERANCE = 1e-4;
/** The most products a search may take. */
const MAX_PRODUCTS = 400;
/** Eigenvalues at the upper end: about as many as stand out for ten classes. */
const TOP = 10;

/** The upper end of a spectrum, by Lanczos. @throws NonFiniteError */
export function topOf(hessian: LinearOperator, count = TOP): LanczosResult {
  const k = Math.min(count, hessian.size);
  return lanczos(hessian, { k, tolerance: TOLERANCE, maxIterations: MAX_PRODUCTS });
}

/** λ_max by Lanczos, without looking for others as large. @throws NonFiniteError */
export function leadOf(hessian: LinearOperator): LanczosResult {
  return lanczos(hessian, { tolerance: TOLERANCE, maxIterations: MAX_PRODUCTS, certify: false });
}

export function largestOf({ values, residuals }: LanczosResult): Extreme {
  return { value: values.at(-1) ?? Number.NaN, residual: residuals.at(-1) ?? Number.NaN };
}

/** λ_min by Lanczos. @throws NonFiniteError */
export function smallestOf(hessian: LinearOperator): Extreme {
  const { values, residuals } = lanczos(hessian, {
    which: "smallest",
    tolerance: TOLERANCE,
    maxIterations: MAX_PRODUCTS,
  });
  return { value: values.at(0) ?? Number.NaN, residual: residuals.at(0) ?? Number.NaN };
}

/** The end of a list of all eigenvalues. */
export function endOf(eigenvalues: Float64Array, end: 0 | -1): Extreme {
  return { value: eigenvalues.at(end) ?? Number.NaN, residual: 0 };
}
