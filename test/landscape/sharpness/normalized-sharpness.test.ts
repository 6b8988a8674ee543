import { describe } from "vitest";
import { ArgumentError, lossObjective, ShapeError } from "../../../src/index.js";
import { normalizedSharpness } from "../../../src/landscape/index.js";
import { refusals } from "../../refusals.js";
import { net, theta, x, y } from "../../small-network.js";

describe("normalizedSharpness refuses", () => {
  const objective = lossObjective(net, { x, y });
  const { layout } = net;
  refusals(ArgumentError, "invalid-argument", [
    [
      "a normalized tolerance",
      () => normalizedSharpness(objective, theta, { tolerance: -1 }),
      /normalizedSharpness: .*tolerance/,
    ],
    [
      "a normalized seed",
      () => normalizedSharpness(objective, theta, { seed: -1 }),
      /normalizedSharpness: .*seed/,
    ],
  ]);
  refusals(ShapeError, "shape-mismatch", [
    [
      "a layout with a gap",
      () => normalizedSharpness(objective, theta, { normalization: "layer", layout: layout.slice(1) }),
      /normalizedSharpness: expected b1 to begin at 0, got 6/,
    ],
  ]);
});
