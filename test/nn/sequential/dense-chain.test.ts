import { describe, expect, it } from "vitest";
import { directionalCurvature } from "../../../src/hessian/index.js";
import { splitMoments } from "../../../src/hsr/index.js";
import {
  ArgumentError,
  exactHessian,
  hessianOperator,
  type LayerDescription,
  multilayerNet,
  sequential,
  spectralMoments,
  threeLayerNet,
} from "../../../src/index.js";
import { makeCase } from "../../cases.js";
import { euclidean, expectClose } from "../../oracles/compare.js";
import { layered } from "../../oracles/sequential-chain.js";
import { refusals } from "../../refusals.js";

const dense: LayerDescription = { kind: "dense", outputs: 2 };
const tanh: LayerDescription = { kind: "tanh" };
const flatten: LayerDescription = { kind: "flatten" };
const chainOf = (layers: readonly LayerDescription[], input: number | [number, number, number] = 3) =>
  sequential({ input, layers }).closedForm;

describe("a chain of dense layers in `sequential`", () => {
  it("is known as the same chain, whose parameters lie in theta alike", () => {
    const net = multilayerNet({
      sizes: [3, 4, 2, 2],
      activation: ["gelu", "identity"],
      bias: [true, false, true],
      loss: "poisson",
    });
    const other = layered(net);
    expect(other.closedForm?.layers).toEqual(net.closedForm.layers);
    expect(other.closedForm).toMatchObject({ inputs: 3, outputs: 2, loss: "poisson", size: net.size });
    expect(other.closedForm?.layout).toBe(other.layout);
  });

  it("may flatten what comes in", () => {
    expect(chainOf([flatten, dense, tanh, flatten, dense])?.layers).toEqual(
      threeLayerNet({ inputs: 3, hidden: 2, outputs: 2 }).closedForm.layers,
    );
    expect(chainOf([flatten, dense], [1, 2, 2])?.layers.map(({ inputs }) => inputs)).toEqual([4]);
  });

  it.each<[string, readonly LayerDescription[]]>([
    ["an activation that is not smooth", [dense, { kind: "relu" }, dense]],
    ["two activations in a row", [dense, tanh, tanh, dense]],
    ["an activation before the first layer", [tanh, dense]],
    ["an activation of the logits", [dense, tanh]],
    ["dropout, even of nothing", [dense, { kind: "dropout", rate: 0 }, dense]],
    ["batch normalisation", [dense, { kind: "batchNorm" }, dense]],
    ["a residual block", [dense, { kind: "residual", layers: [dense, tanh] }, dense]],
  ])("has none of %s", (_, layers) => {
    expect(chainOf(layers)).toBeNull();
  });

  it("has the closed forms of its chain", () => {
    const { net, theta, batch } = makeCase({ size: [9, 3, 4, 3], weighted: true });
    const other = layered(net);
    const v = net.init(5);
    expect(directionalCurvature(other, theta, batch, v)).toEqual(directionalCurvature(net, theta, batch, v));
    expect(spectralMoments(other, theta, batch)).toEqual(spectralMoments(net, theta, batch));
    const H = exactHessian(other, theta, batch).data;
    expectClose(H, hessianOperator(other, theta, batch).toMatrix().data, 1e-13, euclidean(H));
  });
});

describe("closed forms of what is no chain", () => {
  const net = sequential({ input: 3, layers: [dense, { kind: "relu" }, dense] });
  const batch = { x: [[1, 2, 3]], y: [0] };
  refusals(ArgumentError, "invalid-argument", [
    [
      "are refused",
      () => splitMoments(net, net.init(1), batch),
      /^splitMoments: expected a chain of dense layers with smooth activations, .*got a network that is none; lossObjective/,
    ],
  ]);
});
