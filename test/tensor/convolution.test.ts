// Independent: loops written from the definition of each of the three sums.

import { describe, expect, it } from "vitest";
import { randomStream } from "../../src/index.js";
import { addFilters, addImages, addOutputs, convolutionOf } from "../../src/tensor/convolution.js";
import { sizeOf } from "../../src/tensor/view.js";
import { expectClose } from "../oracles/compare.js";

const draws = randomStream(5, "convolution");
const random = (shape: readonly number[]) =>
  Float64Array.from({ length: sizeOf(shape) }, () => draws.normal());

/** Calls `visit` with the flat places of every image pixel, filter tap and output that meet in a product. */
function forEachProduct(
  [N, C, H, W]: readonly number[],
  [O, , h, w]: readonly number[],
  stride: number,
  visit: (image: number, filter: number, output: number) => void,
): void {
  const down = Math.floor((H - h) / stride) + 1;
  const across = Math.floor((W - w) / stride) + 1;
  for (let n = 0, output = 0; n < N; n++)
    for (let o = 0; o < O; o++)
      for (let y = 0; y < down; y++)
        for (let x = 0; x < across; x++, output++)
          for (let c = 0, filter = o * C * h * w; c < C; c++)
            for (let dy = 0; dy < h; dy++)
              for (let dx = 0; dx < w; dx++, filter++)
                visit(((n * C + c) * H + y * stride + dy) * W + x * stride + dx, filter, output);
}

describe("the three products of a convolution add what their definitions say", () => {
  it.each([
    ["every extent another", [2, 3, 7, 5], [4, 3, 3, 2], 1],
    ["stride 2, which leaves pixels out", [2, 3, 8, 6], [5, 3, 3, 3], 2],
    ["windows apart", [1, 1, 9, 9], [1, 1, 2, 2], 3],
    ["windows of the images' size", [3, 2, 4, 5], [2, 2, 4, 5], 1],
    ["a single pixel", [1, 1, 1, 1], [1, 1, 1, 1], 1],
    ["no images", [0, 2, 4, 4], [3, 2, 2, 2], 1],
    ["more filters, taps and windows than a block of the product holds", [3, 30, 16, 16], [130, 30, 3, 3], 1],
  ] as const)("%s", (_, images, filters, stride) => {
    const shape = convolutionOf(images, filters, stride);
    const [x, w, y] = [random(images), random(filters), random(shape.outputs)];
    const got = [random(shape.outputs), random(images), random(filters)] as const;
    const wanted = got.map((before) => before.slice());
    addOutputs(got[0], x, w, shape);
    addImages(got[1], y, w, shape);
    addFilters(got[2], x, y, shape);
    forEachProduct(images, filters, stride, (image, filter, output) => {
      wanted[0][output] += x[image] * w[filter];
      wanted[1][image] += y[output] * w[filter];
      wanted[2][filter] += x[image] * y[output];
    });
    got.forEach((each, i) => {
      expectClose(each, wanted[i], 1e-13);
    });
    expect.hasAssertions();
  });
});
