import { describe } from "vitest";
import { ArgumentError, lossObjective } from "../../../src/index.js";
import { adaptiveSharpness, epsilonSharpness, keskarSharpness } from "../../../src/landscape/index.js";
import { refusals } from "../../refusals.js";
import { net, theta, x, y } from "../../small-network.js";

describe("measures of sharpness refuse", () => {
  const objective = lossObjective(net, { x, y });
  const radius = 0.1;
  const nothing = undefined as never;
  refusals(ArgumentError, "invalid-argument", [
    [
      "no options of ε",
      () => epsilonSharpness(objective, theta, nothing),
      /epsilonSharpness.*at least \{ radius \}/,
    ],
    [
      "no options of ρ",
      () => adaptiveSharpness(objective, theta, nothing),
      /adaptiveSharpness.*\{ radius \}/,
    ],
    [
      "no options of a box",
      () => keskarSharpness(objective, theta, nothing),
      /keskarSharpness.*\{ radius \}/,
    ],
    ["no radius", () => epsilonSharpness(objective, theta, {} as never), /radius.*> 0, got undefined/],
    ["a radius of 0", () => keskarSharpness(objective, theta, { radius: 0 }), /keskarSharpness.*radius.*> 0/],
    [
      "broken restarts",
      () => epsilonSharpness(objective, theta, { radius, restarts: 0.5 }),
      /restarts.*integer/,
    ],
    [
      "a negative tolerance",
      () => epsilonSharpness(objective, theta, { radius, tolerance: -1 }),
      /tolerance.*≥ 0/,
    ],
    [
      "no steps",
      () => epsilonSharpness(objective, theta, { radius, maxIterations: 0 }),
      /maxIterations.*≥ 1/,
    ],
    ["a negative seed", () => epsilonSharpness(objective, theta, { radius, seed: -1 }), /seed.*≥ 0/],
    [
      "an unknown normalization",
      () => adaptiveSharpness(objective, theta, { radius, normalization: "row" as never }),
      /adaptiveSharpness: .*normalization to be one of none, network, layer, filter, element, got "row"/,
    ],
    [
      "filters without a layout",
      () => adaptiveSharpness(objective, theta, { radius, normalization: "filter" }),
      /adaptiveSharpness: expected layout .*net\.layout/,
    ],
    [
      "a negative offset",
      () => adaptiveSharpness(objective, theta, { radius, offset: -1 }),
      /adaptiveSharpness: .*offset.*≥ 0/,
    ],
    [
      "a loss of −1, to which Keskar's sharpness has no relation",
      () =>
        keskarSharpness(
          { ...objective, valueAndGradient: (at) => ({ value: -1, gradient: at.slice() }) },
          theta,
          { radius },
        ),
      /keskarSharpness: expected a loss above −1 at theta, got -1/,
    ],
  ]);
});
