import { ArgumentError, describe, requireFunction, requireObject, requireOneOf } from "../errors.js";

/** The losses that may be named; `lossNames` lists them. */
export type LossName = "softmax-cross-entropy" | "sigmoid-cross-entropy" | "mean-squared-error" | "poisson";

/** A loss by its name, or one of the caller's own. */
export type LossChoice = LossName | Loss;

/**
 * A canonical loss ψ(u) − yᵀu (+ a term in y alone) of K logits: mean p = ∇ψ(u), residual r = p − y, curvature
 * S = ∇²ψ(u). Rows of length K start at `at` in flat memory. One of your own is passed where a name is, and `checkLoss`
 * compares its derivatives with differences.
 */
export interface Loss {
  readonly name: string;
  /** Whether a target is valid, and how to say what is. */
  readonly targets: {
    /** Whether the target of one sample is valid. */
    readonly admits: (y: Float64Array, at: number, outputs: number) => boolean;
    /** What a valid target is, for the message. */
    readonly expected: string;
  };
  /** Writes the mean p and the residual r = p − y, accurate also where p saturates; returns the loss of one sample. */
  evaluate(
    u: Float64Array,
    y: Float64Array,
    at: number,
    outputs: number,
    p: Float64Array,
    r: Float64Array,
  ): number;
  /** Writes S (K×K, row-major, symmetric) for the logits u and the mean p at `at`. */
  curvature(u: Float64Array, p: Float64Array, at: number, outputs: number, s: Float64Array): void;
  /** Adds to `pBar` (K) the derivative of ⟨sBar, S⟩ by p, for symmetric sBar (K×K); then u's adjoint is S·pBar. */
  curvatureAdjoint(
    p: Float64Array,
    at: number,
    outputs: number,
    sBar: Float64Array,
    pBar: Float64Array,
  ): void;
}

const everyTarget =
  (admits: (y: number) => boolean) =>
  (y: Float64Array, at: number, outputs: number): boolean => {
    for (let k = 0; k < outputs; k++) if (!admits(y[at + k])) return false;
    return true;
  };

/** A diagonal curvature S_kk = s(u_k, p_k). */
const diagonalCurvature =
  (s: (u: number, p: number) => number): Loss["curvature"] =>
  (u, p, at, outputs, out) => {
    out.fill(0, 0, outputs * outputs);
    for (let k = 0; k < outputs; k++) out[k * outputs + k] = s(u[at + k], p[at + k]);
  };

const diagonalAdjoint =
  (derivative: (p: number) => number): Loss["curvatureAdjoint"] =>
  (p, at, outputs, sBar, pBar) => {
    for (let k = 0; k < outputs; k++) pBar[k] += sBar[k * outputs + k] * derivative(p[at + k]);
  };

/** How far soft labels may miss a sum of 1. */
const LABEL_SUM_TOLERANCE = 1e-6;

const rules: { readonly [Name in LossName]: Omit<Loss, "name"> } = {
  "softmax-cross-entropy": {
    targets: {
      expected: "probabilities ≥ 0 that sum to 1",
      admits(y, at, outputs) {
        let sum = 0;
        for (let k = 0; k < outputs; k++) {
          if (!(y[at + k] >= 0)) return false;
          sum += y[at + k];
        }
        return Math.abs(sum - 1) <= LABEL_SUM_TOLERANCE;
      },
    },
    evaluate(u, y, at, outputs, p, r) {
      let top = 0;
      for (let k = 1; k < outputs; k++) if (u[at + k] > u[at + top]) top = k;
      const most = u[at + top];
      let others = 0; // Σ e^(u − most) without the largest term, which is 1
      let gap = 0;
      let labelSum = 0;
      for (let k = 0; k < outputs; k++) {
        const below = u[at + k] - most;
        const exponential = k === top ? 1 : Math.exp(below);
        if (k !== top) others += exponential;
        p[at + k] = exponential;
        // 0 · −∞ would be no number; and a difference may overflow where its share does not.
        if (below === Number.NEGATIVE_INFINITY) gap += y[at + k] * most - y[at + k] * u[at + k];
        else gap -= y[at + k] * below;
        labelSum += y[at + k];
      }
      const total = 1 + others;
      for (let k = 0; k < outputs; k++) {
        p[at + k] /= total;
        // Only the largest p can be near 1, where 1 − p would cancel.
        const complement = k === top ? others / total : 1 - p[at + k];
        r[at + k] = (1 - y[at + k]) * p[at + k] - y[at + k] * complement;
      }
      return Math.log1p(others) + gap + (1 - labelSum) * most;
    },
    curvature(_u, p, at, outputs, s) {
      for (let k = 0; k < outputs; k++) {
        for (let l = 0; l < k; l++) {
          const entry = -p[at + k] * p[at + l];
          s[k * outputs + l] = entry;
          s[l * outputs + k] = entry;
        }
        // p(1 − p) as p·Σ others, which does not cancel at p ≈ 1.
        let others = 0;
        for (let l = 0; l < outputs; l++) if (l !== k) others += p[at + l];
        s[k * outputs + k] = p[at + k] * others;
      }
    },
    curvatureAdjoint(p, at, outputs, sBar, pBar) {
      for (let k = 0; k < outputs; k++) {
        let product = 0;
        for (let l = 0; l < outputs; l++) product += sBar[k * outputs + l] * p[at + l];
        pBar[k] += sBar[k * outputs + k] - 2 * product;
      }
    },
  },
  "sigmoid-cross-entropy": {
    targets: { expected: "probabilities in [0, 1]", admits: everyTarget((y) => y >= 0 && y <= 1) },
    evaluate(u, y, at, outputs, p, r) {
      let loss = 0;
      for (let k = 0; k < outputs; k++) {
        const z = u[at + k];
        const target = y[at + k];
        const q = Math.exp(-Math.abs(z));
        const larger = 1 / (1 + q);
        const smaller = q / (1 + q);
        const mean = z >= 0 ? larger : smaller;
        p[at + k] = mean;
        r[at + k] = (1 - target) * mean - target * (z >= 0 ? smaller : larger);
        loss += (z >= 0 ? z * (1 - target) : -z * target) + Math.log1p(q);
      }
      return loss;
    },
    // p(1 − p), which would cancel at p ≈ 1.
    curvature: diagonalCurvature((u) => {
      const q = Math.exp(-Math.abs(u));
      return q / ((1 + q) * (1 + q));
    }),
    curvatureAdjoint: diagonalAdjoint((p) => 1 - 2 * p),
  },
  "mean-squared-error": {
    targets: { expected: "finite numbers", admits: everyTarget(Number.isFinite) },
    evaluate(u, y, at, outputs, p, r) {
      let squares = 0;
      for (let k = 0; k < outputs; k++) {
        p[at + k] = u[at + k];
        r[at + k] = u[at + k] - y[at + k];
        squares += r[at + k] * r[at + k];
      }
      return 0.5 * squares;
    },
    curvature: diagonalCurvature(() => 1),
    curvatureAdjoint: diagonalAdjoint(() => 0),
  },
  poisson: {
    targets: { expected: "counts or rates ≥ 0", admits: everyTarget((y) => y >= 0 && Number.isFinite(y)) },
    evaluate(u, y, at, outputs, p, r) {
      let loss = 0;
      for (let k = 0; k < outputs; k++) {
        p[at + k] = Math.exp(u[at + k]);
        r[at + k] = p[at + k] - y[at + k];
        loss += p[at + k] - y[at + k] * u[at + k];
      }
      return loss;
    },
    curvature: diagonalCurvature((_u, p) => p),
    curvatureAdjoint: diagonalAdjoint(() => 1),
  },
};

/** The losses a network can be made with. */
export const lossNames = Object.keys(rules) as readonly LossName[];

const table = new Map(lossNames.map((name): [LossName, Loss] => [name, { name, ...rules[name] }]));

/** The loss of that name, or the caller's own. @throws ArgumentError for an unknown or an incomplete one */
export function loss(given: LossChoice): Loss {
  if (given === null || typeof given !== "object")
    return table.get(requireOneOf("loss", given, lossNames)) as Loss;
  const next = "a loss of your own is { name, targets, evaluate, curvature, curvatureAdjoint }";
  if (typeof given.name !== "string")
    throw new ArgumentError({ expected: "loss.name to be a string", got: describe(given.name), next });
  requireObject("loss.targets", given.targets, "{ admits, expected }");
  requireFunction("loss.targets.admits", given.targets.admits, next);
  for (const part of ["evaluate", "curvature", "curvatureAdjoint"] as const)
    requireFunction(`loss.${part}`, given[part], next);
  return given;
}
