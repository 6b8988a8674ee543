import { type LinearOperator, lanczos } from "flatward";

/** An end of a spectrum. */
export interface Extreme {
  /** NaN where the curvature overflows. */
  readonly value: number;
  /** ‖Hv − λv‖ of its vector: an eigenvalue is this near. 0 where it is one of all eigenvalues. */
  readonly residual: number;
}

/** Both ends, each computed when first asked for. */
export interface Extremes {
  readonly largest: Extreme;
  readonly smallest: Extreme;
}

/** Of eigenvalues by Lanczos: residual over ‖H‖. Values err by about its square. */
const TOLERANCE = 1e-5;
/** The most products an eigenvalue may take. */
const MOST_PRODUCTS = 400;

/**
 * The ends of the spectrum of H: of all eigenvalues where they are given, by Lanczos otherwise.
 * @param eigenvalues ascending
 */
export function extremesOf(hessian: () => LinearOperator, eigenvalues?: () => Float64Array): Extremes {
  const known: { largest?: Extreme; smallest?: Extreme } = {};
  const find = (which: "largest" | "smallest"): Extreme => {
    if (eigenvalues !== undefined)
      return { value: eigenvalues().at(which === "largest" ? -1 : 0) ?? Number.NaN, residual: 0 };
    const { values, residuals } = lanczos(hessian(), {
      which,
      tolerance: TOLERANCE,
      maxIterations: MOST_PRODUCTS,
    });
    return { value: values[0] ?? Number.NaN, residual: residuals[0] ?? Number.NaN };
  };
  return {
    get largest() {
      known.largest ??= find("largest");
      return known.largest;
    },
    get smallest() {
      known.smallest ??= find("smallest");
      return known.smallest;
    },
  };
}
