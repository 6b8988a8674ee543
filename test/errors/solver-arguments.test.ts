import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  diagonalEstimate,
  frobeniusEstimate,
  hutchinsonTrace,
  hutchPlusPlusTrace,
  type LinearOperator,
  lanczos,
  matrixOperator,
  powerIteration,
  productOperator,
  quadratureMoments,
  quadratureTrace,
  restrictedOperator,
  ShapeError,
  scaledOperator,
  shiftedOperator,
  spectralDensity,
  stochasticLanczosQuadrature,
  sumOperator,
} from "../../src/index.js";
import { refusals } from "./refusals.js";

const A = matrixOperator([
  [2, 1, 0],
  [1, 3, 1],
  [0, 1, 4],
]);
const quadrature = stochasticLanczosQuadrature(A);

/** Every function of an operator. */
const doors: readonly [name: string, knock: (operator: LinearOperator, options?: object) => unknown][] = [
  ["powerIteration", powerIteration],
  ["lanczos", lanczos],
  ["stochasticLanczosQuadrature", stochasticLanczosQuadrature],
  ["hutchinsonTrace", hutchinsonTrace],
  ["hutchPlusPlusTrace", hutchPlusPlusTrace],
  ["diagonalEstimate", diagonalEstimate],
  ["frobeniusEstimate", frobeniusEstimate],
  ["sumOperator", (operator) => sumOperator(operator)],
  ["scaledOperator", (operator) => scaledOperator(operator, 1)],
  ["shiftedOperator", (operator) => shiftedOperator(operator, 1)],
  ["restrictedOperator", (operator) => restrictedOperator(operator, 0, 1)],
];

describe("every function of an operator, by its own name,", () => {
  it.each(doors)("refuses what is none: %s", (name, knock) => {
    const expected = new RegExp(`^${name}: expected operator`);
    for (const wrong of [undefined, null, 3]) {
      expect(() => knock(wrong as never)).toThrow(ArgumentError);
      expect(() => knock(wrong as never)).toThrow(expected);
    }
    expect(() => knock({ size: 0, apply() {} })).toThrow(/size to be an integer ≥ 1, got 0/);
    expect(() => knock({ size: 2.5, apply() {} })).toThrow(expected);
    expect(() => knock({ size: 2 } as never)).toThrow(/apply to be a function .*got undefined/);
  });

  it.each(doors.slice(0, 7))("takes null for options, and refuses a bad seed: %s", (name, knock) => {
    expect(knock(A, null as never)).toEqual(knock(A));
    for (const seed of [-1, 0.5, "1"]) {
      expect(() => knock(A, { seed })).toThrow(new RegExp(`^${name}: expected seed to be an integer ≥ 0`));
    }
  });
});

describe("an ArgumentError refuses, of solvers,", () => {
  refusals(ArgumentError, "invalid-argument", [
    ["no pair", () => lanczos(A, { k: 0 }), /lanczos: .*k to be an integer ≥ 1, got 0/],
    ["more pairs than there are", () => lanczos(A, { k: 4 }), /lanczos: .*k to be .*≤ 3, got 4/],
    [
      "an end that is none",
      () => lanczos(A, { which: "middle" as never }),
      /which to be one of largest, smallest, both/,
    ],
    ["a negative tolerance", () => lanczos(A, { tolerance: -1 }), /lanczos: .*tolerance.*≥ 0/],
    ["no iterations", () => lanczos(A, { maxIterations: 0 }), /lanczos: .*maxIterations.*≥ 1/],
    [
      "a basis that is too small",
      () => lanczos(A, { k: 2, basisSize: 2 }),
      /lanczos: .*basisSize.*≥ 3, got 2/,
    ],
    [
      "an unknown extreme",
      () => powerIteration(A, { which: "both" as never }),
      /powerIteration: .*magnitude, largest, smallest/,
    ],
    ["a tolerance of NaN", () => powerIteration(A, { tolerance: Number.NaN }), /powerIteration: .*tolerance/],
    ["half an iteration", () => powerIteration(A, { maxIterations: 0.5 }), /powerIteration: .*maxIterations/],
  ]);
});

describe("an ArgumentError refuses, of estimates,", () => {
  refusals(ArgumentError, "invalid-argument", [
    [
      "one sample",
      () => hutchinsonTrace(A, { samples: 1 }),
      /hutchinsonTrace: .*samples.*≥ 2, got 1; .*standard error/,
    ],
    ["one sample of the diagonal", () => diagonalEstimate(A, { samples: 1 }), /diagonalEstimate: .*samples/],
    ["one sample of the norm", () => frobeniusEstimate(A, { samples: 1 }), /frobeniusEstimate: .*samples/],
    [
      "too few products",
      () => hutchPlusPlusTrace(A, { products: 5 }),
      /hutchPlusPlusTrace: .*products.*≥ 6, got 5/,
    ],
    [
      "one probe",
      () => stochasticLanczosQuadrature(A, { probes: 1 }),
      /stochasticLanczosQuadrature: .*probes.*≥ 2/,
    ],
    [
      "no steps",
      () => stochasticLanczosQuadrature(A, { steps: 0 }),
      /stochasticLanczosQuadrature: .*steps.*≥ 1/,
    ],
    [
      "no quadrature",
      () => quadratureTrace(undefined as never, Math.log),
      /quadratureTrace: .*quadrature to be an object/,
    ],
    ["another object", () => spectralDensity({} as never), /spectralDensity: .*stochasticLanczosQuadrature/],
    ["a negative power", () => quadratureMoments(quadrature, -1), /quadratureMoments: .*highest.*≥ 0/],
    ["a width of 0", () => spectralDensity(quadrature, { width: 0 }), /spectralDensity: .*width.*> 0/],
    [
      "a grid of one point",
      () => spectralDensity(quadrature, { points: 1 }),
      /spectralDensity: .*points.*≥ 2/,
    ],
    ["an empty grid", () => spectralDensity(quadrature, { from: 1, to: 1 }), /spectralDensity: .*to.*> 1/],
  ]);
});

describe("an ArgumentError refuses, of operators,", () => {
  refusals(ArgumentError, "invalid-argument", [
    ["a sum of none", () => sumOperator(), /sumOperator: .*one operator or more, got none/],
    [
      "an infinite factor",
      () => scaledOperator(A, Number.POSITIVE_INFINITY),
      /scaledOperator: .*factor.*Infinity/,
    ],
    ["a shift of NaN", () => shiftedOperator(A, Number.NaN), /shiftedOperator: .*shift/],
    ["an empty range", () => restrictedOperator(A, 1, 1), /restrictedOperator: .*to to be an integer ≥ 2/],
    ["a range beyond the end", () => restrictedOperator(A, 1, 4), /restrictedOperator: .*to ≤ n = 3, got 4/],
    ["a range before the start", () => restrictedOperator(A, -1, 2), /restrictedOperator: .*from/],
    ["no product", () => productOperator(3, undefined as never), /productOperator: .*function/],
    ["no size", () => productOperator(0, (v) => v), /productOperator: .*size.*≥ 1/],
  ]);
});

describe("a ShapeError refuses, of operators,", () => {
  refusals(ShapeError, "shape-mismatch", [
    [
      "a sum of different sizes",
      () => sumOperator(A, matrixOperator([[1]])),
      /sumOperator: .*one size, 3, got one of 1/,
    ],
    [
      "a product of another length",
      () => lanczos(productOperator(3, () => new Float64Array(2))),
      /productOperator: .*length 3, got Float64Array of length 2/,
    ],
  ]);
});
