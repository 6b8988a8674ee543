import { ArgumentError, describe, requireInteger, requireObject, ShapeError } from "../errors.js";
import type { ParameterBlock } from "../nn/layout.js";
import { sizeOf } from "../tensor/view.js";

/** The tensors of theta, in order and without gaps: the `layout` of every network. */
export type ParameterLayout = readonly ParameterBlock[];

/** @throws ArgumentError, ShapeError unless the tensors follow one another and fill `size` entries */
export function checkLayout(layout: ParameterLayout | undefined, size: number): ParameterLayout {
  if (!Array.isArray(layout) || layout.length === 0) {
    throw new ArgumentError({
      expected: "layout to be a list of { name, shape, offset }",
      got: describe(layout),
      next: "pass the network's own: net.layout",
    });
  }
  let end = 0;
  for (const tensor of layout as ParameterLayout) {
    requireObject("a tensor of layout", tensor, "{ name, shape, offset }");
    const { name, shape, offset } = tensor;
    if (!Array.isArray(shape)) {
      throw new ArgumentError({
        expected: `the shape of ${name} to be an array`,
        got: describe(shape),
      });
    }
    for (const extent of shape) requireInteger(`an extent of ${name}`, extent, 1);
    if (offset !== end) {
      throw new ShapeError({ expected: `${name} to begin at ${end}`, got: describe(offset) });
    }
    end += sizeOf(shape);
  }
  if (end === size) return layout;
  throw new ShapeError({ expected: `a layout of ${size} parameters`, got: `${end}` });
}
