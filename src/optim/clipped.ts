import {
  ArgumentError,
  describe,
  inMaker,
  requireFinite,
  requireFiniteValue,
  requireNumber,
} from "../errors.js";
import { requireOptions } from "../options.js";
import { scale } from "../tensor/elementwise.js";
import { norm } from "../tensor/reduce.js";
import { asObjective, derivedObjective, type Objective } from "./objective.js";

/** One of the two. */
export interface ClipOptions {
  /** c > 0: g becomes g·min(1, c/(‖g‖ + 1e-6)), as PyTorch's clip_grad_norm_. */
  readonly norm?: number | undefined;
  /** c > 0: every entry is clipped to [−c, c], as PyTorch's clip_grad_value_. */
  readonly value?: number | undefined;
}

/**
 * An objective whose gradients are clipped, for any optimizer. The order is PyTorch's: the gradient (penalties that the
 * objective adds included), the clip, then what the optimizer does: weight decay, momentum, the step. So decay is not
 * clipped; and where an optimizer takes several gradients a step, as SAM does, each one is. For both clips, nest two:
 * the inner one comes first.
 *
 * Values and H·v are those of the objective, unclipped. The norms that steps report, and `minimize`'s tolerance, are
 * those of the clipped gradient: choose a tolerance below the clip.
 * @throws ArgumentError unless exactly one clip is given, and > 0; in an evaluation NonFiniteError
 * @example
 * import { objectiveOf } from "flatward";
 * import { clipped } from "flatward/optim";
 * const steep = objectiveOf(1, ([x]) => ({ value: 50 * x * x, gradient: Float64Array.of(100 * x) }));
 * const { value, gradient } = clipped(steep, { value: 1 }).valueAndGradient(Float64Array.of(2));
 * console.log(value, gradient[0]); // → 200 1
 */
export function clipped(of: Objective, options: ClipOptions): Objective {
  return inMaker("clipped", () => {
    const objective = asObjective(of);
    requireOptions(options, ["norm", "value"], "{ norm } or { value }");
    const clip = clipOf(options);
    return derivedObjective(objective, {
      value: (theta) => objective.value(theta),
      gradient: (theta) => clip(objective.gradient(theta)),
      valueAndGradient(theta) {
        const { value, gradient } = objective.valueAndGradient(theta);
        return { value, gradient: clip(gradient) };
      },
      hessianVectorProduct: (product) => product,
      hessianAt: (product) => product,
    });
  });
}

function clipOf(options: ClipOptions): (gradient: Float64Array) => Float64Array {
  const { norm: longest, value: largest } = options;
  if ((longest === undefined) === (largest === undefined)) {
    throw new ArgumentError({
      expected: "one of { norm } and { value }",
      got: describe(options),
      next: "for both, nest two",
    });
  }
  if (largest !== undefined) {
    requireNumber("value", largest, { above: 0 });
    return (gradient) => {
      // A clipped infinity would pass for a gradient.
      requireFinite("the gradient", gradient);
      for (let i = 0; i < gradient.length; i++)
        gradient[i] = Math.min(Math.max(gradient[i], -largest), largest);
      return gradient;
    };
  }
  const limit = requireNumber("norm", longest, { above: 0 });
  return (gradient) => {
    requireFinite("the gradient", gradient);
    const coefficient = limit / (requireFiniteValue("the gradient's norm", norm(gradient)) + 1e-6);
    if (coefficient < 1) scale(gradient, coefficient);
    return gradient;
  };
}
