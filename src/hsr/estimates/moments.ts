import type { Interval, SpectralMoments } from "../../bounds/wolkowicz-styan.js";
import { hessianProduct } from "../../hessian/operator.js";
import { type Products, productsOf } from "../../linalg/krylov/products.js";
import type { IterationReport } from "../../linalg/result.js";
import { type Batch, requireBatch } from "../../nn/batch.js";
import type { Network } from "../../nn/network.js";
import { type RandomStream, randomStream } from "../../random.js";
import { type MeanEstimate, skewedMean } from "./mean-estimate.js";
import { type MethodOptions, probeOptions } from "./method.js";
import { type ProbeTerms, probeTerms } from "./probes.js";
import { boundEstimates, upperBoundStatistic, type WsBoundEstimates } from "./statistics.js";

const DEFAULT_SAMPLES = 100;

/** tr H and tr H², each without bias, and how far they may be off. */
export interface SpectralMomentsEstimate extends SpectralMoments, IterationReport {
  /** Of both traces, which share their probes: they are correlated. */
  readonly standardErrors: { readonly trace: number; readonly frobeniusSquared: number };
  /** 95 % confidence intervals. */
  readonly intervals: { readonly trace: Interval; readonly frobeniusSquared: Interval };
  /**
   * The Wolkowicz–Styan bound B = m + s√(n−1) with its standard error, both by the jackknife; its bias is of order
   * 1/samples². **An estimate of a bound is no bound**: it may lie below λ_max. Where n = 1, B is tr H.
   */
  readonly upperBound: MeanEstimate;
  /** All bounds of `wsBounds`, likewise; none where n = 1. */
  readonly bounds?: WsBoundEstimates;
}

/** What one product each with the probes tells. */
interface ProbedHessian {
  readonly hessian: Products;
  readonly terms: ProbeTerms;
  readonly moments: SpectralMomentsEstimate;
  /** The probes' stream, from its start. */
  stream(): RandomStream;
}

/** @throws ShapeError, LabelError, NonFiniteError, ArgumentError for bad samples or a bad seed */
export function probedHessian(
  net: Network,
  theta: Float64Array,
  batch: Batch,
  options: MethodOptions,
): ProbedHessian {
  requireBatch(batch);
  const { samples, seed } = probeOptions(options, DEFAULT_SAMPLES);
  const stream = () => randomStream(seed, "hessianProbes");
  const hessian = productsOf({ size: net.size, apply: hessianProduct(net, theta, batch) });
  const terms = probeTerms(hessian, samples, stream());
  return { hessian, terms, moments: momentsFrom(hessian, terms), stream };
}

function momentsFrom({ size, count }: Products, terms: ProbeTerms): SpectralMomentsEstimate {
  const trace = skewedMean(terms.traces);
  const square = skewedMean(terms.squares);
  return {
    size,
    trace: trace.value,
    frobeniusSquared: square.value,
    standardErrors: { trace: trace.standardError, frobeniusSquared: square.standardError },
    intervals: { trace: trace.interval, frobeniusSquared: square.interval },
    upperBound: size === 1 ? trace : upperBoundStatistic(size, terms).estimate,
    ...(size > 1 && { bounds: boundEstimates(size, terms) }),
    iterations: terms.traces.length,
    products: count,
    status: "converged",
  };
}
