import { describe } from "vitest";
import {
  ArgumentError,
  hsrObjective,
  lossAndGradient,
  spectralMoments,
  threeLayerNet,
} from "../../src/index.js";
import { extents, loss, net, refusals, theta, x, y } from "./refusals.js";

const make = (options: object) => threeLayerNet({ ...extents, ...options });

describe("an ArgumentError refuses, of networks and batches,", () => {
  refusals(ArgumentError, "invalid-argument", [
    [
      "theta as a plain array",
      () => loss({}, Array.from(theta) as never),
      /Float64Array.*got array of length 17.*Float64Array\.from/,
    ],
    [
      "no batch",
      () => lossAndGradient(net, theta, undefined as never),
      /batch to be an object, got undefined/,
    ],
    ["no targets", () => loss({ y: undefined }), /batch\.y/],
    ["float32 features", () => loss({ x: { data: new Float32Array(4), shape: [2, 2] } }), /Float32Array/],
    ["negative weights", () => loss({ weights: [1, -0.5] }), /batch\.weights ≥ 0, got -0\.5 at sample 1/],
    [
      "relu",
      () => make({ activation: "relu" }),
      /threeLayerNet.*got "relu".*three derivatives.*softplus, silu and gelu/,
    ],
    [
      "an unknown activation",
      () => make({ activation: "tahn" }),
      /one of tanh, sigmoid, softplus.*got "tahn"/,
    ],
    ["an unknown loss", () => make({ loss: "hinge" }), /one of softmax-cross-entropy.*got "hinge"/],
    ["no hidden unit", () => make({ hidden: 0 }), /hidden to be an integer ≥ 1, got 0/],
    ["no input", () => make({ inputs: 0 }), /inputs to be an integer ≥ 1/],
    ["a broken number of outputs", () => make({ outputs: 2.5 }), /outputs to be an integer ≥ 1, got 2\.5/],
    ["a bias that is neither", () => make({ bias: 1 }), /bias to be true or false, got 1/],
    ["a negative seed", () => net.init(-1), /seed to be an integer ≥ 0/],
    [
      "a negative strength",
      () => hsrObjective(net, { x, y }, { strength: -0.1 }),
      /hsrObjective.*strength.*≥ 0, got -0\.1/,
    ],
    [
      "a strength that is not a number",
      () => hsrObjective(net, { x, y }, { strength: Number.NaN }),
      /strength.*got NaN/,
    ],
    [
      "an unknown route",
      () => spectralMoments(net, theta, { x, y }, { route: "fast" as never }),
      /route to be one of auto, gram, blocks, got "fast"/,
    ],
  ]);
});
