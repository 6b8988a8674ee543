import { describe } from "vitest";
import {
  blockNormBounds,
  type CentralMoments,
  centralMoments,
  fourMomentBounds,
  gershgorinBounds,
  matrixBounds,
  matrixMoments,
  rankWsBounds,
  wsBounds,
  wsEigenvalueBounds,
} from "../../src/bounds/index.js";
import { ArgumentError, NonFiniteError, ShapeError, SymmetryError } from "../../src/index.js";
import { type Refusal, refusals } from "../refusals.js";

describe("of matrices, each function refuses under its own name", () => {
  const functions = [centralMoments, matrixMoments, gershgorinBounds, matrixBounds];
  const each = (what: string, matrix: number[][], says: string): Refusal[] =>
    functions.map((f) => [
      `${f.name}: ${what}`,
      () => f(matrix),
      new RegExp(`^${f.name}: expected a to be ${says}`),
    ]);
  const asymmetric = [
    [1, 2],
    [2.1, 1],
  ];
  const broken = [
    [1, Number.NaN],
    [2, 1],
  ];
  refusals(ShapeError, "shape-mismatch", [
    ...each("what is not square", [[1, 2, 3]], "square.*\\(1,3\\)"),
    ...each("what is empty", [], "square and not empty"),
  ]);
  refusals(
    SymmetryError,
    "not-symmetric",
    each("asymmetry", asymmetric, "symmetric.*a\\[1,0\\] and a\\[0,1\\]"),
  );
  refusals(NonFiniteError, "non-finite", each("NaN", broken, "finite, got NaN at \\[0,1\\]"));
  refusals(NonFiniteError, "non-finite", [
    ["squares that overflow", () => matrixMoments([[1e200]]), /matrixMoments.*finite moments.*power of two/],
    [
      "discs that overflow",
      () =>
        gershgorinBounds([
          [1e308, 1e308],
          [1e308, 0],
        ]),
      /gershgorinBounds.*the bounds to be finite, got Infinity/,
    ],
    [
      "norms of blocks that overflow",
      () =>
        blockNormBounds(
          [
            [0, 1.5e308, 1.5e308],
            [1.5e308, 0, 0],
            [1.5e308, 0, 0],
          ],
          [
            { from: 0, to: 1 },
            { from: 1, to: 3 },
          ],
        ),
      /blockNormBounds.*norms of blocks.*power of two/,
    ],
    [
      "bounds that overflow",
      () => wsBounds({ size: 1000, trace: 0, frobeniusSquared: 1, deviation: 1.7e308 }),
      /wsBounds.*the bounds to be finite, got Infinity/,
    ],
    [
      "a bound on an eigenvalue that overflows",
      () => wsEigenvalueBounds({ size: 4, trace: 0, frobeniusSquared: 1, deviation: 1.5e308 }, 1),
      /wsEigenvalueBounds.*the bounds to be finite/,
    ],
    [
      "bounds from four moments that overflow",
      () => {
        const row = [1e308, 1e308];
        return fourMomentBounds(centralMoments([row, row]));
      },
      /fourMomentBounds.*the bounds to be finite/,
    ],
    [
      "bounds of some rank that overflow",
      () => rankWsBounds({ size: 4, trace: 0, frobeniusSquared: 1, deviation: 1.7e308 }, 3),
      /rankWsBounds.*the bounds to be finite/,
    ],
    [
      "a deviation that overflows",
      () => centralMoments(Array.from({ length: 4 }, () => [1.7e308, 1.7e308, 1.7e308, 1.7e308])),
      /centralMoments.*the standard deviation.*power of two/,
    ],
  ]);
});

describe("bounds refuse", () => {
  const moments = { size: 4, trace: 3, frobeniusSquared: 9 };
  const central: CentralMoments = { size: 4, mean: 0, deviation: 1, skewness: 0, kurtosis: 2 };
  const a = [
    [2, 1, 0],
    [1, 3, 1],
    [0, 1, 4],
  ];
  const gap = [
    { from: 0, to: 1 },
    { from: 2, to: 3 },
  ];
  refusals(ArgumentError, "invalid-argument", [
    ["no moments", () => rankWsBounds(undefined as never, 1), /rankWsBounds.*moments to be an object/],
    ["a rank above n", () => rankWsBounds(moments, 5), /rankWsBounds.*rank ≤ n = 4, got 5/],
    ["a broken rank", () => rankWsBounds(moments, 1.5), /rank to be an integer ≥ 0, got 1\.5/],
    [
      "a rank of 0 for what is not 0",
      () => rankWsBounds(moments, 0),
      /of rank at most 0.*the rank is larger/,
    ],
    [
      "moments that need a higher rank",
      () => rankWsBounds({ size: 4, trace: 3, frobeniusSquared: 3 }, 2),
      /of rank at most 2, \(tr H\)² ≤ rank · tr H², got tr H = 3, .*the rank is larger/,
    ],
    [
      "moments of which one vanished",
      () => rankWsBounds({ size: 4, trace: 1e-170, frobeniusSquared: 0 }, 2),
      /got tr H = 1e-170, tr H² = 0; .*underflows/,
    ],
    [
      "no central moments",
      () => fourMomentBounds(undefined as never),
      /moments to be an object.*centralMoments/,
    ],
    [
      "a negative deviation beside traces",
      () => rankWsBounds({ ...moments, deviation: -1 }, 4),
      /moments\.deviation.*≥ 0, got -1/,
    ],
    ["a negative deviation", () => fourMomentBounds({ ...central, deviation: -1 }), /deviation.*≥ 0, got -1/],
    [
      "a kurtosis that no numbers have",
      () => fourMomentBounds({ ...central, skewness: 1.5 }),
      /kurtosis ≥ 1 \+ skewness² = 3\.25, got 2; no numbers/,
    ],
    ["no matrix", () => matrixBounds(undefined as never), /matrixBounds: expected a to be/],
    ["a rank above a matrix's n", () => matrixBounds(a, { rank: 4 }), /matrixBounds.*rank ≤ n = 3/],
    ["a block that is empty", () => blockNormBounds(a, [{ from: 0, to: 0 }]), /blocks' to.*≥ 1/],
    [
      "blocks with a gap",
      () => blockNormBounds(a, gap),
      /consecutive blocks that cover 0 … 2, got one from 2 to 3 after 1/,
    ],
    [
      "blocks that end early",
      () => blockNormBounds(a, [{ from: 0, to: 2 }]),
      /blocks up to n = 3, got an end at 2/,
    ],
    ["blocks that end late", () => matrixBounds(a, { blocks: [{ from: 0, to: 4 }] }), /cover 0 … 2/],
    ["no blocks", () => blockNormBounds(a, undefined as never), /blockNormBounds.*blocks to be an array/],
  ]);
});
