import type { SpectralMoments } from "../../bounds/wolkowicz-styan.js";
import { backpropagate } from "../../hessian/chain-pullback.js";
import { sampleRows } from "../../hessian/factors.js";
import type { FinishedPass } from "../../nn/dense/forward.js";
import type { Slopes } from "../bound-slopes.js";
import { checkMoments } from "../finite-moments.js";
import { createLogitJacobians, type LogitJacobians } from "./logit-jacobians.js";
import { createPairTile, type TileSums } from "./tile.js";

/** Rows of a tile's tables: samples times logits. */
const TILE = 512;

/** tr G and tr G² of a finished forward pass, tile by tile of pairs. @throws NonFiniteError where the curvature overflowed */
export function momentsOf(finished: FinishedPass): SpectralMoments {
  const sums: TileSums = { trace: 0, square: 0 };
  const tiles = createTiles(finished, false);
  tiles.each(
    (a, b) => tiles.pairs.contract(a, b, sums),
    () => {},
  );
  const moments: SpectralMoments = {
    size: finished.net.size,
    trace: sums.trace,
    frobeniusSquared: Math.max(sums.square, 0),
  };
  checkMoments(moments);
  return moments;
}

/** byTrace·∇tr G + bySquare·∇tr G² (n). */
export function momentGradient(finished: FinishedPass, slopes: Slopes): Float64Array {
  const { net, batch, pass } = finished;
  const { count } = batch;
  const gradient = new Float64Array(net.size);
  const zBars = net.layers.map(({ units }) => new Float64Array(count * units));
  const rows = pass.layers.map(({ rows: { data, shape } }) =>
    sampleRows(data, shape[1], new Float64Array(data.length)),
  );
  const rowBars = rows.map(({ adjoint }) => adjoint);
  const tiles = createTiles(finished, true);
  tiles.each(
    (a, b) => tiles.pairs.differentiate(a, b, slopes, rowBars),
    (samples) => samples.pullBack(zBars, gradient),
  );
  backpropagate({ taps: net.layers, count, rows, jets: pass.layers }, finished, zBars, gradient);
  return gradient;
}

/** The samples in tiles; what pairs take is computed anew for each, so that memory is that of two. */
function createTiles(finished: FinishedPass, differentiable: boolean) {
  const { count } = finished.batch;
  const side = Math.min(count, Math.max(1, Math.floor(TILE / finished.net.outputs)));
  const memories = [0, 1].map(() => new Map<number, LogitJacobians>());
  const load = (from: number, memory: 0 | 1): LogitJacobians => {
    const length = Math.min(side, count - from);
    const known = memories[memory].get(length) ?? createLogitJacobians(finished, length, differentiable);
    memories[memory].set(length, known);
    known.fill(from);
    return known;
  };
  return {
    pairs: createPairTile(finished, side, differentiable),
    /** Visits all pairs of tiles, and every one that will not be seen as it is again. */
    each(visit: (a: LogitJacobians, b: LogitJacobians) => void, leave: (samples: LogitJacobians) => void) {
      for (let from = 0; from < count; from += side) {
        const a = load(from, 0);
        visit(a, a);
        for (let next = from + side; next < count; next += side) {
          const b = load(next, 1);
          visit(a, b);
          leave(b);
        }
        leave(a);
      }
    },
  };
}
