import {
  hutchPlusPlusTrace,
  type LanczosQuadrature,
  type LinearOperator,
  type SpectralMoments,
} from "flatward";
import { frobeniusEstimate, hutchinsonTrace, quadratureTrace } from "flatward/linalg";
import type { SpectrumOptions } from "./input.js";

/** A random estimate, beside the number that it estimates where that is known. */
export interface TraceEstimate {
  readonly quantity: "tr H" | "tr H²";
  readonly method: string;
  /** H·v that it took. */
  readonly products: number;
  readonly value: number;
  readonly standardError: number;
  /** (estimate − exact)/√(n tr H²) for tr H, which is no larger; relative for tr H². Absent where that is not known. */
  readonly relativeError?: number;
  /** (estimate − exact)/standard error; absent also where the standard error is but rounding. */
  readonly standardErrorsOff?: number;
}

export interface Traces {
  /** Exactly where `exact`; else by Hutch++. */
  readonly trace: number;
  /** Exactly where `exact`; else by stochastic Lanczos quadrature. */
  readonly frobeniusSquared: number;
  /** In closed form, or from all eigenvalues. */
  readonly exact: boolean;
  readonly estimates: readonly TraceEstimate[];
}

/** A standard error below this share of the quantity's size is rounding. */
const ROUNDING = 1e-12;

/** tr H and tr H² from products H·v and random vectors, compared with what is known. @param moments where it is known */
export function tracesOf(
  operator: LinearOperator,
  moments: SpectralMoments | undefined,
  quadrature: LanczosQuadrature,
  { samples, seed }: Pick<SpectrumOptions, "samples" | "seed">,
): Traces {
  const against =
    (quantity: TraceEstimate["quantity"], exact: number | undefined, scale: number) =>
    (
      method: string,
      products: number,
      { value, standardError }: { readonly value: number; readonly standardError: number },
    ): TraceEstimate => ({
      quantity,
      method,
      products,
      value,
      standardError,
      ...(exact === undefined ? {} : { relativeError: scale > 0 ? (value - exact) / scale : 0 }),
      ...(exact !== undefined && standardError > ROUNDING * scale
        ? { standardErrorsOff: (value - exact) / standardError }
        : {}),
    });
  const square = moments?.frobeniusSquared ?? 0;
  const first = against("tr H", moments?.trace, Math.sqrt(operator.size * square));
  const second = against("tr H²", moments?.frobeniusSquared, square);
  const hutchinson = hutchinsonTrace(operator, { samples, seed });
  const plusPlus = hutchPlusPlusTrace(operator, { products: samples, seed });
  const squared = frobeniusEstimate(operator, { samples, seed });
  const slq = (power: (eigenvalue: number) => number) => quadratureTrace(quadrature, power);
  return {
    trace: moments?.trace ?? plusPlus.value,
    frobeniusSquared: moments?.frobeniusSquared ?? slq((t) => t * t).value,
    exact: moments !== undefined,
    estimates: [
      first("Hutchinson", hutchinson.products, hutchinson),
      first("Hutch++", plusPlus.products, plusPlus),
      first(
        "SLQ",
        quadrature.products,
        slq((t) => t),
      ),
      second("Hutchinson", squared.products, squared),
      second(
        "SLQ",
        quadrature.products,
        slq((t) => t * t),
      ),
    ],
  };
}
