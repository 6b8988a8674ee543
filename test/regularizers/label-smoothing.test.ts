import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  lossAndGradient,
  lossObjective,
  sequential,
  type Tensor,
  threeLayerNet,
} from "../../src/index.js";
import { smoothLabels } from "../../src/regularizers/index.js";
import { makeCase } from "../cases.js";
import { expectClose, expectNear } from "../oracles/compare.js";
import { plainNetworkLoss } from "../oracles/network-loss.js";
import { refusals } from "../refusals.js";
import * as small from "../small-network.js";

const problem = makeCase({ size: [12, 3, 4, 5], weighted: true });
const { net, theta, batch, plain } = problem;

describe("smoothLabels", () => {
  it("spreads ε of every label over all classes", () => {
    const { data, shape } = smoothLabels(net, batch, { smoothing: 0.1 }).y as Tensor;
    expect(shape).toEqual([12, 5]);
    plain.targets.forEach((target, i) => {
      const row = Array.from(data.subarray(5 * i, 5 * i + 5));
      expectClose(
        row,
        target.map((hot) => (hot === 1 ? 0.92 : 0.02)),
        1e-15,
      );
    });
  });

  it("makes the loss (1 − ε)·CE(label) + ε·mean of CE over the classes, as PyTorch defines it", () => {
    const smoothing = 0.3;
    const { loss } = lossAndGradient(net, theta, smoothLabels(net, batch, { smoothing }));
    const byClass = [0, 1, 2, 3, 4].map((label) => {
      const targets = plain.targets.map((row) => row.map((_, k) => (k === label ? 1 : 0)));
      return plainNetworkLoss(net, theta, { ...plain, targets });
    });
    const uniform = byClass.reduce((sum, each) => sum + each / 5, 0);
    expectNear(loss, (1 - smoothing) * plainNetworkLoss(net, theta, plain) + smoothing * uniform, 1e-14);
  });

  it("keeps x and the weights, and at ε = 0 the labels", () => {
    const smoothed = smoothLabels(net, batch, { smoothing: 0 });
    expect(smoothed.x).toBe(batch.x);
    expect(smoothed.weights).toBe(batch.weights);
    expect(lossObjective(net, smoothed).valueAndGradient(theta)).toEqual(
      lossObjective(net, batch).valueAndGradient(theta),
    );
  });

  it("takes class indices as a 1-dimensional tensor too", () => {
    const y = { data: Float64Array.from(batch.y as number[]), shape: [12] };
    expect(smoothLabels(net, { ...batch, y } as never, { smoothing: 0.2 }).y).toEqual(
      smoothLabels(net, batch, { smoothing: 0.2 }).y,
    );
  });
});

describe("smoothLabels refuses", () => {
  const nothing = undefined as never;
  const { net, x, y } = small;
  const batch = { x, y };
  const layered = sequential({ input: 2, layers: [{ kind: "dense", outputs: 2 }] });
  refusals(ArgumentError, "invalid-argument", [
    ["no options of labels", () => smoothLabels(net, batch, nothing), /smoothLabels: .*\{ smoothing \}/],
    [
      "labels of nothing",
      () => smoothLabels(net, batch, { smoothing: 1 }),
      /smoothLabels: .*smoothing.*< 1, got 1/,
    ],
    [
      "labels that are soft already",
      () =>
        smoothLabels(
          net,
          {
            x,
            y: [
              [1, 0],
              [0.5, 0.5],
            ],
          },
          { smoothing: 0.1 },
        ),
      /smoothLabels: .*class indices in batch\.y, got a matrix/,
    ],
    [
      "smoothed labels of another loss",
      () =>
        smoothLabels(threeLayerNet({ ...small.extents, loss: "sigmoid-cross-entropy" }), batch, {
          smoothing: 0.1,
        }),
      /softmax-cross-entropy, got "sigmoid-cross-entropy"/,
    ],
    [
      "soft labels of a network of layers",
      () =>
        smoothLabels(
          layered,
          {
            ...batch,
            y: [
              [1, 0],
              [0, 1],
            ],
          },
          { smoothing: 0.1 },
        ),
      /smoothLabels: expected class indices/,
    ],
  ]);
});
