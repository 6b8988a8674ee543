import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  hutchPlusPlusTrace,
  type LinearOperator,
  lanczos,
  powerIteration,
  stochasticLanczosQuadrature,
} from "../../src/index.js";
import {
  asOperator,
  diagonalEstimate,
  frobeniusEstimate,
  hutchinsonTrace,
  matrixOperator,
} from "../../src/linalg/index.js";

const A = matrixOperator([
  [2, 1, 0],
  [1, 3, 1],
  [0, 1, 4],
]);
/** Every function of an operator. */
const functions: readonly [name: string, call: (operator: LinearOperator, options?: object) => unknown][] = [
  ["powerIteration", powerIteration],
  ["lanczos", lanczos],
  ["stochasticLanczosQuadrature", stochasticLanczosQuadrature],
  ["hutchinsonTrace", hutchinsonTrace],
  ["hutchPlusPlusTrace", hutchPlusPlusTrace],
  ["diagonalEstimate", diagonalEstimate],
  ["frobeniusEstimate", frobeniusEstimate],
  ["asOperator", asOperator],
];

describe("every function of an operator, by its own name,", () => {
  it.each(functions)("refuses what is none: %s", (name, call) => {
    const expected = new RegExp(`^${name}: expected operator`);
    for (const wrong of [undefined, null, 3]) {
      expect(() => call(wrong as never)).toThrow(ArgumentError);
      expect(() => call(wrong as never)).toThrow(expected);
    }
    expect(() => call({ size: 0, apply() {} })).toThrow(/size to be an integer ≥ 1, got 0/);
    expect(() => call({ size: 2.5, apply() {} })).toThrow(expected);
    expect(() => call({ size: 2 } as never)).toThrow(/to be \{ size, apply: .*\}, got object with keys size/);
  });

  it.each(functions.slice(0, 7))("takes null for options, and refuses a bad seed: %s", (name, call) => {
    expect(call(A, null as never)).toEqual(call(A));
    for (const seed of [-1, 0.5, "1"]) {
      expect(() => call(A, { seed })).toThrow(new RegExp(`^${name}: expected seed to be an integer ≥ 0`));
    }
  });
});
