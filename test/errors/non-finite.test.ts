import { describe } from "vitest";
import { hessianVectorProduct, minimize, NonFiniteError, sgd } from "../../src/index.js";
import { quadratic } from "../optim/quadratic.js";
import { loss, net, refusals, theta, under, x, y } from "./refusals.js";

describe("a NonFiniteError refuses", () => {
  refusals(NonFiniteError, "non-finite", [
    [
      "NaN among the features",
      () =>
        loss({
          x: [
            [1, 2],
            [3, Number.NaN],
          ],
        }),
      /batch\.x to be finite, got NaN at sample 1, feature 1/,
    ],
    [
      "infinity among the features",
      () =>
        loss({
          x: [
            [1, Number.POSITIVE_INFINITY],
            [3, 4],
          ],
        }),
      /Infinity at sample 0, feature 1/,
    ],
    [
      "text among the features",
      () =>
        loss({
          x: [
            [1, "2"],
            [3, 4],
          ],
        }),
      /sample 0, feature 1/,
    ],
    [
      "NaN among the targets",
      () =>
        under("mean-squared-error", [
          [0, 1],
          [Number.NaN, 1],
        ]),
      /batch\.y to be finite, got NaN at index 2/,
    ],
    [
      "NaN among the weights",
      () => loss({ weights: [1, Number.NaN] }),
      /batch\.weights to be finite numbers, got NaN at sample 1/,
    ],
    [
      "infinity in theta",
      () =>
        loss(
          {},
          theta.map((t, i) => (i === 4 ? Number.NEGATIVE_INFINITY : t)),
        ),
      /theta to be finite, got -Infinity at index 4/,
    ],
    [
      "NaN in v",
      () =>
        hessianVectorProduct(
          net,
          theta,
          { x, y },
          theta.map(() => Number.NaN),
        ),
      /hessianVectorProduct: expected v to be finite/,
    ],
    [
      "NaN at the start",
      () => minimize(quadratic([1]), Float64Array.of(Number.NaN), sgd({ learningRate: 1 }), { steps: 1 }),
      /minimize: expected theta to be finite/,
    ],
    [
      "a loss that overflows",
      () =>
        under("mean-squared-error", [
          [1e200, 0],
          [0, 0],
        ]),
      /a finite loss, got Infinity at sample 0, whose logits/,
    ],
  ]);
});
