import { requireInteger, requireNumber } from "../errors.js";
import { lanczos } from "../linalg/lanczos.js";
import type { LinearOperator } from "../linalg/operator.js";
import { fillNormal } from "../linalg/vectors.js";
import type { Objective } from "../optim/objective.js";
import { randomStream } from "../random.js";
import { maxAbs } from "../tensor/reduce.js";
import { type Ascent, type AscentStatus, ascend } from "./ascent.js";
import { checkPoint, hessianByScales } from "./hessian-at.js";
import { hillAround } from "./hill.js";
import type { Region } from "./region.js";
import { type NormalizationOptions, parameterScales } from "./scales.js";

export interface AscentOptions {
  /** ε or ρ > 0: how far from θ. */
  readonly radius: number;
  /** Random starts, beside those that gradient and curvature suggest, ≥ 0. Default 3. */
  readonly restarts?: number;
  /** The gap to reach, relative to the rise, ≥ 0. Default 1e-8. */
  readonly tolerance?: number;
  /** The most steps of one ascent, ≥ 1. Default 200. */
  readonly maxIterations?: number;
  /** Of random starts and vectors. Default 0. */
  readonly seed?: number;
}

/** Where an ascent began: a summit of the second-order model, ± the top eigenvector, the gradient, or a random point. */
export type AscentStart = "model" | "eigenvector" | "-eigenvector" | "gradient" | "random";

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
  /** Of the ascent that got highest; "converged" where θ itself is highest. */
  readonly status: AscentStatus;
  /** Evaluations of value and gradient. */
  readonly gradients: number;
  /** Products H·v. */
  readonly products: number;
}

/** The surroundings of θ in the coordinates z of θ + Tz. */
export interface Surroundings {
  readonly radius: number;
  /** L(θ). */
  readonly loss: number;
  /** (n), at z = 0. */
  readonly gradient: Float64Array;
  readonly hessian: LinearOperator;
  /** The largest eigenvalue of `hessian`, and its unit eigenvector. */
  readonly top: { readonly value: number; readonly vector: Float64Array; readonly products: number };
  /** Climbs from a suggested point, moved into the region, and from those that gradient, eigenvector and seed suggest. */
  search(region: Region, suggested?: Float64Array): Sharpness;
}

/** Of the top eigenvector; its value errs by the square of it. */
const EIGENVECTOR_TOLERANCE = 1e-6;

/** @throws ArgumentError, ShapeError, NonFiniteError */
export function surroundingsOf(
  where: string,
  objective: Objective,
  theta: Float64Array,
  options: AscentOptions,
  normalization: NormalizationOptions,
): Surroundings {
  const { restarts = 3, tolerance = 1e-8, maxIterations = 200, seed = 0 } = options;
  const radius = requireNumber(where, "radius", options.radius, { above: 0 });
  requireInteger(where, "restarts", restarts, 0);
  requireNumber(where, "tolerance", tolerance, { atLeast: 0 });
  requireInteger(where, "maxIterations", maxIterations, 1);
  requireInteger(where, "seed", seed, 0);
  const at = checkPoint(where, objective, theta);
  const scales = parameterScales(where, at, normalization, "norm");
  const hessian = hessianByScales(where, objective, at, scales);

  const { size } = objective;
  const hill = hillAround(where, objective, at, scales);
  const { value: loss, gradient } = hill.valueAndGradient(new Float64Array(size));
  const found = lanczos(hessian, { tolerance: EIGENVECTOR_TOLERANCE, seed });
  const top = { value: found.values[0], vector: found.vectors.data, products: found.products };

  const starts = (region: Region, suggested?: Float64Array): [AscentStart, Float64Array][] => {
    const list: [AscentStart, Float64Array][] = [];
    if (suggested) {
      region.project(suggested);
      list.push(["model", suggested]);
    }
    list.push(["eigenvector", region.farthest(top.vector)]);
    list.push(["-eigenvector", region.farthest(top.vector.map((entry) => -entry))]);
    if (maxAbs(gradient) > 0) list.push(["gradient", region.farthest(gradient)]);
    const stream = randomStream(seed, where);
    for (let i = 0; i < restarts; i++) {
      const direction = new Float64Array(size);
      fillNormal(direction, stream);
      list.push(["random", region.farthest(direction)]);
    }
    return list;
  };

  return {
    radius,
    loss,
    gradient,
    hessian,
    top,
    search(region, suggested) {
      let best: Ascent | undefined;
      const ascents = starts(region, suggested).map(([start, z]): AscentReport => {
        const ascent = ascend(hill, region, z, loss, tolerance, maxIterations);
        if (ascent.value > (best?.value ?? loss)) best = ascent;
        const { from, value, gap, iterations, status } = ascent;
        return { start, from: from - loss, to: value - loss, gap, iterations, status };
      });
      return {
        value: best === undefined ? 0 : best.value - loss,
        delta: scales.map((scale, i) => (best === undefined ? 0 : scale * best.point[i])),
        loss,
        ascents,
        status: best?.status ?? "converged",
        gradients: hill.count,
        products: top.products,
      };
    },
  };
}
