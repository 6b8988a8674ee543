import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  exactHessian,
  hessianOperator,
  hutchinsonTrace,
  type LinearOperator,
  lanczos,
  lossObjective,
  NonFiniteError,
  type Operator,
  parameterRange,
  powerIteration,
  productOperator,
  randomStream,
  ShapeError,
  SymmetryError,
  type Tensor,
  tensor,
  threeLayerNet,
} from "../../src/index.js";
import { asOperator, diagonalEstimate, matrixOperator } from "../../src/linalg/index.js";
import { expectClose } from "../oracles/compare.js";
import { symmetric, times } from "../oracles/plain-matrix.js";
import { refusals } from "../refusals.js";

const stream = randomStream(3, "operators");
const n = 11;
const a = symmetric(n, () => stream.normal());
const b = symmetric(n, () => stream.normal());
const v = Float64Array.from({ length: n }, () => stream.normal());

function product(operator: LinearOperator, vector: Float64Array): Float64Array {
  const out = new Float64Array(operator.size).fill(Number.NaN);
  const before = vector.slice();
  operator.apply(vector, out);
  expect(vector).toEqual(before);
  return out;
}

/** The matrix of entry(i, j), i and j in any order. */
const entrywise = (size: number, entry: (i: number, j: number) => number): Tensor =>
  tensor(
    Float64Array.from({ length: size * size }, (_, at) => entry(Math.floor(at / size), at % size)),
    [size, size],
  );
const at = (matrix: Tensor, i: number, j: number): number => matrix.data[i * n + j];

describe("operators, against plain loops over the matrix they stand for,", () => {
  const A = matrixOperator(a);
  const B = matrixOperator(b);
  const plainB: LinearOperator = { size: n, apply: (x, out) => out.set(times(b, x)) };
  const cases: readonly [string, Operator, Tensor][] = [
    ["a dense matrix", A, a],
    ["a function that returns", productOperator(n, (x) => times(a, x)), a],
    ["a function that writes", productOperator(n, (x, out) => out.set(times(a, x))), a],
    ["a sum", A.plus(B).plus(A), entrywise(n, (i, j) => 2 * at(a, i, j) + at(b, i, j))],
    ["an operator of the caller's own", asOperator(plainB), b],
    ["a sum with one of the caller's own", A.plus(plainB), entrywise(n, (i, j) => at(a, i, j) + at(b, i, j))],
    ["a sum with itself", A.plus(A), entrywise(n, (i, j) => 2 * at(a, i, j))],
    ["a multiple", A.scaled(-2.5), entrywise(n, (i, j) => -2.5 * at(a, i, j))],
    ["a shift", A.shifted(0.7), entrywise(n, (i, j) => at(a, i, j) + (i === j ? 0.7 : 0))],
    ["a leading block", A.restricted({ from: 0, to: 4 }), entrywise(4, (i, j) => at(a, i, j))],
    ["a middle block", A.restricted({ from: 3, to: 8 }), entrywise(5, (i, j) => at(a, 3 + i, 3 + j))],
    ["a last block", A.restricted({ from: 10, to: 11 }), entrywise(1, () => at(a, 10, 10))],
    ["the whole as a block", A.restricted({ from: 0, to: n }), a],
    [
      "a block of a multiple of a sum",
      A.plus(B).scaled(3).restricted({ from: 2, to: 6 }),
      entrywise(4, (i, j) => 3 * (at(a, 2 + i, 2 + j) + at(b, 2 + i, 2 + j))),
    ],
  ];

  it.each(cases)("%s", (_, operator, matrix) => {
    const size = matrix.shape[0];
    expect(operator.size).toBe(size);
    // Twice, with another vector first: nothing may be left over.
    product(operator, v.slice(0, size).reverse());
    expectClose(product(operator, v.slice(0, size)), times(matrix, v.slice(0, size)), 1e-14);
  });

  it.each(cases)("%s as a matrix, symmetric to the bit", (_, operator, matrix) => {
    const size = matrix.shape[0];
    const found = operator.toMatrix();
    expect(found.shape).toEqual([size, size]);
    expectClose(found.data, matrix.data, 1e-14);
    for (let i = 0; i < size; i++)
      for (let j = 0; j < i; j++) expect(found.data[i * size + j]).toBe(found.data[j * size + i]);
  });

  it.each(cases)("%s checks its vectors", (_, operator) => {
    const right = new Float64Array(operator.size);
    const wrong = new Float64Array(operator.size + 1);
    expect(() => operator.apply(wrong, right)).toThrow(ShapeError);
    expect(() => operator.apply(right, wrong)).toThrow(/out to be a Float64Array of length/);
    expect(() => operator.apply(Array.from(right) as never, right)).toThrow(ShapeError);
  });
});

describe("matrixOperator", () => {
  it.each([1, 2, 3, 4, 5, 8, 17])("multiplies for every remainder of its unrolled loop, n = %i", (size) => {
    const matrix = symmetric(size, () => stream.normal());
    const vector = Float64Array.from({ length: size }, () => stream.normal());
    expectClose(product(matrixOperator(matrix), vector), times(matrix, vector), 1e-14);
  });

  it("takes rows and strided views, and the symmetric part of what is symmetric up to rounding", () => {
    const rows = [
      [1, 2 + 1e-15],
      [2 - 1e-15, 3],
    ];
    expect(product(matrixOperator(rows), Float64Array.of(0, 1))).toEqual(Float64Array.of(2, 3));
    const view = { data: Float64Array.of(9, 1, 9, 2, 9, 2, 9, 5), shape: [2, 2], stride: [4, 2], offset: 1 };
    expect(product(matrixOperator(view), Float64Array.of(1, 1))).toEqual(Float64Array.of(3, 7));
  });

  it("does not see later changes of the matrix", () => {
    const matrix = symmetric(2, () => 1);
    const operator = matrixOperator(matrix);
    matrix.data.fill(5);
    expect(product(operator, Float64Array.of(1, 1))).toEqual(Float64Array.of(2, 2));
  });

  it("refuses what symmetricEigen refuses, by its own name", () => {
    const wrong = (rows: number[][]) => () => matrixOperator(rows);
    expect(wrong([[1, 2, 3]])).toThrow(ShapeError);
    expect(wrong([[Number.NaN]])).toThrow(NonFiniteError);
    const asymmetric = wrong([
      [1, 2],
      [3, 4],
    ]);
    expect(asymmetric).toThrow(SymmetryError);
    expect(asymmetric).toThrow(/^matrixOperator: .*a\[1,0\] and a\[0,1\]/);
  });
});

describe("productOperator", () => {
  it("takes an objective's Hessian–vector product: the same as the matrix-free and the dense Hessian", () => {
    const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
    const theta = net.init(4);
    const batch = {
      x: [
        [1, 2],
        [0, -1],
        [0.5, 3],
      ],
      y: [0, 1, 1],
    };
    const objective = lossObjective(net, batch);
    const operator = productOperator(objective.size, (x) => objective.hessianVectorProduct!(theta, x));
    const vector = Float64Array.from({ length: net.size }, () => stream.normal());
    const dense = times(exactHessian(net, theta, batch), vector);
    expectClose(product(operator, vector), dense, 1e-13);
    expectClose(product(hessianOperator(net, theta, batch), vector), dense, 1e-13);
    // The curvature of the first layer's weights alone.
    const block = operator.restricted(parameterRange(net, "W1"));
    const padded = Float64Array.from({ length: net.size }, (_, i) => (i < 6 ? vector[i] : 0));
    const wanted = times(exactHessian(net, theta, batch), padded).slice(0, 6);
    expectClose(product(block, vector.slice(0, 6)), wanted, 1e-13);
  });

  it("refuses a product of another length, and leaves NaN where nothing was written", () => {
    const out = new Float64Array(3);
    const wrong = productOperator(3, () => new Float64Array(2));
    expect(() => wrong.apply(new Float64Array(3), out)).toThrow(
      /the product to be a Float64Array of length 3/,
    );
    productOperator(3, (_v, _out) => {}).apply(new Float64Array(3), out);
    expect(out).toEqual(new Float64Array(3).fill(Number.NaN));
  });
});

describe("operators refuse, and name what made them,", () => {
  const A = matrixOperator([
    [2, 1, 0],
    [1, 3, 1],
    [0, 1, 4],
  ]);
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

describe("operators that break their contract", () => {
  const size = 20;
  const diagonal = Float64Array.from({ length: size }, (_, i) => (i + 1) / size);
  const trace = diagonal.reduce((sum, entry) => sum + entry, 0);
  const scale = (v: Float64Array): Float64Array => {
    for (let i = 0; i < size; i++) v[i] *= diagonal[i];
    return v;
  };
  const inPlace: LinearOperator = {
    size,
    apply(v, out) {
      out.set(scale(v));
    },
  };
  const adding: LinearOperator = {
    size,
    apply(v, out) {
      for (let i = 0; i < size; i++) out[i] += diagonal[i] * v[i];
    },
  };

  it.each([
    ["productOperator", productOperator(size, scale)],
    ["asOperator", asOperator(inPlace)],
    ["one of the caller's own", inPlace],
  ])("%s: a product in place is the product", (_, operator) => {
    expect(hutchinsonTrace(operator).value).toBeCloseTo(trace, 12);
    expect(lanczos(operator).values[0]).toBeCloseTo(1, 12);
    expect(powerIteration(operator, { maxIterations: 5000 }).value).toBeCloseTo(1, 6);
    expect(diagonalEstimate(operator).values).toEqual(
      diagonalEstimate(matrixOperator(diagonalMatrix())).values,
    );
    const sum = matrixOperator(diagonalMatrix()).plus(operator).toMatrix();
    expect(sum.data[0]).toBe(2 * diagonal[0]);
    const given = new Float64Array(size).fill(1);
    asOperator(operator).apply(given, new Float64Array(size));
    expect(given).toEqual(new Float64Array(size).fill(1));
  });

  it.each([
    ["productOperator", productOperator(size, (v, out) => adding.apply(v, out))],
    ["asOperator", asOperator(adding)],
    ["one of the caller's own", adding],
  ])("%s: a product that adds to what it finds is refused", (_, operator) => {
    for (const solve of [
      hutchinsonTrace,
      lanczos,
      powerIteration,
      diagonalEstimate,
      (a: LinearOperator) => asOperator(a).toMatrix(),
    ])
      expect(() => solve(operator)).toThrow(NonFiniteError);
    expect(() => lanczos(operator)).toThrow(/overwrites all of `out`/);
  });

  function diagonalMatrix(): number[][] {
    return Array.from(diagonal, (entry, i) => Array.from(diagonal, (_, j) => (i === j ? entry : 0)));
  }
});
