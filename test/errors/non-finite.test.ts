import { describe } from "vitest";
import { hessianVectorProduct, minimize, NonFiniteError, sgd, threeLayerNet } from "../../src/index.js";
import {
  frobeniusObjective,
  largestEigenvalueObjective,
  traceObjective,
} from "../../src/regularizers/index.js";
import { quadratic } from "../optim/quadratic.js";
import { extents, loss, net, refusals, theta, under, x, y } from "./refusals.js";

/** Loss and gradient are finite here, the curvature by W1 is not: (W2 x)² with both about 1e80. */
const steep = threeLayerNet({ ...extents, loss: "mean-squared-error" });
const far = theta.map((_, i) => (i < steep.layout[2].offset ? 0 : 1e80));
const distant = {
  x: [
    [1e80, 1],
    [1, 1e80],
  ],
  y: [
    [0, 1],
    [1, 0],
  ],
};
const overflows = { strength: 1 };

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
    [
      "a trace that overflows",
      () => traceObjective(steep, distant, overflows).value(far),
      /traceObjective: .*finite spectral moments, got tr H = Infinity/,
    ],
    [
      "a norm that overflows",
      () => frobeniusObjective(steep, distant, overflows).gradient(far),
      /frobeniusObjective: .*tr H² = /,
    ],
    [
      "a Hessian that overflows, before its eigenvalues",
      () => largestEigenvalueObjective(steep, distant, { ...overflows, solver: "dense" }).value(far),
      /largestEigenvalueObjective: expected the Hessian to be finite/,
    ],
    [
      "its products",
      () => largestEigenvalueObjective(steep, distant, { ...overflows, solver: "lanczos" }).value(far),
      /largestEigenvalueObjective: expected H·v to be finite/,
    ],
  ]);
});
