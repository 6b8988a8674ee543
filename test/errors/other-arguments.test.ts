import { describe } from "vitest";
import {
  ArgumentError,
  adam,
  adamw,
  minibatchObjective,
  minimize,
  sam,
  selectSamples,
  sgd,
  wsBounds,
  wsEigenvalueBounds,
} from "../../src/index.js";
import { quadratic } from "../optim/quadratic.js";
import { refusals, x, y } from "./refusals.js";

const moments = { size: 3, trace: 1, frobeniusSquared: 2 };

describe("an ArgumentError refuses, of bounds and optimizers,", () => {
  refusals(ArgumentError, "invalid-argument", [
    [
      "a single eigenvalue",
      () => wsBounds({ ...moments, size: 1 }),
      /wsBounds.*≥ 2, got 1; .*nothing to bound/,
    ],
    [
      "moments that are not numbers",
      () => wsBounds({ ...moments, trace: Number.NaN }),
      /moments\.trace.*got NaN/,
    ],
    ["a negative ‖H‖²", () => wsBounds({ ...moments, frobeniusSquared: -1 }), /frobeniusSquared.*≥ 0/],
    [
      "an eigenvalue beyond the last",
      () => wsEigenvalueBounds(moments, 4),
      /wsEigenvalueBounds.*k ≤ n = 3, got 4/,
    ],
    ["an eigenvalue before the first", () => wsEigenvalueBounds(moments, 0), /k to be an integer ≥ 1/],
    ["a learning rate below 0", () => sgd({ learningRate: -1 }), /sgd.*learningRate.*≥ 0, got -1/],
    ["negative weight decay", () => sgd({ learningRate: 1, weightDecay: -1 }), /weightDecay.*≥ 0/],
    ["momentum of 1", () => sgd({ learningRate: 1, momentum: 1 }), /momentum.*< 1, got 1/],
    [
      "nesterov without momentum",
      () => sgd({ learningRate: 1, nesterov: true }),
      /momentum > 0 with nesterov/,
    ],
    ["a beta1 of 1", () => adam({ learningRate: 1, beta1: 1 }), /adam: .*beta1/],
    ["a beta2 below 0", () => adamw({ learningRate: 1, beta2: -1 }), /adamw: .*beta2/],
    ["an epsilon of 0", () => adam({ learningRate: 1, epsilon: 0 }), /epsilon.*> 0/],
    ["a radius of 0", () => sam({ learningRate: 1, radius: 0 }), /sam: .*radius.*> 0/],
    [
      "a negative number of steps",
      () => minimize(quadratic([1]), Float64Array.of(1), sgd({ learningRate: 1 }), { steps: -1 }),
      /minimize: .*steps.*≥ 0/,
    ],
    [
      "a negative tolerance",
      () =>
        minimize(quadratic([1]), Float64Array.of(1), sgd({ learningRate: 1 }), {
          steps: 1,
          gradientTolerance: -1,
        }),
      /gradientTolerance/,
    ],
    [
      "mini-batches of no sample",
      () => minibatchObjective({ count: 3, batchSize: 0, seed: 1 }, () => quadratic([1])),
      /minibatchObjective: .*batchSize/,
    ],
    ["a sample that is not there", () => selectSamples({ x, y }, [2]), /selectSamples: .*0 … 1, got 2/],
  ]);
});
