import type { FactorSet, Factors } from "../../hessian/factors.js";
import { addScaled } from "../../tensor/elementwise.js";
import { gemm } from "../../tensor/matmul.js";
import { matrixView, rowRange, type Tensor, transpose } from "../../tensor/view.js";
import type { BoundSlopes } from "../bound-slopes.js";
import { pullBackTraces } from "../contraction/sample-moments.js";
import type { PairTile } from "../contraction/tile-contraction.js";

/**
 * The derivatives of tr H and tr H² by the samples' inputs x (N,d), in two parts each: through z of the first layer, as far as
 * the factors' adjoints go, and by the x that stand in H themselves, with the factors fixed.
 */
export interface InputSlopes {
  /** What tr H gives, with factors whose adjoints may be used. */
  addTraces(factors: FactorSet, from: number): void;
  /** Forgets what `addSquares` has added. */
  restart(): void;
  /** What tr H², or what stands for it, gives through z, by its adjoints; they are used up. */
  addSquares(factors: FactorSet, from: number): void;
  /** What tr H² gives by x itself. */
  visit(tile: PairTile): void;
  /** @param slopes by what was differentiated @param whole those through tr H² in any case */
  combined(slopes: BoundSlopes, whole: BoundSlopes): Tensor;
}

/** @param size n @param x (N,d), row-major */
export function createInputSlopes(size: number, weights: Float64Array, x: Tensor): InputSlopes {
  const [count, width] = x.shape;
  const perInput = () => matrixView(new Float64Array(count * width), count, width);
  const [traces, squares, ownTraces, ownSquares] = [perInput(), perInput(), perInput(), perInput()];
  const unused = new Float64Array(size);
  let scratch = new Float64Array(0);

  const through = (out: Tensor, factors: FactorSet, from: number) => {
    factors.pullBack(unused);
    factors.toInputs?.(out.data.subarray(from * width, (from + factors.count) * width));
  };
  return {
    addTraces(factors, from) {
      addOwnTraces(ownTraces.data, factors, x, from);
      pullBackTraces(factors, new Float64Array(factors.count).fill(1), 0);
      through(traces, factors, from);
      for (const adjoint of factors.adjoints) adjoint.fill(0);
    },
    restart() {
      squares.data.fill(0);
    },
    addSquares: (factors, from) => through(squares, factors, from),
    visit({ byInputs, i, j, rows, columns, onDiagonal }) {
      if (scratch.length < rows * columns) scratch = new Float64Array(rows * columns);
      for (let r = 0; r < rows; r++) {
        for (let c = onDiagonal ? r : 0; c < columns; c++) {
          const at = r * columns + c;
          // The product of two large weights alone may overflow.
          scratch[at] = weights[i + r] * byInputs[at] * weights[j + c];
          if (onDiagonal) scratch[c * columns + r] = scratch[at];
        }
      }
      const table = matrixView(scratch, rows, columns);
      const [first, second] = [i, j].map(
        (start, side) => [start, start + (side === 0 ? rows : columns)] as const,
      );
      gemm(rowRange(ownSquares, ...first), table, rowRange(x, ...second), 2, 1);
      if (!onDiagonal) gemm(rowRange(ownSquares, ...second), transpose(table), rowRange(x, ...first), 2, 1);
    },
    combined(slopes, whole) {
      const out = perInput();
      addScaled(out.data, slopes.byTrace, traces.data);
      addScaled(out.data, slopes.bySquare, squares.data);
      addScaled(out.data, whole.byTrace, ownTraces.data);
      addScaled(out.data, whole.bySquare, ownSquares.data);
      return out;
    },
  };
}

/** Of ω tr X ‖ã‖². */
function addOwnTraces(
  out: Float64Array,
  { taps, count, weights, curvature }: Factors,
  { data, shape: [, width] }: Tensor,
  from: number,
): void {
  const { units } = taps[0];
  const x = curvature[0][0].data;
  for (let i = 0; i < count; i++) {
    let trace = 0;
    for (let p = 0; p < units; p++) trace += x[(p * count + i) * units + p];
    const pull = 2 * weights[i] * trace;
    for (let at = (from + i) * width; at < (from + i + 1) * width; at++) out[at] += pull * data[at];
  }
}
