import { describe, expect, it } from "vitest";
import {
  blockNormBounds,
  centralMoments,
  gershgorinBounds,
  matrixBounds,
  matrixMoments,
} from "../../../src/bounds/index.js";
import {
  ArgumentError,
  curvatureSummary,
  type MatrixLike,
  NonFiniteError,
  productOperator,
  ShapeError,
  SymmetryError,
  symmetricEigen,
  symmetricPart,
} from "../../../src/index.js";
import { langevinCovariance, sgdCovariance } from "../../../src/landscape/index.js";
import { matrixOperator, type SymmetryOptions } from "../../../src/linalg/index.js";
import { refusals } from "../../refusals.js";

// A Hessian of single precision: its halves were rounded apart.
const single = [
  [2, Math.fround(0.1)],
  [Math.fround(0.1) * (1 + 1e-7), 1],
];
const part = { data: Float64Array.of(2, 0, 0, 1), shape: [2, 2] };
part.data[1] = part.data[2] = (single[0][1] + single[1][0]) / 2;

const functions: Readonly<Record<string, (a: MatrixLike, options?: SymmetryOptions) => unknown>> = {
  symmetricEigen,
  matrixOperator: (a, options) => matrixOperator(a, options).toMatrix().data,
  toMatrix: (a, options = { symmetryTolerance: 1e-12 }) => {
    const rows = a as number[][];
    const entry = (i: number, j: number): number => rows[i]?.[j] ?? part.data[2 * i + j];
    return productOperator(2, ([v, w]) =>
      Float64Array.of(entry(0, 0) * v + entry(0, 1) * w, entry(1, 0) * v + entry(1, 1) * w),
    ).toMatrix(options).data;
  },
  curvatureSummary,
  matrixMoments,
  matrixBounds,
  gershgorinBounds,
  centralMoments,
  blockNormBounds: (a, options) =>
    blockNormBounds(
      a,
      [
        { from: 0, to: 1 },
        { from: 1, to: 2 },
      ],
      options,
    ),
  langevinCovariance: (a, options) => langevinCovariance(a, { temperature: 1, ...options }),
  "sgdCovariance, of the Hessian": (a, options) =>
    sgdCovariance(
      a,
      [
        [1, 0],
        [0, 1],
      ],
      { learningRate: 0.1, ...options },
    ),
  "sgdCovariance, of the noise": (a, options) =>
    sgdCovariance(
      [
        [1, 0],
        [0, 1],
      ],
      a,
      { learningRate: 0.1, ...options },
    ),
};

describe.each(Object.entries(functions))("%s", (_, f) => {
  it("refuses a matrix of single precision, and says what to do", () => {
    expect(() => f(single)).toThrow(SymmetryError);
    expect(() => f(single)).toThrow(/pass symmetricPart\(A\).*symmetryTolerance/);
  });

  it("takes it with a tolerance, as its symmetric part", () => {
    expect(f(single, { symmetryTolerance: 1e-6 })).toEqual(f(part));
  });

  it("refuses a tolerance that is none", () => {
    for (const symmetryTolerance of [-1, Number.NaN, "1" as never])
      expect(() => f(single, { symmetryTolerance })).toThrow(ArgumentError);
  });
});

describe("symmetryTolerance", () => {
  it("is relative to the largest entry, wherever it stands", () => {
    for (const a of [
      [
        [0, 1],
        [0, 0],
      ],
      [
        [0, 0],
        [1, 0],
      ],
    ]) {
      expect(symmetricEigen(a, { symmetryTolerance: 1 }).values[1]).toBeCloseTo(0.5, 15);
      expect(() => symmetricEigen(a, { symmetryTolerance: 0.999 })).toThrow(SymmetryError);
    }
  });
});

describe("symmetricPart", () => {
  it("is (A + Aᵀ)/2, whatever A is, and leaves it alone", () => {
    const a = Float64Array.of(1, 8, -2, 5);
    const { data, shape } = symmetricPart({ data: a, shape: [2, 2] });
    expect([...data]).toEqual([1, 3, 3, 5]);
    expect(shape).toEqual([2, 2]);
    expect([...a]).toEqual([1, 8, -2, 5]);
    expect(symmetricPart(single)).toMatchObject(part);
  });

  refusals(ShapeError, "shape-mismatch", [["a rectangle", () => symmetricPart([[1, 2]]), /symmetricPart/]]);
  refusals(NonFiniteError, "non-finite", [
    ["what is not finite", () => symmetricPart([[Number.NaN]]), /symmetricPart/],
  ]);
});
