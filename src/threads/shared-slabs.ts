import { everySlab } from "../hessian/every-slab.js";
import type { Factors } from "../hessian/factors.js";
import type { SlabThreads } from "../hessian/slab-threads.js";
import { formed, type Slab } from "../hessian/slabs.js";
import { backend } from "../tensor/backend.js";
import { keptView } from "../tensor/kept-view.js";
import type { Tensor } from "../tensor/view.js";
import { awaitPiece, type DoPiece, ownerOf, PIECES, publish, takePiece } from "./job.js";
import { Kind, OWN } from "./kinds.js";
import { withOwnPanels } from "./own-panels.js";
import { hearing, telling } from "./shared-values.js";

/** Multiply-adds of all slabs below which other threads would come too late. */
const LEAST = 1 << 21;

/** Slabs, the largest last, which are taken first, and memory for their values. */
interface SlabValues {
  readonly order: readonly number[];
  readonly values: readonly Tensor[];
}

const sizeOf = ({ rows, columns }: Slab): number => rows * columns;

/** @param first where the values begin, in bytes */
function valuesOfSlabs(memory: ArrayBufferLike, slabs: readonly Slab[], first: number): SlabValues {
  let at = first;
  const values = slabs.map((slab) => {
    const own = new Float64Array(memory, at, sizeOf(slab));
    at += own.byteLength;
    return keptView(own, slab.rows, slab.columns);
  });
  const order = slabs.map((_, number) => number).sort((x, y) => sizeOf(slabs[x]) - sizeOf(slabs[y]));
  return { order, values };
}

/** Pieces of a Hessian in memory that threads share: its slabs. */
export function slabsIn(memory: ArrayBufferLike): DoPiece {
  const hear = hearing(memory, (told, first) => {
    const factors = told as Factors;
    const { taps, slopes, count } = factors;
    const isDiagonal = (m: number, l: number) => slopes[m][l].diagonal;
    const slabs = everySlab({ taps, isDiagonal }, count).map(({ slab }) => slab);
    return { factors, slabs, ...valuesOfSlabs(memory, slabs, first) };
  });
  return (_, piece, task, at, length) => {
    const { factors, slabs, order, values } = hear(task, at, length);
    const number = order[piece];
    formed(slabs[number], factors, values[number].data);
  };
}

/** Threads that form slabs together, from copies of the factors. */
export function sharedSlabs(memory: ArrayBufferLike, control: Int32Array): SlabThreads {
  const tell = telling(memory);
  return {
    form(factors, slabs, visit) {
      const size = slabs.reduce((sum, slab) => sum + sizeOf(slab), 0);
      if (backend() === "plain" || size * factors.count < LEAST) return false;
      if (slabs.length > PIECES) return false;
      const { taps, count, weights, rows, deltas, curvature, slopes } = factors;
      const told: Factors = { taps, count, weights, rows, deltas, curvature, slopes };
      const shared = tell(told, false);
      if (shared === undefined || shared.end + 8 * size > memory.byteLength) return false;
      const { number, at, text, end } = shared;
      const { order, values } = valuesOfSlabs(memory, slabs, end);
      const form = (piece: number) => formed(slabs[order[piece]], factors, values[order[piece]].data);
      const show = (piece: number) => visit(order[piece], values[order[piece]]);
      const kinds: DoPiece[] = [];
      kinds[Kind.slabs] = (_, piece) => form(piece);
      withOwnPanels(() => {
        publish(control, Kind.slabs, slabs.length, number, at, text.length, 0);
        let last = slabs.length - 1;
        // What is done is shown at once, while others go on.
        while (takePiece(control, kinds, OWN))
          for (; last >= 0 && ownerOf(control, last, 1) >= 0; last--) show(last);
        for (; last >= 0; last--) {
          if (!awaitPiece(control, last)) form(last);
          show(last);
        }
      });
      return true;
    },
  };
}
