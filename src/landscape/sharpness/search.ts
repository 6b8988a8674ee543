import { requireInteger, requireNumber } from "../../errors.js";
import { lanczos } from "../../linalg/krylov/lanczos.js";
import type { Operator } from "../../linalg/operator.js";
import type { IterationStatus } from "../../linalg/result.js";
import { fillNormal } from "../../linalg/vectors.js";
import type { Objective } from "../../optim/objective.js";
import { randomStream } from "../../random.js";
import { maxAbs } from "../../tensor/reduce.js";
import type { ExtremeEigenvalue } from "../curvature-summary.js";
import { checkPoint, hessianByScales } from "../hessian-at.js";
import { type NormalizationOptions, parameterScales } from "../scales.js";
import { type Ascent, type AscentStatus, ascend, FULL_STEP, SMALL_STEP, scaledLoss } from "./ascent.js";
import type { Region } from "./region.js";

/** The region in which the largest loss is looked for, and how hard. */
export interface AscentOptions {
  /** ε or ρ > 0: how far from θ. */
  readonly radius: number;
  /** Random starts, inside the region and on its edge in turn, beside θ and what gradient and curvature suggest, ≥ 0. Default 3. */
  readonly restarts?: number | undefined;
  /** The gap to reach, relative to the rise, ≥ 0. Default 1e-8. */
  readonly tolerance?: number | undefined;
  /** The most steps of one ascent, ≥ 1. Default 200. */
  readonly maxIterations?: number | undefined;
  /** Seed of random starts and vectors. Default 0. */
  readonly seed?: number | undefined;
}

export const ascentOptions = ["radius", "restarts", "tolerance", "maxIterations", "seed"] as const;

/**
 * Where an ascent began: at θ, the maximum of the second-order model, as far as the region goes along ± the top eigenvector or
 * the gradient, or a random point.
 */
export type AscentStart = "theta" | "model" | "eigenvector" | "-eigenvector" | "gradient" | "random";

/** One ascent: where it started, how far it rose, and why it ended. */
export interface AscentReport {
  readonly start: AscentStart;
  /** L − L(θ) at the start and at the end. */
  readonly from: number;
  readonly to: number;
  /** max ⟨∇L, y − δ⟩ over the region at the end: what is promised still, to first order. */
  readonly gap: number;
  readonly iterations: number;
  readonly status: AscentStatus;
}

/** The highest point found around θ. */
export interface Sharpness {
  /** L(θ + δ) − L(θ) ≥ 0: a lower bound of the maximum, and the maximum where one of the ascents found it. */
  readonly value: number;
  /** (n), in the region. */
  readonly delta: Float64Array;
  /** L(θ). */
  readonly loss: number;
  /** One for each start. */
  readonly ascents: readonly AscentReport[];
  /** Of the ascent that got highest; where none rose, of that from θ, and "converged" where the gradient is 0. */
  readonly status: AscentStatus;
  /** The largest eigenvalue of the Hessian in the region's coordinates, whose eigenvector is a start, by Lanczos. */
  readonly largest: TopEigenvalue;
  /** Evaluations of value and gradient. */
  readonly gradients: number;
  /** Products H·v. */
  readonly products: number;
}

/** Converged or not, some eigenvalue is as near as the residual says. */
export interface TopEigenvalue extends ExtremeEigenvalue {
  readonly status: IterationStatus;
}

/** The neighbourhood of θ in the coordinates z of θ + Tz. */
interface Neighbourhood {
  readonly radius: number;
  /** L(θ). */
  readonly loss: number;
  /** (n), at z = 0. */
  readonly gradient: Float64Array;
  readonly hessian: Operator;
  /** The largest eigenvalue of `hessian`. */
  readonly largest: TopEigenvalue;
  /** (n): its unit eigenvector. */
  readonly top: Float64Array;
  /** Climbs from a suggested point, moved into the region, and from those that gradient, eigenvector and seed suggest. */
  search(region: Region, suggested?: Float64Array): Sharpness;
}

/** Of the top eigenvector; its value errs by the square of it. */
const EIGENVECTOR_TOLERANCE = 1e-6;

/** @param draws names the stream of random starts @throws ArgumentError, ShapeError, NonFiniteError */
export function neighbourhoodOf(
  objective: Objective,
  theta: Float64Array,
  options: AscentOptions,
  normalization: NormalizationOptions,
  draws: string,
): Neighbourhood {
  const { restarts = 3, tolerance = 1e-8, maxIterations = 200, seed = 0 } = options;
  const radius = requireNumber("radius", options.radius, { above: 0 });
  requireInteger("restarts", restarts, 0);
  requireNumber("tolerance", tolerance, { atLeast: 0 });
  requireInteger("maxIterations", maxIterations, 1);
  requireInteger("seed", seed, 0);
  const at = checkPoint(objective, theta);
  const scales = parameterScales(at, normalization, "norm");
  const hessian = hessianByScales(objective, at, scales);

  const { size } = objective;
  const nearby = scaledLoss(objective, at, scales);
  const { value: loss, gradient } = nearby.valueAndGradient(new Float64Array(size));
  const found = lanczos(hessian, { tolerance: EIGENVECTOR_TOLERANCE, seed, certify: false });
  const largest = { value: found.values[0], residual: found.residuals[0], status: found.status };
  const top = found.vectors.data;

  const starts = (region: Region, suggested?: Float64Array): [AscentStart, Float64Array, step: number][] => {
    const list: [AscentStart, Float64Array, number][] = [];
    if (suggested) {
      region.project(suggested);
      list.push(["model", suggested, FULL_STEP]);
    }
    list.push(["eigenvector", region.farthest(top), FULL_STEP]);
    list.push(["-eigenvector", region.farthest(top.map((entry) => -entry)), FULL_STEP]);
    if (maxAbs(gradient) > 0) {
      list.push(["gradient", region.farthest(gradient), FULL_STEP]);
      list.push(["theta", new Float64Array(size), SMALL_STEP]);
    }
    const stream = randomStream(seed, draws);
    for (let i = 0; i < restarts; i++) {
      const direction = new Float64Array(size);
      fillNormal(direction, stream);
      const edge = region.farthest(direction);
      // Starts at the edge alone would see no maximum inside.
      const share = stream.uniform();
      if (i % 2 === 0) list.push(["random", edge.map((entry) => share * entry), SMALL_STEP]);
      else list.push(["random", edge, FULL_STEP]);
    }
    return list;
  };

  return {
    radius,
    loss,
    gradient,
    hessian,
    largest,
    top,
    search(region, suggested) {
      let best: Ascent | undefined;
      const ascents = starts(region, suggested).map(([start, z, step]): AscentReport => {
        const ascent = ascend(nearby, region, z, step, loss, tolerance, maxIterations);
        if (ascent.value > (best?.value ?? loss)) best = ascent;
        const { from, value, gap, iterations, status } = ascent;
        return { start, from: from - loss, to: value - loss, gap, iterations, status };
      });
      return {
        value: best === undefined ? 0 : best.value - loss,
        delta: scales.map((scale, i) => (best === undefined ? 0 : scale * best.point[i])),
        loss,
        ascents,
        status: (best ?? ascents.find(({ start }) => start === "theta"))?.status ?? "converged",
        largest,
        gradients: nearby.count,
        products: found.products,
      };
    },
  };
}
