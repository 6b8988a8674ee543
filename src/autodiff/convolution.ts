import { inFunction, ShapeError } from "../errors.js";
import { addFilters, addImages, addOutputs, type Convolution, convolutionOf } from "../tensor/convolution.js";
import { formatShape, zeros } from "../tensor/view.js";
import { sumOf } from "./arithmetic.js";
import { apply, type Operation } from "./trace.js";
import { type Operand, toValue, type Value } from "./value.js";
import { framedImages, imagesOf, type WindowOptions, windowOptionsOf } from "./windows.js";

// Σ outputs ∘ (images ⋆ filters) is linear in each of the three. Its derivative by any one is an operation of the other
// two, and so are that operation's derivatives: the three below are each other's rules.

type Part = "images" | "filters" | "outputs";

/** What the derivative by each part is an operation of. */
const inputsFor: Readonly<Record<Part, readonly [Part, Part]>> = {
  outputs: ["images", "filters"],
  images: ["outputs", "filters"],
  filters: ["images", "outputs"],
};

type Kernel = (out: Float64Array, first: Float64Array, second: Float64Array, shape: Convolution) => void;

function derivativeBy(part: Part, name: string, addTo: Kernel): Operation<Convolution> {
  const operation: Operation<Convolution> = {
    name,
    run([first, second], shape) {
      const out = zeros(shape[part]);
      addTo(out.data, first.data, second.data, shape);
      return out;
    },
    jvp: ([dFirst, dSecond], [first, second], _output, shape) =>
      sumOf(
        dFirst && apply(operation, [dFirst, second], shape),
        dSecond && apply(operation, [first, dSecond], shape),
      ),
    vjp(index, adjoint, inputs, _output, shape) {
      const wanted = inputsFor[part][index];
      const other = inputs[1 - index];
      const operands = inputsFor[wanted].map((operand) => (operand === part ? adjoint : other));
      return apply(byPart[wanted], operands, shape);
    },
  };
  return operation;
}

const byPart: Readonly<Record<Part, Operation<Convolution>>> = {
  outputs: derivativeBy("outputs", "conv2d", addOutputs),
  images: derivativeBy("images", "conv2dImages", addImages),
  filters: derivativeBy("filters", "conv2dFilters", addFilters),
};

export const convolutionOperations = {
  conv2d: byPart.outputs,
  conv2dImages: byPart.images,
  conv2dFilters: byPart.filters,
};

/**
 * Cross-correlation of images with filters, as deep learning's convolution: PyTorch's conv2d without bias.
 * @param images (N,C,H,W) @param filters (O,C,h,w) @returns (N,O,H′,W′) @throws ShapeError, ArgumentError
 * @example
 * import { conv2d, reshape } from "flatward/autodiff";
 * const images = reshape([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 1, 3, 3]);
 * const filters = reshape([1, 0, 0, -1], [1, 1, 2, 2]); // a pixel less the one below it to the right
 * console.log(Array.from(conv2d(images, filters).data)); // → [ -4, -4, -4, -4 ]
 */
export function conv2d(images: Operand, filters: Operand, options: WindowOptions = {}): Value {
  return inFunction("conv2d", () => {
    const { stride = 1, padding = 0 } = windowOptionsOf(options);
    const x = imagesOf(images);
    const w = toValue(filters);
    if (w.shape.length !== 4 || w.shape[1] !== x.shape[1]) {
      throw new ShapeError({
        expected: `filters of shape (O,${x.shape[1]},h,w)`,
        got: formatShape(w.shape),
      });
    }
    const framed = framedImages(x, w.shape[2], w.shape[3], stride, padding);
    return apply(byPart.outputs, [framed, w], convolutionOf(framed.shape, w.shape, stride));
  });
}
