import { ArgumentError, inFunction } from "../errors.js";
import {
  addToSelected,
  addToStrips,
  largestInWindows,
  meanOfSelected,
  meanOfStrips,
  type Selection,
  type Strips,
  selectLargest,
} from "../tensor/pooling.js";
import { type Tensor, zeros } from "../tensor/view.js";
import { positionsIn, slidingWindows, type Windows } from "../tensor/windows.js";
import { linear } from "./linear.js";
import { apply, type Operation } from "./trace.js";
import { type Operand, untraced, type Value } from "./value.js";
import { framedImages, imagesOf, type WindowOptions, windowOptionsOf } from "./windows.js";

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

/** The mean of a window is that over its rows of the means along them: 2·size terms for each, not size². */
export interface Averaging {
  readonly images: readonly number[];
  readonly between: readonly number[];
  readonly results: readonly number[];
  readonly down: Strips;
  readonly across: Strips;
}

/** Linear, and each other's transpose. */
const averages: Readonly<Record<"averagePool2d" | "averagePool2dImages", Operation<Averaging>>> = {
  averagePool2d: linear<Averaging>(
    "averagePool2d",
    (images, { between, results, down, across }) => {
      const [half, out] = [zeros(between), zeros(results)];
      meanOfStrips(half.data, images.data, down);
      meanOfStrips(out.data, half.data, across);
      return out;
    },
    (adjoint, _shape, averaging) => apply(averages.averagePool2dImages, [adjoint], averaging),
  ),
  averagePool2dImages: linear<Averaging>(
    "averagePool2dImages",
    (results, { images, between, down, across }) => {
      const [half, out] = [zeros(between), zeros(images)];
      addToStrips(half.data, results.data, across);
      addToStrips(out.data, half.data, down);
      return out;
    },
    (adjoint, _shape, averaging) => apply(averages.averagePool2d, [adjoint], averaging),
  ),
};

export const poolingOperations = { maxPool2d: maxPool, ...selections, ...averages };

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
 * @example
 * import { maxPool2d, reshape } from "flatward/autodiff";
 * const images = reshape([1, 2, 3, 4, 5, 6, 7, 8], [1, 1, 2, 4]);
 * console.log(Array.from(maxPool2d(images, 2).data)); // → [ 6, 8 ]
 */
export function maxPool2d(images: Operand, size: number, options: WindowOptions = {}): Value {
  return inFunction("maxPool2d", () => {
    const { stride = size, padding } = windowOptionsOf(options);
    if (padding) throw new ArgumentError({ expected: "no padding", got: String(padding) });
    const value = framedImages(imagesOf(images), size, size, stride, 0);
    return apply(maxPool, [value], slidingWindows(planesOf(value.shape), size, size, stride));
  });
}

/**
 * Mean pixel of every size×size window, padding included; stride defaults to the size.
 * @param images (N,C,H,W) @throws ShapeError, ArgumentError
 * @example
 * import { averagePool2d, reshape } from "flatward/autodiff";
 * const images = reshape([1, 2, 3, 4, 5, 6, 7, 8], [1, 1, 2, 4]);
 * console.log(Array.from(averagePool2d(images, 2).data)); // → [ 3.5, 5.5 ]
 */
export function averagePool2d(images: Operand, size: number, options: WindowOptions = {}): Value {
  return inFunction("averagePool2d", () => {
    const { stride = size, padding = 0 } = windowOptionsOf(options);
    const value = framedImages(imagesOf(images), size, size, stride, padding);
    const [batch, channels, rows, columns] = value.shape;
    const planes = batch * channels;
    const [down, across] = [positionsIn(rows, size, stride), positionsIn(columns, size, stride)];
    const windows = { size, stride };
    return apply(averages.averagePool2d, [value], {
      images: value.shape,
      between: [batch, channels, down, columns],
      results: [batch, channels, down, across],
      down: { ...windows, outer: planes, extent: rows, inner: columns, positions: down },
      across: { ...windows, outer: planes * down, extent: columns, inner: 1, positions: across },
    });
  });
}
