import { describe, expect, it } from "vitest";
import { comparison, finding, plainText } from "../src/text/finding.js";
import { count, number, percent } from "../src/text/numbers.js";

const snapshot = (lambda: number, loss: number, accuracy: number) => ({
  step: 3000,
  theta: new Float64Array(2),
  loss,
  accuracy,
  bound: 2 * lambda,
  values: Float64Array.of(-0.1, lambda),
});

describe("the finding", () => {
  it("says what came of both methods", () => {
    const pieces = finding(
      { method: "hsr", strength: 0.1 },
      [snapshot(2.16, 0.152, 0.9533), snapshot(0.367, 0.248, 0.9467)],
      150,
    );
    expect(plainText(pieces)).toBe(
      "Same data, same start, 3\u202f000 steps each: under HSR 0.1 the steepest direction is 5.9 times flatter (λ_max 0.367 against 2.16), at a training loss of 0.248 against 0.152. Of 150 fresh samples it gets 94.7 % right, against 95.3 %.",
    );
  });

  it("says it as well where a method makes it sharper, or makes no difference", () => {
    expect(comparison(1, 4)).toBe("4.0 times sharper");
    expect(comparison(1, 1.04)).toBe("as steep");
    expect(comparison(1, -0.1)).toBe("not to be compared");
  });

  it("has true minus signs, and thousands apart", () => {
    expect([number(-1.5e-7), number(-0.25), number(Number.NaN), percent(0.5), count(1234567)]).toEqual([
      "−1.50e−7",
      "−0.250",
      "none",
      "50.0 %",
      "1\u202f234\u202f567",
    ]);
  });
});
