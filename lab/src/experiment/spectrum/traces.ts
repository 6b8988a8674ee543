import {
  frobeniusEstimate,
  hutchinsonTrace,
  hutchPlusPlusTrace,
  type LanczosQuadrature,
  type LinearOperator,
  quadratureTrace,
  type SpectralMoments,
} from "flatward";
import type { SpectrumOptions } from "./subject.js";

/** A random estimate beside the closed form that it estimates. */
export interface TraceEstimate {
  readonly quantity: "tr H" | "tr H²";
  readonly method: string;
  /** H·v that it took. */
  readonly products: number;
  readonly value: number;
  readonly standardError: number;
  /** (estimate − closed form)/√(n tr H²) for tr H, which is no larger; relative for tr H². */
  readonly relativeError: number;
  /** (estimate − closed form)/standard error; absent where the standard error is but rounding. */
  readonly standardErrorsOff?: number;
}

export interface Traces {
  /** In closed form. */
  readonly trace: number;
  readonly frobeniusSquared: number;
  readonly estimates: readonly TraceEstimate[];
}

/** A standard error below this share of the quantity's size is rounding. */
const ROUNDING = 1e-12;

/** tr H and tr H² from products H·v and random vectors, held against the closed forms. */
export function tracesOf(
  operator: LinearOperator,
  { size, trace, frobeniusSquared }: SpectralMoments,
  quadrature: LanczosQuadrature,
  { samples, seed }: Pick<SpectrumOptions, "samples" | "seed">,
): Traces {
  const against =
    (quantity: TraceEstimate["quantity"], exact: number, scale: number) =>
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
      relativeError: scale > 0 ? (value - exact) / scale : 0,
      ...(standardError > ROUNDING * scale ? { standardErrorsOff: (value - exact) / standardError } : {}),
    });
  const first = against("tr H", trace, Math.sqrt(size * frobeniusSquared));
  const second = against("tr H²", frobeniusSquared, frobeniusSquared);
  const hutchinson = hutchinsonTrace(operator, { samples, seed });
  const plusPlus = hutchPlusPlusTrace(operator, { products: samples, seed });
  const squared = frobeniusEstimate(operator, { samples, seed });
  const slq = (power: (eigenvalue: number) => number) => quadratureTrace(quadrature, power);
  return {
    trace,
    frobeniusSquared,
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
