import {
  ArgumentError,
  describe,
  inFunction,
  requireArray,
  requireFinite,
  requireInteger,
  requireObject,
} from "../errors.js";
import { symmetricEigen } from "../linalg/dense/eigh.js";
import type { SymmetryOptions } from "../linalg/dense/symmetric-part.js";
import { norm } from "../tensor/reduce.js";
import { type MatrixLike, type ParameterRange, type Tensor, zeros } from "../tensor/view.js";
import { spreadOf } from "./central-moments.js";
import { checkedMatrix } from "./matrix.js";
import { type ExtremeBounds, type Interval, largestOf, negated } from "./wolkowicz-styan.js";

/**
 * Bounds from a partition of the rows and columns into blocks: λ_max(A) ≤ λ_max(N), where N_ii is an upper bound on
 * λ_max(A_ii), here Wolkowicz & Styan's, and N_ij = ‖A_ij‖_F ≥ ‖A_ij‖₂. For x = (x_1, x_2, …), xᵀAx is at most
 * Σ N_ii ‖x_i‖² + Σ_{i≠j} N_ij ‖x_i‖‖x_j‖ ≤ λ_max(N) ‖x‖² (after Ostrowski 1961, Journal of Mathematical Analysis and
 * Applications 2; Bhatia & Kittaneh 1990, Mathematische Annalen 287). Never looser than ‖A‖_F, for N_ii ≤ ‖A_ii‖_F. And
 * λ_max(A) ≥ every λ_max(A_ii) (Cauchy's interlacing). Attained by rank one and by block-diagonal matrices whose blocks
 * attain theirs.
 * @param a (n,n), symmetric to `symmetryTolerance`·max|a_ij|
 * @param blocks consecutive ranges that cover 0 … n − 1, for example `net.layout`'s by `parameterRange`
 * @throws ShapeError, NonFiniteError, also where norms overflow, SymmetryError, ArgumentError for ranges with gaps, overlaps or no element
 * @example
 * import { blockNormBounds } from "flatward/bounds";
 * const A = [[3, 0, 0], [0, 1, 1], [0, 1, 1]]; // block-diagonal: eigenvalues 3, 2, 0
 * const { largest } = blockNormBounds(A, [{ from: 0, to: 1 }, { from: 1, to: 3 }]);
 * console.log(largest.lower.toFixed(4), largest.upper.toFixed(4)); // → 3.0000 3.0000
 */
export function blockNormBounds(
  a: MatrixLike,
  blocks: readonly ParameterRange[],
  options: SymmetryOptions = {},
): ExtremeBounds {
  return inFunction("blockNormBounds", () => {
    const matrix = checkedMatrix(a, options);
    checkPartition(blocks, matrix.shape[0]);
    return blockNormsOf(matrix, blocks);
  });
}

/** `blockNormBounds` of a checked row-major matrix and partition. */
export function blockNormsOf(a: Tensor, blocks: readonly ParameterRange[]): ExtremeBounds {
  const own = blocks.map((block) => ({
    size: block.to - block.from,
    ...spreadOf(copyBlock(a, block, block)),
  }));
  const between = blocks.map((row, i) =>
    blocks.map((column, j) => (j <= i ? 0 : norm(copyBlock(a, row, column).data))),
  );
  return {
    largest: combine(
      own.map((block) => largestOf(block.size, block)),
      between,
    ),
    smallest: negated(
      combine(
        own.map((block) => largestOf(block.size, { ...block, mean: -block.mean })),
        between,
      ),
    ),
  };
}

/**
 * λ_max of the whole from bounds on that of each diagonal block and norms of the others.
 * @param between upper triangle, rows of the norms
 */
export function combine(own: readonly Interval[], between: readonly (readonly number[])[]): Interval {
  const rows = own.map(({ upper }, i) =>
    own.map((_, j) => (i === j ? upper : between[Math.min(i, j)][Math.max(i, j)])),
  );
  for (const row of rows)
    requireFinite("norms of blocks", Float64Array.from(row), "divide the matrix by a power of two");
  const { values } = symmetricEigen(rows);
  return { lower: Math.max(...own.map(({ lower }) => lower)), upper: values[values.length - 1] };
}

function copyBlock({ data, shape }: Tensor, rows: ParameterRange, columns: ParameterRange): Tensor {
  const width = columns.to - columns.from;
  const out = zeros([rows.to - rows.from, width]);
  for (let i = rows.from; i < rows.to; i++) {
    const row = i * shape[1];
    out.data.set(data.subarray(row + columns.from, row + columns.to), (i - rows.from) * width);
  }
  return out;
}

export function checkPartition(blocks: readonly ParameterRange[], size: number): void {
  requireArray("blocks", blocks, "[{ from, to }, …]");
  let end = 0;
  for (const block of blocks) {
    requireObject("a block", block, "[{ from, to }, …]");
    const fits = block.from === end && requireInteger("blocks' to", block.to, end + 1) <= size;
    if (!fits) {
      throw new ArgumentError({
        expected: `consecutive blocks that cover 0 … ${size - 1}`,
        got: `one from ${describe(block.from)} to ${describe(block.to)} after ${end}`,
      });
    }
    end = block.to;
  }
  if (end === size) return;
  throw new ArgumentError({ expected: `blocks up to n = ${size}`, got: `an end at ${end}` });
}
