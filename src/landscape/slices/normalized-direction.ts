import { inFunction, requireFinite, requireNumber, requireOneOf, requireVector } from "../../errors.js";
import { checkLayout, type ParameterLayout } from "../../nn/layout.js";
import { optionsOf } from "../../options.js";
import { norm } from "../../tensor/reduce.js";
import { sizeOf } from "../../tensor/view.js";

/**
 * To what length a direction is scaled: every filter (first index of a tensor with two or more) to that of theta's
 * filter, every tensor to that of theta's, the whole to ‖theta‖, or the whole to 1.
 */
export type DirectionNormalization = "filter" | "layer" | "network" | "unit";

const directionNormalizations: readonly DirectionNormalization[] = ["filter", "layer", "network", "unit"];

/** How a direction is scaled to the parameters. */
export interface DirectionNormalizationOptions {
  /** Default "filter". */
  readonly normalization?: DirectionNormalization | undefined;
  /**
   * What "filter" and "layer" make of biases and other vectors of parameters: 0 (default, as Li et al. do), or scaled as
   * a whole to the norm of theta's vector.
   */
  readonly vectors?: "zero" | "normalize" | undefined;
}

/**
 * A direction (n) scaled to the parameters theta (n) around which it is used, so that slices of networks whose weights
 * differ in scale only are the same. What is 0 in a filter of the direction or has norm 0 in theta, becomes or stays 0.
 * @param layout the network's
 * @returns a new vector; neither argument is changed
 * @throws ArgumentError, ShapeError, NonFiniteError
 * Li, Xu, Taylor, Studer & Goldstein 2018, Section 4.
 * @example
 * import { threeLayerNet } from "flatward";
 * import { normalizedDirection } from "flatward/landscape";
 * const net = threeLayerNet({ inputs: 2, hidden: 1, outputs: 1, bias: false, loss: "mean-squared-error" });
 * const theta = Float64Array.of(3, 4, 2); // W1 = (3, 4), W2 = (2)
 * // Every filter of the direction gets the length of theta's.
 * console.log(Array.from(normalizedDirection(Float64Array.of(1, 0, 7), theta, net.layout))); // → [ 5, 0, 2 ]
 */
export function normalizedDirection(
  direction: Float64Array,
  theta: Float64Array,
  layout: ParameterLayout,
  options: DirectionNormalizationOptions = {},
): Float64Array {
  return inFunction("normalizedDirection", () => {
    const { normalization = "filter", vectors = "zero" } = optionsOf(options, ["normalization", "vectors"]);
    requireOneOf("normalization", normalization, directionNormalizations);
    requireOneOf("vectors", vectors, ["zero", "normalize"]);
    requireVector("theta", theta?.length, theta);
    requireVector("direction", theta.length, direction);
    requireFinite("theta", theta);
    requireFinite("direction", direction);
    requireNumber("the direction's length", norm(direction));

    const out = direction.slice();
    if (normalization === "unit") scaleTo(out, 1);
    else if (normalization === "network") scaleTo(out, norm(theta));
    else {
      for (const { shape, offset } of checkLayout(layout, theta.length)) {
        const count = sizeOf(shape);
        const isVector = shape.length < 2;
        const width = isVector || normalization === "layer" ? count : count / shape[0];
        for (let at = offset; at < offset + count; at += width) {
          const length = isVector && vectors === "zero" ? 0 : norm(theta.subarray(at, at + width));
          scaleTo(out.subarray(at, at + width), length);
        }
      }
    }
    return out;
  });
}

/** Gives a vector another length, in place; a vector of 0 stays one. */
function scaleTo(v: Float64Array, length: number): void {
  const own = norm(v);
  if (own === 0 || length === 0) {
    v.fill(0);
    return;
  }
  for (let i = 0; i < v.length; i++) v[i] = length * (v[i] / own);
}
