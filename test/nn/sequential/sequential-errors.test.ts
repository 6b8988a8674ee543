import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  exactHessian,
  hessianOperator,
  hessianVectorProduct,
  lossAndGradient,
  lossObjective,
  NonFiniteError,
  ShapeError,
  sequential,
  threeLayerNet,
} from "../../../src/index.js";
import { refusals } from "../../refusals.js";

const dense = { kind: "dense", outputs: 2 } as const;
/** Of images of 8×8, unless said otherwise. */
const make = (layers: unknown, more: object = {}) =>
  sequential({ input: [1, 8, 8], layers: layers as never, ...more });
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
  const endless: { kind: "residual"; layers: unknown[] } = { kind: "residual", layers: [] };
  endless.layers.push(endless);
  const within = (depth: number): unknown[] =>
    depth === 0 ? [{ kind: "tanh" }] : [{ kind: "residual", layers: within(depth - 1) }];
  it("holds itself", () => {
    expect(saying(() => make([endless]))).toMatch(
      /\(residual\): expected at most 16 blocks inside of each other, got more; .*no description may hold itself$/,
    );
    expect(sequential({ input: 2, layers: [...within(16), dense] as never }).size).toBe(6);
  });
  it.each<[string, unknown[], RegExp]>([
    [
      "has too many weights",
      [{ kind: "flatten" }, { kind: "dense", outputs: 2 ** 30 }],
      /^sequential: layers\[1\] \(dense\): expected fewer than 2³¹ numbers in weight \(1073741824,64\), got 68719476736/,
    ],
    [
      "has too large a result",
      [{ kind: "conv2d", channels: 2 ** 26, kernel: 1, bias: false }],
      /^sequential: layers\[0\] \(conv2d\): expected fewer than 2³¹ numbers in its result \(67108864,8,8\), got/,
    ],
    [
      "has too wide a frame",
      [{ kind: "averagePool2d", size: 2 ** 21, padding: 2 ** 20 }],
      /^sequential: layers\[0\] \(averagePool2d\): expected fewer than 2³¹ numbers in the image with its padding \(/,
    ],
  ])("%s", (_, layers, says) => {
    expect(saying(() => make(layers))).toMatch(says);
  });
  it("is one of too many, or the first of too large a sample", () => {
    const wide = { kind: "dense", outputs: 2 ** 15 } as const;
    expect(saying(() => sequential({ input: 2 ** 15, layers: [wide, wide, dense] }))).toMatch(
      /^sequential: expected fewer than 2³¹ parameters up to 1\.weight, got 21/,
    );
    expect(saying(() => sequential({ input: 2 ** 31, layers: [dense] }))).toMatch(
      /^sequential: expected fewer than 2³¹ numbers in a sample/,
    );
  });
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

describe("sequential refuses", () => {
  const dense = { kind: "dense", outputs: 2 } as const;
  /** Of images of 8×8, unless said otherwise. */
  const make = (layers: unknown, more: object = {}) =>
    sequential({ input: [1, 8, 8], layers: layers as never, ...more });
  refusals(ArgumentError, "invalid-argument", [
    [
      "a misspelt option",
      () => make([dense], { initialisation: "he" }),
      /^sequential: expected an option to be one of input, layers, loss, initialization, got "initialisation"; did you mean "initialization"/,
    ],
    ["an option in capitals", () => make([dense], { Loss: "poisson" }), /got "Loss"; did you mean "loss"/],
    [
      "a hole among layers",
      () => make(Object.assign(new Array(2), { 0: { kind: "flatten" } })),
      /layers\[1\] to be an object, got undefined/,
    ],
    [
      "a hole in an image shape",
      () => make([dense], { input: Object.assign(new Array(3), { 0: 1, 2: 2 }) }),
      /input\[1\] to be an integer ≥ 1, got undefined/,
    ],
    [
      "null for a stride",
      () => make([{ kind: "maxPool2d", size: 2, stride: null }]),
      /layers\[0\]\.stride to be an integer ≥ 1, got null/,
    ],
    [
      "null for a padding",
      () => make([{ kind: "conv2d", channels: 2, kernel: 3, padding: null }]),
      /layers\[0\]\.padding to be an integer ≥ 0, got null/,
    ],
    [
      "null for an ε",
      () => make([{ kind: "batchNorm", epsilon: null }]),
      /layers\[0\]\.epsilon to be a finite number > 0, got null/,
    ],
    [
      "no options",
      () => sequential(undefined as never),
      /options to be an object, got undefined; at least \{ input, layers \}/,
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
      "a layer normalisation with an ε of 0",
      () => make([{ kind: "layerNorm", epsilon: 0 }]),
      /layers\[0\]\.epsilon to be a finite number > 0, got 0/,
    ],
    [
      "a flag that is a word",
      () => make([{ kind: "layerNorm", affine: "no" }]),
      /layers\[0\]\.affine to be true or false, got "no"/,
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
  ]);
});

describe("a network of layers refuses", () => {
  const dense = { kind: "dense", outputs: 2 } as const;
  const net = sequential({ input: 3, layers: [dense, { kind: "relu" }, dense] });
  const theta = net.init(1);
  const smooth = threeLayerNet({ inputs: 3, hidden: 2, outputs: 2 });
  const batch = {
    x: [
      [1, 2, 3],
      [4, 5, 6],
    ],
    y: [0, 1],
  };
  const huge = theta.map(() => 1e200);
  const heavy = { x: [...batch.x, ...batch.x], y: [0, 1, 1, 0], weights: new Array(4).fill(1.7e308) };
  refusals(ShapeError, "shape-mismatch", [
    [
      "theta of another length",
      () => lossAndGradient(net, new Float64Array(3), batch),
      /^lossAndGradient: expected theta of length 14, got 3; its order is 0\.weight \(2×3\)/,
    ],
    [
      "features of another number",
      () => lossAndGradient(net, theta, { ...batch, x: [[1, 2]] }),
      /batch\.x of shape \(N,3\)/,
    ],
    [
      "v of another length",
      () => hessianVectorProduct(net, theta, batch, new Float64Array(2)),
      /^hessianVectorProduct: expected v of length 14/,
    ],
    [
      "a result of another length",
      () => hessianOperator(net, theta, batch).apply(theta, new Float64Array(2)),
      /^hessianOperator: expected out to be a Float64Array of length 14, got Float64Array of length 2/,
    ],
    [
      "a product into an array",
      () => hessianOperator(net, theta, batch).apply(theta, new Array(14).fill(0) as never),
      /^hessianOperator: expected out to be a Float64Array of length 14, got array of length 14/,
    ],
    ["features to predict", () => net.predict(theta, [[1]]), /^predict: expected x of shape \(N,3\)/],
    ["features to freeze on", () => net.frozen(theta, [[1]]), /^frozen: expected x of shape \(N,3\)/],
  ]);
  refusals(NonFiniteError, "non-finite", [
    [
      "NaN in theta",
      () =>
        exactHessian(
          net,
          theta.map(() => Number.NaN),
          batch,
        ),
      /^exactHessian: expected theta to be finite/,
    ],
    [
      "a loss that overflows",
      () => lossAndGradient(net, huge, batch),
      /^lossAndGradient: expected a finite loss, got NaN at sample 0, whose logits are \[Infinity, Infinity\]/,
    ],
    [
      "a sum of losses that overflows",
      () => lossObjective(net, heavy).value(theta),
      /^lossObjective: expected a finite loss, got Infinity, the weighted sum of losses that are finite each/,
    ],
    [
      "the same in closed form",
      () => lossAndGradient(smooth, smooth.init(1), heavy),
      /^lossAndGradient: expected a finite loss, got Infinity, the weighted sum/,
    ],
    ["logits that overflow", () => net.logits(huge, batch.x), /^logits: expected the logits to be finite/],
    ["means that overflow", () => net.predict(huge, batch.x), /^predict: expected the means to be finite/],
  ]);
});
