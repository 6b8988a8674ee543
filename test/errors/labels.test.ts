import { describe } from "vitest";
import { LabelError } from "../../src/index.js";
import { loss, refusals, under } from "./refusals.js";

describe("a LabelError refuses", () => {
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
});
