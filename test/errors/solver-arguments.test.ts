import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  hutchPlusPlusTrace,
  type LinearOperator,
  lanczos,
  NonFiniteError,
  powerIteration,
  productOperator,
  ShapeError,
  SymmetryError,
  stochasticLanczosQuadrature,
} from "../../src/index.js";
import {
  asOperator,
  diagonalEstimate,
  frobeniusEstimate,
  hutchinsonTrace,
  matrixOperator,
  quadratureMoments,
  quadratureTrace,
  spectralDensity,
} from "../../src/linalg/index.js";
import { refusals } from "./refusals.js";

const A = matrixOperator([
  [2, 1, 0],
  [1, 3, 1],
  [0, 1, 4],
]);
const quadrature = stochasticLanczosQuadrature(A);

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
    expect(() => call({ size: 2 } as never)).toThrow(/apply to be a function .*got undefined/);
  });

  it.each(functions.slice(0, 7))("takes null for options, and refuses a bad seed: %s", (name, call) => {
    expect(call(A, null as never)).toEqual(call(A));
    for (const seed of [-1, 0.5, "1"]) {
      expect(() => call(A, { seed })).toThrow(new RegExp(`^${name}: expected seed to be an integer ≥ 0`));
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

describe("an ArgumentError refuses, of operators, and names what made them,", () => {
  const product = productOperator(3, (v) => v);
  refusals(ArgumentError, "invalid-argument", [
    ["a sum with nothing", () => A.plus(undefined as never), /matrixOperator: .*the other operator/],
    ["an infinite factor", () => A.scaled(Number.POSITIVE_INFINITY), /matrixOperator: .*factor.*Infinity/],
    ["a shift of NaN", () => product.shifted(Number.NaN), /productOperator: .*shift/],
    ["no range", () => A.restricted(undefined as never), /matrixOperator: .*range.*parameterRange/],
    [
      "an empty range",
      () => A.restricted({ from: 1, to: 1 }),
      /matrixOperator: .*range.to to be an integer ≥ 2/,
    ],
    [
      "a range beyond the end",
      () => A.scaled(2).restricted({ from: 1, to: 4 }),
      /matrixOperator: .*range.to ≤ n = 3, got 4/,
    ],
    ["a range before the start", () => A.restricted({ from: -1, to: 2 }), /matrixOperator: .*range.from/],
    ["no product", () => productOperator(3, undefined as never), /productOperator: .*function/],
    ["no size", () => productOperator(0, (v) => v), /productOperator: .*size.*≥ 1/],
  ]);
});

describe("a ShapeError refuses, of operators,", () => {
  refusals(ShapeError, "shape-mismatch", [
    [
      "a sum of different sizes",
      () => A.plus(matrixOperator([[1]])),
      /matrixOperator: .*one size, 3, got one of 1/,
    ],
    [
      "a product of another length",
      () => lanczos(productOperator(3, () => new Float64Array(2))),
      /productOperator: .*length 3, got Float64Array of length 2/,
    ],
    [
      "a vector of another length, late in the algebra",
      () => A.plus(A).scaled(2).apply(new Float64Array(2), new Float64Array(3)),
      /matrixOperator: .*v to be a Float64Array of length 3/,
    ],
  ]);
});

describe("errors of other kinds refuse, of operators as matrices,", () => {
  refusals(SymmetryError, "not-symmetric", [
    [
      "products that are not those of a symmetric matrix",
      () => productOperator(2, (v) => Float64Array.of(v[1], 2 * v[0])).toMatrix(),
      /productOperator: expected .*symmetric/,
    ],
  ]);
  refusals(NonFiniteError, "non-finite", [
    [
      "products that are not finite",
      () => asOperator({ size: 2, apply: (_, out) => void out.fill(Number.NaN) }).toMatrix(),
      /asOperator: expected .*finite.*, got NaN/,
    ],
  ]);
});
