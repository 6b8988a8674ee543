import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  batchedLossObjective,
  directionalCurvature,
  exactHessian,
  FlatwardError,
  gaussNewtonMatrix,
  hessianBlock,
  hessianOperator,
  hessianRankBound,
  hessianVectorProduct,
  hsrObjective,
  largestEigenvalueObjective,
  layerMoments,
  lossAndGradient,
  lossObjective,
  NonFiniteError,
  ShapeError,
  sequential,
  smoothLabels,
  spectralBounds,
  spectralMoments,
  splitMoments,
  traceObjective,
  wsUpperBoundAndGradient,
} from "../../src/index.js";
import { type Refusal, refusals } from "./refusals.js";

const dense = { kind: "dense", outputs: 2 } as const;
/** Of images of 8×8, unless said otherwise. */
const make = (layers: unknown, more: object = {}) =>
  sequential({ input: [1, 8, 8], layers: layers as never, ...more });
const net = sequential({ input: 3, layers: [dense, { kind: "relu" }, dense] });
const theta = net.init(1);
const batch = {
  x: [
    [1, 2, 3],
    [4, 5, 6],
  ],
  y: [0, 1],
};

describe("an ArgumentError refuses, of layers,", () => {
  refusals(ArgumentError, "invalid-argument", [
    [
      "no options",
      () => sequential(undefined as never),
      /options to be an object, got undefined; \{ input, layers \}/,
    ],
    ["no layers", () => make([]), /layers to be an array of at least one layer, got array of length 0/],
    [
      "a layer instead of layers",
      () => make(dense),
      /layers to be an array.*got object with keys kind, outputs/,
    ],
    [
      "a layer that is a name",
      () => make(["relu"]),
      /layers\[0\] to be an object, got "relu"; \{ kind: "dense"/,
    ],
    [
      "an unknown kind",
      () => make([{ kind: "conv2D" }]),
      /layers\[0\]\.kind to be one of dense, conv2d.*got "conv2D"; did you mean "conv2d"\?/,
    ],
    ["a kind like no other", () => make([{ kind: "transformer-block" }]), /got "transformer-block"$/],
    ["no kind", () => make([{ outputs: 3 }]), /layers\[0\]\.kind to be one of.*got undefined/],
    [
      "an unknown option",
      () => make([{ kind: "conv2d", channels: 2, kernal: 3 }]),
      /an option of layers\[0\] \(conv2d\) to be one of channels, kernel.*did you mean "kernel"/,
    ],
    [
      "an option where there is none",
      () => make([{ kind: "relu", slope: 1 }]),
      /layers\[0\] \(relu\) to have no options, got "slope"/,
    ],
    [
      "a missing option",
      () => make([{ kind: "conv2d", channels: 2 }]),
      /layers\[0\]\.kernel to be an integer ≥ 1, got undefined/,
    ],
    [
      "a kernel of 0",
      () => make([{ kind: "relu" }, { kind: "conv2d", channels: 2, kernel: 0 }]),
      /layers\[1\]\.kernel to be an integer ≥ 1, got 0/,
    ],
    [
      "a negative padding",
      () => make([{ kind: "conv2d", channels: 2, kernel: 1, padding: -1 }]),
      /layers\[0\]\.padding to be an integer ≥ 0, got -1/,
    ],
    [
      "windows of padding alone",
      () => make([{ kind: "averagePool2d", size: 3, padding: 2 }]),
      /layers\[0\]\.padding ≤ size\/2.*got 2/,
    ],
    [
      "a bias that is a number",
      () => make([{ kind: "flatten" }, { kind: "dense", outputs: 2, bias: 0 }]),
      /layers\[1\]\.bias to be true or false/,
    ],
    [
      "a rate of 1",
      () => make([{ kind: "dropout", rate: 1 }]),
      /layers\[0\]\.rate to be a finite number ≥ 0 and < 1, got 1/,
    ],
    [
      "an ε of 0",
      () => make([{ kind: "batchNorm", epsilon: 0 }]),
      /layers\[0\]\.epsilon to be a finite number > 0/,
    ],
    [
      "what is wrong inside of a block",
      () => make([{ kind: "residual", layers: [{ kind: "relu" }, { kind: "dropout" }] }]),
      /layers\[0\]\.layers\[1\]\.rate/,
    ],
    [
      "a block without layers",
      () => make([{ kind: "residual" }]),
      /layers\[0\]\.layers to be an array of at least one layer, got undefined/,
    ],
    ["a network without parameters", () => make([{ kind: "flatten" }]), /a layer with parameters, got none/],
    [
      "an unknown loss",
      () => make([dense], { loss: "hinge" }),
      /sequential: expected loss to be one of softmax/,
    ],
    [
      "an unknown initialisation",
      () => make([dense], { initialization: "kaiming" }),
      /initialization to be one of pytorch, he, glorot/,
    ],
    [
      "no input",
      () => sequential({ layers: [dense] } as never),
      /input to be a number of features, or an image shape \[C,H,W\], got undefined/,
    ],
    ["an input of 0", () => make([dense], { input: 0 }), /input to be an integer ≥ 1, got 0/],
    [
      "an image without rows",
      () => make([dense], { input: [1, 0, 8] }),
      /input\[1\] to be an integer ≥ 1, got 0/,
    ],
    [
      "images without channels",
      () => make([dense], { input: [8, 8] }),
      /image shape \[C,H,W\], got array of length 2/,
    ],
    [
      "a seed that is none",
      () => lossObjective(net, batch, { dropoutSeed: -1 }),
      /lossObjective: expected dropoutSeed to be an integer ≥ 0/,
    ],
  ]);
});

/** The message, which names the layer before what was expected of it. */
const saying = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(ShapeError);
    return (error as Error).message;
  }
  return "nothing was refused";
};

describe("a ShapeError names the layer that", () => {
  const conv = { kind: "conv2d", channels: 2, kernel: 3 } as const;
  it.each<[string, () => unknown, string]>([
    [
      "needs images",
      () => make([{ kind: "flatten" }, conv]),
      "sequential: layers[1] (conv2d): expected images (C,H,W), got (64); it belongs before flatten, in a network whose input is an image shape [C,H,W]",
    ],
    [
      "needs features",
      () => make([conv, dense]),
      'sequential: layers[1] (dense): expected features (d), got images (2,6,6); put { kind: "flatten" } before it',
    ],
    [
      "needs larger images",
      () => make([{ kind: "maxPool2d", size: 4 }, conv]),
      "sequential: layers[1] (conv2d): expected images of at least 3×3 pixels, got (1,2,2); use smaller windows, or fewer of the poolings and strides before it",
    ],
    [
      "counts padding",
      () => make([{ ...conv, kernel: 11, padding: 1 }]),
      "sequential: layers[0] (conv2d): expected images of at least 11×11 pixels, padding 1 on each side included, got (1,8,8); use smaller windows, or fewer of the poolings and strides before it",
    ],
    [
      "adds what has another shape",
      () => make([{ kind: "residual", layers: [conv] }]),
      "sequential: layers[0] (residual): expected layers that end in the shape of their input, (1,8,8), got (2,6,6); give it a shortcut that changes the shape alike",
    ],
    [
      "has a shortcut to another shape",
      () => make([{ kind: "residual", layers: [conv], shortcut: [{ ...conv, padding: 1 }] }]),
      "sequential: layers[0] (residual): expected layers that end in the shape of the shortcut, (2,8,8), got (2,6,6); match channels, strides and paddings",
    ],
    [
      "ends in images",
      () => make([conv]),
      'sequential: layers[0] (conv2d): expected the last layer to end in logits (K), got images (2,6,6); add { kind: "flatten" } and a dense layer',
    ],
  ])("%s", (_, call, message) => {
    expect(saying(call)).toBe(message);
  });
});

describe("a network of layers is refused by name where a closed form is asked for:", () => {
  const other = net as never;
  const calls: readonly [string, () => unknown][] = [
    ["spectralMoments", () => spectralMoments(other, theta, batch)],
    ["wsUpperBoundAndGradient", () => wsUpperBoundAndGradient(other, theta, batch)],
    ["spectralBounds", () => spectralBounds(other, theta, batch)],
    ["splitMoments", () => splitMoments(other, theta, batch)],
    ["layerMoments", () => layerMoments(other, theta, batch)],
    ["gaussNewtonMatrix", () => gaussNewtonMatrix(other, theta, batch)],
    ["hessianBlock", () => hessianBlock(other, theta, batch, "W1")],
    ["hessianRankBound", () => hessianRankBound(other, batch)],
    ["directionalCurvature", () => directionalCurvature(other, theta, batch, theta)],
    ["hsrObjective", () => hsrObjective(other, batch, { strength: 0.1 })],
    ["traceObjective", () => traceObjective(other, batch, { strength: 0.1 })],
    ["largestEigenvalueObjective", () => largestEigenvalueObjective(other, batch, { strength: 0.1 })],
    ["batchedLossObjective", () => batchedLossObjective(other, [batch]).value(theta)],
  ];
  it.each(calls)("%s", (name, call) => {
    expect(call).toThrow(ArgumentError);
    expect(call).toThrow(
      new RegExp(
        `^${name}: expected a network of threeLayerNet.*lossObjective, hessianOperator and exactHessian take`,
      ),
    );
  });
});

describe("of a network of layers, as of threeLayerNet,", () => {
  const rows: readonly (readonly [...Refusal, type: { readonly name: string }])[] = [
    [
      "theta of another length",
      () => lossAndGradient(net, new Float64Array(3), batch),
      /^lossAndGradient: expected theta of length 14, got 3; its order is 0\.weight \(2×3\)/,
      ShapeError,
    ],
    [
      "features of another number",
      () => lossAndGradient(net, theta, { ...batch, x: [[1, 2]] }),
      /batch\.x of shape \(N,3\)/,
      ShapeError,
    ],
    [
      "v of another length",
      () => hessianVectorProduct(net, theta, batch, new Float64Array(2)),
      /^hessianVectorProduct: expected v of length 14/,
      ShapeError,
    ],
    [
      "a result of another length",
      () => hessianOperator(net, theta, batch).apply(theta, new Float64Array(2)),
      /^hessianOperator: expected out of length 14/,
      ShapeError,
    ],
    [
      "features to predict",
      () => net.predict(theta, [[1]]),
      /^predict: expected x of shape \(N,3\)/,
      ShapeError,
    ],
    [
      "features to freeze on",
      () => net.frozen(theta, [[1]]),
      /^frozen: expected x of shape \(N,3\)/,
      ShapeError,
    ],
    [
      "NaN in theta",
      () =>
        exactHessian(
          net,
          theta.map(() => Number.NaN),
          batch,
        ),
      /^exactHessian: expected theta to be finite/,
      NonFiniteError,
    ],
    [
      "a loss that overflows",
      () =>
        lossAndGradient(
          net,
          theta.map(() => 1e200),
          batch,
        ),
      /^lossAndGradient: expected a finite loss, got NaN at sample 0, whose logits are \[Infinity, Infinity\]/,
      NonFiniteError,
    ],
    [
      "logits that overflow",
      () =>
        net.logits(
          theta.map(() => 1e200),
          batch.x,
        ),
      /^logits: expected the logits to be finite/,
      NonFiniteError,
    ],
    [
      "soft labels to smooth",
      () =>
        smoothLabels(
          net,
          {
            ...batch,
            y: [
              [1, 0],
              [0, 1],
            ],
          },
          { smoothing: 0.1 },
        ),
      /class indices/,
      ArgumentError,
    ],
    [
      "no network",
      () => lossObjective(undefined as never, batch),
      /^lossObjective: expected net to be an object, got undefined/,
      ArgumentError,
    ],
  ];
  it.each(rows)("%s is refused", (_, call, says, type) => {
    let caught: unknown;
    try {
      call();
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(type);
    expect(caught).toBeInstanceOf(FlatwardError);
    expect((caught as Error).message).toMatch(says);
  });
});
