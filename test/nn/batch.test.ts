import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  LabelError,
  lossAndGradient,
  NonFiniteError,
  ShapeError,
  selectSamples,
} from "../../src/index.js";
import { makeCase } from "../cases.js";
import { expectNear } from "../oracles/compare.js";
import { refusals } from "../refusals.js";
import { loss, net, theta, under, x, y } from "../small-network.js";

describe("batches", () => {
  it("take class indices as one-hot targets, typed arrays too", () => {
    const { net, theta, plain, batch } = makeCase({ size: [6, 2, 3, 3] });
    const wanted = lossAndGradient(net, theta, batch);
    expect(lossAndGradient(net, theta, { x: plain.x, y: plain.targets })).toEqual(wanted);
    const labels = Int32Array.from(batch.y as number[]);
    expect(lossAndGradient(net, theta, { x: plain.x, y: labels })).toEqual(wanted);
  });

  it("take class indices as 1-dimensional views of any kind of memory", () => {
    const { net, theta, plain, batch } = makeCase({ size: [3, 2, 3, 3] });
    const labels = Array.from(batch.y as number[]);
    const wanted = lossAndGradient(net, theta, batch);
    const kinds: readonly { from(x: readonly number[]): ArrayLike<number> }[] = [
      Int8Array,
      Uint8Array,
      Uint8ClampedArray,
      Int16Array,
      Uint16Array,
      Int32Array,
      Uint32Array,
      Float32Array,
      Float64Array,
      Array,
    ];
    for (const kind of kinds) {
      const y = { data: kind.from(labels), shape: [3] };
      expect(lossAndGradient(net, theta, { x: plain.x, y })).toEqual(wanted);
      const backwards = { data: kind.from([7, ...labels.toReversed()]), shape: [3], stride: [-1], offset: 3 };
      expect(lossAndGradient(net, theta, { x: plain.x, y: backwards })).toEqual(wanted);
      expect(selectSamples({ x: plain.x, y }, [2, 0]).y).toEqual([labels[2], labels[0]]);
    }
  });

  it("take weights as an array or as a tensor, strided ones included", () => {
    const { net, theta, batch } = makeCase({ size: [3, 2, 3, 2], weighted: true });
    const weights = Array.from(batch.weights as number[]);
    const wanted = lossAndGradient(net, theta, batch);
    const spread = Float64Array.from(weights.flatMap((weight) => [weight, 99]));
    const views = [
      Float64Array.from(weights),
      { data: Float64Array.from(weights), shape: [3] },
      { data: spread, shape: [3], stride: [2], offset: 0 },
    ];
    for (const view of views)
      expect(lossAndGradient(net, theta, { ...batch, weights: view })).toEqual(wanted);
    const picked = views.map((view) => selectSamples({ ...batch, weights: view }, [2, 0]).weights);
    for (const each of picked) expect(each).toEqual([1.5 * weights[2], 1.5 * weights[0]]);
  });

  it("use weights as given: twice the weights are twice the loss", () => {
    const { net, theta, batch } = makeCase({ size: [6, 2, 3, 2], weighted: true });
    const doubled = { ...batch, weights: Array.from(batch.weights as number[], (weight) => 2 * weight) };
    const [once, twice] = [batch, doubled].map((each) => lossAndGradient(net, theta, each));
    expect(twice.loss).toBe(2 * once.loss);
    expect(twice.gradient).toEqual(once.gradient.map((entry) => 2 * entry));
  });

  it("are left unchanged", () => {
    const { net, theta, batch } = makeCase({ size: [6, 2, 3, 2], weighted: true, targets: "dense" });
    const before = structuredClone({ theta, batch });
    lossAndGradient(net, theta, batch);
    expect({ theta, batch }).toEqual(before);
  });
});

describe("selectSamples", () => {
  it("takes samples in the given order, repeated ones too", () => {
    const { net, theta, batch, plain } = makeCase({ size: [6, 2, 3, 2], targets: "dense" });
    const order = [4, 0, 4];
    const picked = selectSamples(batch, order);
    const wanted = { x: order.map((i) => plain.x[i]), y: order.map((i) => plain.targets[i]) };
    expect(lossAndGradient(net, theta, picked)).toEqual(lossAndGradient(net, theta, wanted));
  });

  it("gives the same bits of rows, of a matrix and of its strided views, narrow and wide", () => {
    for (const width of [3, 40]) {
      const rows = Array.from({ length: 5 }, (_, i) =>
        Array.from({ length: width }, (_, j) => Math.sin(9 * i + j)),
      );
      const flat = Float64Array.from(rows.flat());
      const spread = Float64Array.from(rows.flat().flatMap((value) => [value, 99]));
      const views = [
        rows,
        { data: flat, shape: [5, width] },
        { data: spread, shape: [5, width], stride: [2 * width, 2], offset: 0 },
      ];
      const order = [3, 0, 3];
      const wanted = Float64Array.from(order.flatMap((i) => rows[i]));
      for (const x of views) {
        const picked = selectSamples({ x, y: [0, 1, 0, 1, 0] }, order);
        expect(picked).toMatchObject({ x: { data: wanted, shape: [3, width] }, y: [1, 0, 1] });
      }
    }
  });

  it("keeps the sum over disjoint parts: their losses average to the whole batch's", () => {
    const { net, theta, batch } = makeCase({ size: [6, 2, 3, 2], weighted: true });
    const whole = lossAndGradient(net, theta, batch).loss;
    const parts = [
      [0, 3],
      [1, 5],
      [2, 4],
    ].map((part) => lossAndGradient(net, theta, selectSamples(batch, part)).loss);
    expectNear(parts.reduce((sum, part) => sum + part, 0) / 3, whole, 1e-14);
  });

  it("refuses targets or weights of another length than the samples that are selected from", () => {
    expect(() => selectSamples({ x: [[1], [2], [3]], y: [0, 1] }, [2])).toThrow(/batch\.y of length 3/);
    expect(() => selectSamples({ x: [[1], [2]], y: [0, 1], weights: [1] }, [1])).toThrow(
      /batch\.weights of length 2/,
    );
  });
});

describe("a batch is refused for", () => {
  refusals(LabelError, "invalid-label", [
    [
      "a label beyond the last class",
      () => loss({ y: [0, 2] }),
      /class indices 0 … 1 in batch\.y, got 2 at sample 1/,
    ],
    ["a negative label", () => loss({ y: [-1, 0] }), /got -1 at sample 0/],
    [
      "a broken label",
      () => loss({ y: [0.5, 0] }),
      /got 0\.5 at sample 0; pass other targets as an \(N,K\) matrix/,
    ],
    ["a label that is not a number", () => loss({ y: ["setosa", "virginica"] }), /got "setosa" at sample 0/],
    [
      "soft labels that do not sum to 1",
      () =>
        loss({
          y: [
            [1, 0],
            [0.5, 0.4],
          ],
        }),
      /sum to 1 as targets of softmax-cross-entropy, got \[0\.5, 0\.4\] at sample 1/,
    ],
    [
      "negative soft labels",
      () =>
        loss({
          y: [
            [1.5, -0.5],
            [1, 0],
          ],
        }),
      /probabilities ≥ 0/,
    ],
    [
      "multi-label targets above 1",
      () =>
        under("sigmoid-cross-entropy", [
          [0, 2],
          [0, 0],
        ]),
      /\[0, 1\] as targets of sigmoid-cross-entropy, got \[0, 2\] at sample 0/,
    ],
    [
      "negative counts",
      () =>
        under("poisson", [
          [0, 2],
          [0, -1],
        ]),
      /counts or rates ≥ 0.*sample 1/,
    ],
  ]);
  refusals(ArgumentError, "invalid-argument", [
    [
      "text among the features",
      () =>
        loss({
          x: [
            [1, "2"],
            [3, 4],
          ],
        }),
      /entries of batch\.x to be numbers, got "2" in row 0, column 1; convert texts/,
    ],
    [
      "no batch",
      () => lossAndGradient(net, theta, undefined as never),
      /batch to be an object, got undefined/,
    ],
    ["no targets", () => loss({ y: undefined }), /batch\.y/],
    ["labels of no memory", () => loss({ y: { data: 3, shape: [2] } }), /batch\.y to be numbers, or a view/],
    ["float32 features", () => loss({ x: { data: new Float32Array(4), shape: [2, 2] } }), /Float32Array/],
    ["negative weights", () => loss({ weights: [1, -0.5] }), /batch\.weights ≥ 0, got -0\.5 at sample 1/],
    ["a sample that is not there", () => selectSamples({ x, y }, [2]), /selectSamples: .*0 … 1, got 2/],
  ]);
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
      "a loss that overflows",
      () =>
        under("mean-squared-error", [
          [1e200, 0],
          [0, 0],
        ]),
      /a finite loss, got Infinity at sample 0, whose logits/,
    ],
  ]);
  refusals(ShapeError, "shape-mismatch", [
    [
      "labels outside of their memory",
      () => loss({ y: { data: Int32Array.of(0), shape: [2] } }),
      /batch\.y of shape \(2\) to lie inside its 1 elements/,
    ],
    [
      "features of another width",
      () =>
        loss({
          x: [
            [1, 2, 3],
            [4, 5, 6],
          ],
        }),
      /lossAndGradient.*\(N,2\), got \(2,3\).*inputs: 2/,
    ],
    ["ragged rows", () => loss({ x: [[1, 2], [3]] }), /lossAndGradient.*got 1 in row 1/],
    [
      "no samples",
      () => loss({ x: { data: new Float64Array(0), shape: [0, 2] }, y: [] }),
      /at least one sample/,
    ],
    ["an empty array of samples", () => loss({ x: [], y: [] }), /batch\.x/],
    ["fewer labels than samples", () => loss({ y: [0] }), /batch\.y of length 2.*got 1/],
    ["targets of another width", () => loss({ y: [[1], [1]] }), /\(2,2\), got \(2,1\).*outputs: 2/],
    [
      "fewer weights than samples",
      () => loss({ weights: [1] }),
      /batch\.weights of length 2, one entry per sample, got 1/,
    ],
  ]);

  it("weights that are texts or rows, instead of reading them as numbers", () => {
    for (const weights of [
      ["0.5", "0.5"],
      [[0.5], [0.5]],
    ]) {
      expect(() => loss({ weights })).toThrow(/batch\.weights/);
    }
  });
});
