import { ArgumentError, describe, requireInteger, requireObject, ShapeError } from "../errors.js";
import { sizeOf } from "../tensor/view.js";

/** Where one parameter tensor lies in theta. */
export interface ParameterTensor {
  readonly name: string;
  /** Rows first: (outputs, inputs) of a dense layer, (channels out, channels in, height, width) of a convolution. */
  readonly shape: readonly number[];
  readonly offset: number;
}

/** The tensors of theta, in order and without gaps: the `layout` of every network here. */
export type ParameterLayout = readonly ParameterTensor[];

/** @throws ArgumentError, ShapeError unless the tensors follow one another and fill `size` entries */
export function checkLayout(
  where: string,
  layout: ParameterLayout | undefined,
  size: number,
): ParameterLayout {
  if (!Array.isArray(layout) || layout.length === 0) {
    throw new ArgumentError({
      where,
      expected: "layout to be a list of { name, shape, offset }",
      got: describe(layout),
      next: "pass the network's own: net.layout",
    });
  }
  let end = 0;
  for (const tensor of layout as ParameterLayout) {
    requireObject(where, "a tensor of layout", tensor, "{ name, shape, offset }");
    const { name, shape, offset } = tensor;
    if (!Array.isArray(shape)) {
      throw new ArgumentError({
        where,
        expected: `the shape of ${name} to be an array`,
        got: describe(shape),
      });
    }
    for (const extent of shape) requireInteger(where, `an extent of ${name}`, extent, 1);
    if (offset !== end) {
      throw new ShapeError({ where, expected: `${name} to begin at ${end}`, got: describe(offset) });
    }
    end += sizeOf(shape);
  }
  if (end === size) return layout;
  throw new ShapeError({ where, expected: `a layout of ${size} parameters`, got: `${end}` });
}
