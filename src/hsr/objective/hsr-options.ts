import { ArgumentError, describe, requireInteger, requireNumber, requireOneOf } from "../../errors.js";
import type { Network } from "../../nn/network.js";
import { checkStrength, type PenaltyOptions } from "../../optim/penalized.js";
import { requireOptions } from "../../options.js";
import { requireSeveralParameters } from "../bound-slopes.js";
import { checkRoute, type Route, type RouteOptions } from "../contraction/route.js";
import { isEstimated, type MethodOptions, probeOptions } from "../estimates/method.js";
import { checkEstimator, checkSamples, type Estimator } from "../sampling/sampling.js";
import type { DirectionScaling } from "./forms.js";

/** How the bound enters: as a term of the sum, as a direction of fixed length, or on steps of its own. */
export type HsrForm = "added" | "unit-direction" | "alternating";

/** How strongly `hsrObjective` lowers the bound, in which form, and at what cost. */
export interface HsrOptions extends RouteOptions, Pick<MethodOptions, "method"> {
  /**
   * Weight of the bound, or length of its direction, ≥ 0. 0 is the plain loss, but for the steps of "alternating". To be left
   * out only with a `targetSharpness`, of which it is the most that the weight may become; default any.
   */
  readonly strength?: number | undefined;
  /**
   * Of "added" alone: what B shall be at most, > 0. The weight rises while B is above, by as much, and falls while it is
   * below; the clip sets how far it can rise. Needs a clip, and `every` ≥ 2.
   */
  readonly targetSharpness?: number | undefined;
  /** Default "added". */
  readonly form?: HsrForm | undefined;
  /** Of "unit-direction" alone: what the direction's length is relative to. Default "none": 1. */
  readonly scaling?: DirectionScaling | undefined;
  /** Of "alternating" alone: every so many steps, ≥ 2, one descends the bound. Default 2. */
  readonly period?: number | undefined;
  /**
   * Of "added" alone: the longest that the bound's part of the gradient may be, in lengths of ∇L, > 0, or "none" for any.
   * Default 1, with a `targetSharpness` 0.5, and "none" where every step has the bound of all its samples.
   */
  readonly clip?: number | "none" | undefined;
  /**
   * For how many steps ∇B is held, ≥ 1; not of "alternating". 1: every evaluation has its own. Default: so many that they
   * take, by count, at least as long as ∇B, and 10 or more.
   */
  readonly every?: number | undefined;
  /**
   * From about how many samples of a step, ≥ 2, B and ∇B are computed; they are drawn by their curvature. Default 8, or 16,
   * 32, 64, … where these add at most half a gradient to a step, by count; of "alternating" "all". With method "estimate":
   * how many random vectors, ≥ 2, default 2, of "alternating" 10.
   */
  readonly samples?: number | "all" | undefined;
  /** Samples of a step, in mini-batches as `minibatches` has them. Default: all, in every step. */
  readonly batchSize?: number | undefined;
  /** Seed of mini-batches, drawn samples and random vectors, an integer ≥ 0. Default 0. */
  readonly seed?: number | undefined;
  /** Of the closed form: "unbiased" is for the bound of all samples, "plain" for that of a step's. Default "plain". */
  readonly estimator?: Estimator | undefined;
}

const VECTORS = 2;

const forms: readonly HsrForm[] = ["added", "unit-direction", "alternating"];
const scalings: readonly DirectionScaling[] = ["none", "loss-gradient"];

const names = [
  "strength",
  "targetSharpness",
  "route",
  "form",
  "scaling",
  "period",
  "clip",
  "every",
  "samples",
  "batchSize",
  "seed",
  "estimator",
  "method",
] as const;

/** Options of one method or the other; of the defaults, those that depend on the samples are still open. */
export interface CheckedHsrOptions {
  readonly strength: number;
  readonly targetSharpness: number | undefined;
  readonly form: HsrForm;
  readonly scaling: DirectionScaling;
  readonly period: number;
  readonly clip: number | "none" | undefined;
  readonly every: number | undefined;
  readonly batchSize: number | undefined;
  readonly seed: number;
  readonly bound: BoundMethod<number | "all" | undefined>;
}

/** How B is computed. @typeParam Samples of the closed form */
export type BoundMethod<Samples> =
  | {
      readonly method: "closed-form";
      readonly samples: Samples;
      readonly estimator: Estimator;
      readonly route: Route;
    }
  | { readonly method: "estimate"; readonly samples: number };

/** @throws ArgumentError */
export function checkHsrOptions(net: Network, options: HsrOptions): CheckedHsrOptions {
  requireOptions(options, names, "at least { strength } or { targetSharpness }");
  const { targetSharpness } = options;
  if (targetSharpness !== undefined) requireNumber("targetSharpness", targetSharpness, { above: 0 });
  const limitless = targetSharpness !== undefined && options.strength === undefined;
  const strength = limitless ? Number.MAX_VALUE : checkStrength(options as PenaltyOptions);
  const { form = "added", scaling = "none", period = 2, clip, every, batchSize, seed = 0 } = options;
  requireOneOf("form", form, forms);
  refuseForeign("scaling", options.scaling, form, ["unit-direction"]);
  refuseForeign("targetSharpness", targetSharpness, form, ["added"]);
  refuseForeign("period", options.period, form, ["alternating"]);
  refuseForeign("every", every === 1 ? undefined : every, form, ["added", "unit-direction"]);
  requireOneOf("scaling", scaling, scalings);
  requireInteger("period", period, 2, "1 would leave the loss no step");
  refuseForeign("clip", clip === "none" ? undefined : clip, form, ["added"]);
  if (typeof clip === "string") requireOneOf("clip", clip, ["none"]);
  else if (clip !== undefined) requireNumber("clip", clip, { above: 0 });
  if (every !== undefined) requireInteger("every", every, 1);
  if (batchSize !== undefined) requireInteger("batchSize", batchSize, 1);
  requireInteger("seed", seed, 0);
  if (targetSharpness !== undefined && (clip === "none" || every === 1)) {
    throw new ArgumentError({
      expected: `${clip === "none" ? "a clip" : "every of at least 2"} with a targetSharpness`,
      got: clip === "none" ? 'clip "none"' : "every 1",
      next: "leave it out: the weight is set anew with every direction, and the clip sets how large it can be",
    });
  }
  return {
    strength,
    targetSharpness,
    form,
    scaling,
    period,
    clip,
    every,
    seed,
    batchSize,
    bound: boundOf(net, options, form === "alternating"),
  };
}

/** @param exact whether it is of all samples, where nothing is said */
function boundOf(net: Network, options: HsrOptions, exact: boolean): CheckedHsrOptions["bound"] {
  const { method, samples } = options;
  const { estimator: given, route: wanted } = options;
  const call = "hsrObjective(net, batch, { strength,";
  const estimated = isEstimated(net, { method, estimator: given, route: wanted }, call);
  requireSeveralParameters(net.size);
  if (estimated) {
    return { method: "estimate", ...probeOptions({ samples: samples as number }, exact ? 10 : VECTORS) };
  }
  const route = checkRoute(wanted);
  const estimator = checkEstimator(given, route);
  const of = samples === undefined && !exact ? undefined : checkSamples(samples);
  return { method: "closed-form", samples: of, estimator, route };
}

function refuseForeign(name: string, option: unknown, form: HsrForm, owners: readonly HsrForm[]): void {
  if (option === undefined || owners.includes(form)) return;
  throw new ArgumentError({
    expected: `no ${name} with form "${form}"`,
    got: describe(option),
    next: `it belongs to form: ${owners.map((owner) => `"${owner}"`).join(" or ")}`,
  });
}
