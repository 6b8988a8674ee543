import { describe } from "vitest";
import { ArgumentError, objectiveOf } from "../../src/index.js";
import { refusals } from "../refusals.js";

describe("objectiveOf refuses", () => {
  refusals(ArgumentError, "invalid-argument", [
    [
      "an objective of no size",
      () => objectiveOf(undefined as never, () => ({}) as never),
      /objectiveOf: .*size/,
    ],
    [
      "an objective of no function",
      () => objectiveOf(2, 3 as never),
      /objectiveOf: .*valueAndGradient.*got 3/,
    ],
  ]);
});
