import { BLOCK_COLUMNS, BLOCK_DEPTH, BLOCK_ROWS, type Panels } from "./panels.js";

// V8 folds what is constant in a module into its code, unless it is exported or imported.
const packedA = new Float64Array(BLOCK_ROWS * BLOCK_DEPTH);
const packedB = new Float64Array(BLOCK_COLUMNS * BLOCK_DEPTH);
const sums = new Float64Array(4 * BLOCK_ROWS);

/** Panels anywhere, in squares of four sums: as many as V8's code keeps going without spilling registers. */
export const plainPanels: Panels = {
  name: "plain",
  a: packedA,
  b: packedB,
  sums,
  multiply(rows, columns, start, depths) {
    for (let j = 0; j < columns; j += 2)
      for (let i = 0; i < rows; i += 2)
        multiplySquare(4 * i + j, (i & ~3) * depths + (i & 2), start + j, depths);
  },
};

function multiplySquare(to: number, aAt: number, bAt: number, depths: number): void {
  let c00 = 0;
  let c01 = 0;
  let c10 = 0;
  let c11 = 0;
  for (const end = (aAt + 4 * depths) | 0; aAt < end; aAt = (aAt + 4) | 0, bAt = (bAt + 4) | 0) {
    const a0 = packedA[aAt];
    const a1 = packedA[(aAt + 1) | 0];
    const b0 = packedB[bAt];
    const b1 = packedB[(bAt + 1) | 0];
    c00 += a0 * b0;
    c01 += a0 * b1;
    c10 += a1 * b0;
    c11 += a1 * b1;
  }
  sums[to] = c00;
  sums[(to + 1) | 0] = c01;
  sums[(to + 4) | 0] = c10;
  sums[(to + 5) | 0] = c11;
}
