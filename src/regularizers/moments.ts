import { inMaker } from "../errors.js";
import { factoredLossOn } from "../hessian/factored.js";
import { checkRoute, type RouteOptions } from "../hsr/contraction/route.js";
import { isEstimated, type MethodOptions } from "../hsr/estimates/method.js";
import { estimatedObjective } from "../hsr/estimates/objective.js";
import type { ProbeTerms } from "../hsr/estimates/probes.js";
import { type Statistic, squareStatistic, traceStatistic } from "../hsr/estimates/statistics.js";
import { checkMoment } from "../hsr/finite-moments.js";
import { evaluateMoments } from "../hsr/moments.js";
import { momentPenalty } from "../hsr/objective/moment-penalty.js";
import { type PartUse, sampledPart } from "../hsr/sampling/sampled-part.js";
import {
  checkEstimator,
  checkSamples,
  type Estimator,
  refuseSingleSamples,
} from "../hsr/sampling/sampling.js";
import { type Batch, prepareSamples, requireBatch } from "../nn/batch.js";
import type { Network } from "../nn/network.js";
import type { Objective } from "../optim/objective.js";
import type { Penalty } from "../optim/penalized.js";
import { requireOptions } from "../options.js";
import { randomStream } from "../random.js";
import { checkHeld, type HeldOptions, heldObjective, heldOptions } from "./held-objective.js";

/** Of penalties on tr H and tr H². */
export interface MomentPenaltyOptions extends HeldOptions, Pick<MethodOptions, "method"> {
  /**
   * From about how many samples of a step, ≥ 2, the penalty is computed; they are drawn by their curvature. Default "all".
   * With method "estimate": how many random vectors, ≥ 2, default 10.
   */
  readonly samples?: number | "all" | undefined;
}

const momentOptions = [...heldOptions, "method", "samples"] as const;

/** The penalty's strength on tr H, and how that is computed. */
export interface TraceOptions extends MomentPenaltyOptions {}

/**
 * loss + strength · tr H, with the exact gradient in closed form, where other implementations sample Hutchinson's estimate
 * (Liu, Yu & Lin 2022, arXiv 2208.05924). H is not positive semidefinite in general, so tr H may be negative.
 * `method: "estimate"` takes every network, and `every`, `samples`, `batchSize` and `clip` make a step cheap, as in
 * `hsrObjective`: tr H of drawn samples is right on average.
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError for a negative strength or bad options
 * @example
 * import { lossObjective, spectralMoments, threeLayerNet } from "flatward";
 * import { traceObjective } from "flatward/regularizers";
 * const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
 * const batch = { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] };
 * const theta = net.init(1);
 * const penalty = traceObjective(net, batch, { strength: 0.1 }).value(theta) - lossObjective(net, batch).value(theta);
 * console.log((penalty / spectralMoments(net, theta, batch).trace).toFixed(6)); // → 0.100000
 */
export function traceObjective(net: Network, batch: Batch, options: TraceOptions): Objective {
  return inMaker("traceObjective", () => {
    requireOptions(options, momentOptions, "{ strength }");
    return momentObjective(net, batch, options, "traceObjective", traceStatistic, tracePenalty);
  });
}

/** The penalty's strength on tr H², and how that is computed. */
export interface FrobeniusOptions extends MomentPenaltyOptions, RouteOptions {
  /** Of the closed form: "unbiased" is for ‖H‖_F² of all samples, "plain" for that of a step's. Default "plain". */
  readonly estimator?: Estimator | undefined;
}

/**
 * loss + strength · ‖H‖_F² = loss + strength · tr H², the sum of all squared eigenvalues, with the exact gradient in closed
 * form, or by estimate; the cost is that of `hsrObjective`, and so is what makes it cheap. The plain ‖H‖_F² of a mini-batch
 * or of drawn samples is too large on average; `estimator: "unbiased"` is not, and may be negative.
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError for a negative strength or an unknown route
 * @example
 * import { lossObjective, spectralMoments, threeLayerNet } from "flatward";
 * import { frobeniusObjective } from "flatward/regularizers";
 * const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
 * const batch = { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] };
 * const theta = net.init(1);
 * const penalty = frobeniusObjective(net, batch, { strength: 0.1 }).value(theta) - lossObjective(net, batch).value(theta);
 * console.log((penalty / spectralMoments(net, theta, batch).frobeniusSquared).toFixed(6)); // → 0.100000
 */
export function frobeniusObjective(net: Network, batch: Batch, options: FrobeniusOptions): Objective {
  return inMaker("frobeniusObjective", () => {
    requireOptions(options, [...momentOptions, "route", "estimator"], "at least { strength }");
    const route = checkRoute(options.route);
    const unbiased = checkEstimator(options.estimator, options.route) === "unbiased";
    return momentObjective(net, batch, options, "frobeniusObjective", squareStatistic, (using) =>
      momentPenalty(using, ({ contraction, scales }, differentiate) => {
        const value = unbiased
          ? contraction.scaledSquare(scales, differentiate)
          : evaluateMoments(contraction, route, differentiate).frobeniusSquared;
        checkMoment("tr H²", value);
        return { value, byTrace: 0, bySquare: 1 };
      }),
    );
  });
}

function momentObjective(
  net: Network,
  batch: Batch,
  options: FrobeniusOptions,
  call: string,
  statistic: (size: number, terms: ProbeTerms) => Statistic,
  penaltyOf: (using: PartUse) => Penalty,
): Objective {
  const held = checkHeld(options);
  const { method, samples: given, estimator: wanted, route } = options;
  if (isEstimated(net, { method, estimator: wanted, route }, `${call}(net, batch, { strength,`)) {
    // Checked with the other options of probes.
    const vectors = { samples: given as number | undefined, seed: held.seed };
    return heldObjective(
      net,
      batch,
      held,
      () => undefined,
      ({ combine }) =>
        (part) =>
          estimatedObjective(net, part, vectors, statistic, combine),
    );
  }
  const estimator = checkEstimator(wanted, route);
  const samples = checkSamples(given);
  requireBatch(batch);
  if (estimator === "unbiased") refuseSingleSamples(prepareSamples(net, batch).count, held.batchSize);
  const stream = randomStream(held.seed, "curvature samples");
  return heldObjective(
    net,
    batch,
    held,
    (memory) => (samples === "all" ? undefined : memory),
    ({ population, memory, combine }) =>
      (part) => {
        const loss = factoredLossOn(net, part, true);
        const draws = () => stream.stream(memory.step);
        return combine(loss, penaltyOf(sampledPart(loss, { samples, estimator, population, draws })));
      },
  );
}

/** tr H; tr H² is not computed. */
function tracePenalty(using: PartUse): Penalty {
  return momentPenalty(using, ({ contraction }) => {
    const value = contraction.trace();
    checkMoment("tr H", value);
    return { value, byTrace: 1, bySquare: 0 };
  });
}
