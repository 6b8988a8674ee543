// Whole operations by both backends: whatever is built on their kernels has the same bits.

import { afterAll, describe, expect, it } from "vitest";
import { directionalCurvature } from "../src/hessian/index.js";
import {
  exactHessian,
  gaussNewtonUpperBoundAndGradient,
  hessianVectorProduct,
  lossAndGradient,
  multilayerNet,
  randomStream,
  sequential,
  spectralMoments,
  symmetricEigen,
  tensor,
  threeLayerNet,
  useBackend,
  wsUpperBoundAndGradient,
} from "../src/index.js";
import { largestEigenvalueObjective } from "../src/regularizers/index.js";
import { chosenBackend } from "./setup.js";

const draws = randomStream(5, "backends");
const normals = (length: number) => Float64Array.from({ length }, () => draws.normal());
const batchOf = (samples: number, inputs: number, classes: number) => ({
  x: tensor(normals(samples * inputs), [samples, inputs]),
  y: Int32Array.from({ length: samples }, () => draws.integer(classes)),
});

const net = threeLayerNet({ inputs: 7, hidden: 9, outputs: 5 });
const batch = batchOf(150, 7, 5);
const deep = multilayerNet({ sizes: [6, 7, 5, 3] });
const deepBatch = batchOf(40, 6, 3);
const images = sequential({
  input: [2, 9, 9],
  layers: [
    { kind: "conv2d", channels: 5, kernel: 3 },
    { kind: "tanh" },
    { kind: "conv2d", channels: 3, kernel: 3, stride: 2 },
    { kind: "flatten" },
    { kind: "dense", outputs: 4 },
  ],
});
const imageBatch = batchOf(6, images.inputs, 4);

const operations: Readonly<Record<string, () => unknown>> = {
  "loss and gradient": () => lossAndGradient(net, net.init(1), batch),
  "moments over pairs": () => spectralMoments(net, net.init(1), batch, { route: "gram" }),
  "moments over blocks": () => spectralMoments(net, net.init(1), batch, { route: "blocks" }),
  "the bound and its gradient over pairs": () =>
    wsUpperBoundAndGradient(net, net.init(1), batch, { route: "gram" }),
  "the bound and its gradient over blocks": () =>
    wsUpperBoundAndGradient(net, net.init(1), batch, { route: "blocks" }),
  "the bound and its gradient of a deep network": () =>
    wsUpperBoundAndGradient(deep, deep.init(1), deepBatch),
  "the Hessian": () => exactHessian(net, net.init(1), batch),
  "eigenvalues and eigenvectors": () =>
    symmetricEigen(exactHessian(net, net.init(1), batch), { vectors: true }),
  eigenvalues: () => symmetricEigen(exactHessian(net, net.init(1), batch)),
  "the gradient of convolutions": () => lossAndGradient(images, images.init(1), imageBatch),
  "the bound on G and its gradient": () => gaussNewtonUpperBoundAndGradient(deep, deep.init(1), deepBatch),
  "an estimated bound and its gradient": () =>
    wsUpperBoundAndGradient(images, images.init(1), imageBatch, { method: "estimate", samples: 3 }),
  "the largest eigenvalue and its gradient": () =>
    largestEigenvalueObjective(net, batch, { strength: 1 }).valueAndGradient(net.init(1)),
  "the curvature along a direction, and its gradient": () =>
    directionalCurvature(deep, deep.init(1), deepBatch, deep.init(2)),
  "H·v of convolutions": () => hessianVectorProduct(images, images.init(1), imageBatch, images.init(2)),
};

describe("WebAssembly and plain TypeScript", () => {
  afterAll(() => useBackend(chosenBackend));

  it.each(Object.entries(operations))("give the same bits: %s", (_, operation) => {
    useBackend("wasm");
    const compiled = operation();
    useBackend("plain");
    expect(operation()).toEqual(compiled);
  });
});
