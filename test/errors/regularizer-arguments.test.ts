import { describe } from "vitest";
import { ArgumentError, hsrObjective, lossObjective, threeLayerNet } from "../../src/index.js";
import {
  frobeniusObjective,
  gradientNormObjective,
  largestEigenvalueObjective,
  noiseObjective,
  smoothLabels,
  traceObjective,
  weightDecayObjective,
} from "../../src/regularizers/index.js";
import { quadratic } from "../optim/quadratic.js";
import { extents, net, refusals, x, y } from "./refusals.js";

const batch = { x, y };
const nothing = undefined as never;
const f = lossObjective(net, batch);
const hsr = (options: object) => hsrObjective(net, batch, { strength: 1, ...options } as never);
const largest = (options: object) => largestEigenvalueObjective(net, batch, { strength: 1, ...options });
const noise = (options: object) => noiseObjective(f, { deviation: 1, seed: 1, ...options });

describe("an ArgumentError refuses, of objectives beside the loss,", () => {
  refusals(ArgumentError, "invalid-argument", [
    [
      "no options of a trace",
      () => traceObjective(net, batch, nothing),
      /traceObjective: .*at least \{ strength \}/,
    ],
    [
      "a negative trace",
      () => traceObjective(net, batch, { strength: -1 }),
      /traceObjective: .*strength.*≥ 0, got -1/,
    ],
    ["no options of a norm", () => frobeniusObjective(net, batch, nothing), /frobeniusObjective: .*options/],
    [
      "a negative norm",
      () => frobeniusObjective(net, batch, { strength: -1 }),
      /frobeniusObjective: .*strength/,
    ],
    [
      "an unknown route",
      () => frobeniusObjective(net, batch, { strength: 1, route: "fast" as never }),
      /frobeniusObjective: .*route/,
    ],
    [
      "no options of an eigenvalue",
      () => largestEigenvalueObjective(net, batch, nothing),
      /largestEigenvalueObjective/,
    ],
    ["a negative eigenvalue", () => largest({ strength: -1 }), /largestEigenvalueObjective: .*strength/],
    [
      "an unknown solver",
      () => largest({ solver: "power" }),
      /solver to be one of auto, dense, lanczos, got "power"/,
    ],
    ["a tolerance of 0", () => largest({ tolerance: 0 }), /tolerance.*> 0, got 0/],
    ["no iterations", () => largest({ maxIterations: 0 }), /maxIterations.*≥ 1/],
    ["a solver's broken seed", () => largest({ seed: 0.5 }), /largestEigenvalueObjective: .*seed/],
    [
      "an unknown form",
      () => hsr({ form: "sum" }),
      /hsrObjective: .*form to be one of added, unit-direction, alternating/,
    ],
    [
      "a period of another form",
      () => hsr({ period: 3 }),
      /no period with form "added", got 3; .*form: "alternating"/,
    ],
    [
      "a scaling of another form",
      () => hsr({ form: "alternating", scaling: "none" }),
      /no scaling with form "alternating", got "none"; .*"unit-direction"/,
    ],
    ["a period of 1", () => hsr({ form: "alternating", period: 1 }), /period.*≥ 2, got 1; .*no step/],
    [
      "an unknown scaling",
      () => hsr({ form: "unit-direction", scaling: "loss" }),
      /scaling to be one of none, loss-gradient/,
    ],
    [
      "no objective to penalise",
      () => gradientNormObjective(nothing, { strength: 1 }),
      /gradientNormObjective: .*objective/,
    ],
    [
      "no options of a gradient's norm",
      () => gradientNormObjective(f, nothing),
      /gradientNormObjective: .*options/,
    ],
    ["a negative gradient's norm", () => gradientNormObjective(f, { strength: -1 }), /strength.*≥ 0/],
    [
      "squared that is neither",
      () => gradientNormObjective(f, { strength: 1, squared: 2 as never }),
      /squared to be true or false, got 2/,
    ],
    [
      "an objective without products",
      () => gradientNormObjective(quadratic([1]), { strength: 1 }),
      /an objective with hessianVectorProduct, got object.*lossObjective.*minibatchObjective/,
    ],
    [
      "no objective to decay",
      () => weightDecayObjective(nothing, { strength: 1 }),
      /weightDecayObjective: .*objective/,
    ],
    ["no options of decay", () => weightDecayObjective(f, nothing), /weightDecayObjective: .*options/],
    [
      "negative decay",
      () => weightDecayObjective(f, { strength: -1 }),
      /weightDecayObjective: .*strength.*≥ 0/,
    ],
    [
      "no objective to disturb",
      () => noiseObjective(nothing, { deviation: 1, seed: 1 }),
      /noiseObjective: .*objective/,
    ],
    ["no options of noise", () => noiseObjective(f, nothing), /noiseObjective: .*\{ deviation, seed \}/],
    ["negative noise", () => noise({ deviation: -1 }), /noiseObjective: .*deviation.*≥ 0/],
    ["noise in no direction", () => noise({ directions: 0 }), /noiseObjective: .*directions.*≥ 1/],
    ["noise without a seed", () => noise({ seed: undefined }), /noiseObjective: .*seed.*got undefined/],
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
        smoothLabels(threeLayerNet({ ...extents, loss: "sigmoid-cross-entropy" }), batch, { smoothing: 0.1 }),
      /softmax-cross-entropy, got "sigmoid-cross-entropy"/,
    ],
  ]);
});
