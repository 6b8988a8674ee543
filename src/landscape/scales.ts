import { requireNumber, requireOneOf } from "../errors.js";
import { checkLayout, type ParameterLayout } from "../nn/layout.js";
import { norm } from "../tensor/reduce.js";
import { sizeOf } from "../tensor/view.js";

/**
 * What a perturbation is measured against: nothing ("none"), or the size of all parameters ("network"), of each tensor
 * of the layout ("layer": weights and biases each by themselves), of each row of a tensor ("filter": the weights into
 * one unit or channel; biases one by one), or of each parameter ("element").
 */
export type Normalization = "none" | "network" | "layer" | "filter" | "element";

const normalizations: readonly Normalization[] = ["none", "network", "layer", "filter", "element"];

/** Relative to which sizes of parameters a measure is taken. */
export interface NormalizationOptions {
  /** Each function tells its default. */
  readonly normalization?: Normalization | undefined;
  /** Which parameters are a tensor: needed for "layer" and "filter". */
  readonly layout?: ParameterLayout | undefined;
  /** η ≥ 0, added to every size. Any but 0 spoils the invariance to scale. Default 0. */
  readonly offset?: number | undefined;
}

export const normalizationOptions = ["normalization", "layout", "offset"] as const;

/**
 * How the size of a group of parameters is taken. A length ‖T⁻¹δ‖ relative to norms is a relative length; sums over
 * coordinates want root mean squares, for which Σ T_i² = ‖θ‖² whatever the groups, without an offset.
 */
type GroupSize = "norm" | "root-mean-square";

/** The diagonal T (n) of δ = Tz: the size of the group that each parameter belongs to; all 1 for "none". */
export function parameterScales(
  theta: Float64Array,
  options: NormalizationOptions,
  size: GroupSize,
): Float64Array {
  const { normalization = "none", layout, offset = 0 } = options;
  requireOneOf("normalization", normalization, normalizations);
  requireNumber("offset", offset, { atLeast: 0 });
  const scales = new Float64Array(theta.length).fill(1);
  if (normalization === "none") return scales;
  forEachGroup(normalization, layout, theta.length, (from, to) => {
    const length = norm(theta.subarray(from, to));
    scales.fill((size === "norm" ? length : length / Math.sqrt(to - from)) + offset, from, to);
  });
  return scales;
}

/** Calls `visit` with the range of every group. */
function forEachGroup(
  normalization: Normalization,
  layout: ParameterLayout | undefined,
  size: number,
  visit: (from: number, to: number) => void,
): void {
  if (normalization === "network") {
    visit(0, size);
    return;
  }
  if (normalization === "element") {
    for (let at = 0; at < size; at++) visit(at, at + 1);
    return;
  }
  for (const { shape, offset } of checkLayout(layout, size)) {
    const count = sizeOf(shape);
    // A bias has one entry a unit: its rows are single numbers.
    const width = normalization === "layer" ? count : count / (shape[0] ?? 1);
    for (let at = offset; at < offset + count; at += width) visit(at, at + width);
  }
}
