import { ArgumentError } from "../errors.js";
import {
  addToSelected,
  largestInWindows,
  meanOfSelected,
  type Selection,
  selectLargest,
} from "../tensor/pooling.js";
import { sizeOf, type Tensor, zeros } from "../tensor/view.js";
import { slidingWindows, type Windows } from "../tensor/windows.js";
import { div } from "./arithmetic.js";
import { conv2d } from "./convolution.js";
import { linear } from "./linear.js";
import { reshape } from "./shape.js";
import { apply, type Operation } from "./trace.js";
import { type Operand, untraced, type Value } from "./value.js";
import { framedImages, type WindowOptions } from "./windows.js";

/** A selection from images, for results of a shape. */
export interface Selected extends Selection {
  readonly images: readonly number[];
  readonly results: readonly number[];
}

/** Linear, and each other's transpose. */
const selections: Readonly<Record<"meanOfSelected" | "addToSelected", Operation<Selected>>> = {
  meanOfSelected: linear<Selected>(
    "meanOfSelected",
    (images, selected) => {
      const out = zeros(selected.results);
      meanOfSelected(out.data, images.data, selected);
      return out;
    },
    (adjoint, _shape, selected) => apply(selections.addToSelected, [adjoint], selected),
  ),
  addToSelected: linear<Selected>(
    "addToSelected",
    (results, selected) => {
      const out = zeros(selected.images);
      addToSelected(out.data, results.data, selected);
      return out;
    },
    (adjoint, _shape, selected) => apply(selections.meanOfSelected, [adjoint], selected),
  ),
};

const maxPool: Operation<Windows> = {
  name: "maxPool2d",
  run: ([images], windows) => {
    const [batch, channels] = images.shape;
    const out = zeros([batch, channels, windows.down, windows.across]);
    largestInWindows(out.data, images.data, windows);
    return out;
  },
  jvp: ([tangent], [images], largest, windows) =>
    apply(selections.meanOfSelected, [tangent as Value], largestOf(images, largest, windows)),
  vjp: (_index, adjoint, [images], largest, windows) =>
    apply(selections.addToSelected, [adjoint], largestOf(images, largest, windows)),
};

export const poolingOperations = { maxPool2d: maxPool, ...selections };

/** Where the largest elements stand, by the result that holds them: all rules of all traces need the same. */
const known = new WeakMap<Tensor, Selected>();

function largestOf(images: Value, largest: Value, windows: Windows): Selected {
  const [input, output] = [untraced(images), untraced(largest)];
  let selected = known.get(output);
  if (selected === undefined) {
    selected = {
      ...selectLargest(input.data, output.data, windows),
      images: input.shape,
      results: output.shape,
    };
    known.set(output, selected);
  }
  return selected;
}

/** Every channel as an image of its own: pooling does not mix them. */
function planesOf([batch, channels, rows, columns]: readonly number[]): number[] {
  return [batch * channels, 1, rows, columns];
}

/**
 * Largest pixel of every size×size window; stride defaults to the size. Ties share the derivative equally.
 * @param images (N,C,H,W) @throws ShapeError, ArgumentError (no padding: a zero could win)
 */
export function maxPool2d(
  images: Operand,
  size: number,
  { stride = size, padding }: WindowOptions = {},
): Value {
  if (padding) throw new ArgumentError({ where: "maxPool2d", expected: "no padding", got: String(padding) });
  const value = framedImages("maxPool2d", images, size, size, stride, 0);
  return apply(maxPool, [value], slidingWindows(planesOf(value.shape), size, size, stride));
}

/**
 * Mean pixel of every size×size window, padding included; stride defaults to the size.
 * @param images (N,C,H,W) @throws ShapeError, ArgumentError
 */
export function averagePool2d(
  images: Operand,
  size: number,
  { stride = size, padding = 0 }: WindowOptions = {},
): Value {
  const value = framedImages("averagePool2d", images, size, size, stride, padding);
  const ones = zeros([1, 1, size, size]);
  ones.data.fill(1);
  const sums = conv2d(reshape(value, planesOf(value.shape)), ones, { stride });
  return div(reshape(sums, [...value.shape.slice(0, 2), ...sums.shape.slice(2)]), sizeOf(ones.shape));
}
