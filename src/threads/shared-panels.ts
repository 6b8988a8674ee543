import { BLOCK_COLUMNS, BLOCK_ROWS, firstOf, type Panels, tallOf } from "../tensor/panels.js";
import { LEAST_SHARED } from "../tensor/product.js";
import { type ProductKernel, panelsIn } from "../tensor/wasm-panels.js";
import { allow, awaitAllowed, type DoPiece, ownerOf, publish, takePiece } from "./job.js";
import { Kind, OWN } from "./kinds.js";
import type { SharedMemory } from "./shared-memory.js";

// The product of a packed block of A with every panel of a packed block of B. Every thread writes to sums of its own. So nobody has to
// wait for a thread that is preempted: its panel is computed once more, to the same bits, and what it writes later is not looked
// at.

/** Columns of B that are packed before others may multiply with them. */
const PACKED = 32;

/** Numbers of the sums of one thread. */
const SUMS = BLOCK_ROWS * BLOCK_COLUMNS;

/** The product with one panel: pieces are numbered from the first that is wanted. */
export const panelsOf =
  ({ sums, multiply }: ProductKernel, control: Int32Array): DoPiece =>
  (owner, piece, rows, depths, reach) => {
    awaitAllowed(control, piece);
    const j = 4 * piece + 4 * (firstOf(reach) >> 2);
    multiply(
      (tallOf(rows, reach, j) + 3) >> 2,
      j * depths,
      depths,
      sums.value + 8 * (owner * SUMS + BLOCK_ROWS * j),
    );
  };

/** Panels in memory that threads share. */
export function sharedPanels({ buffer }: SharedMemory, kernel: ProductKernel, control: Int32Array): Panels {
  const computePanel = panelsOf(kernel, control);
  const kinds = [computePanel];
  return {
    ...panelsIn(buffer, kernel),
    multiplyBlock(rows, columns, depths, reach, add, packB) {
      if (rows * columns * depths < LEAST_SHARED) return false;
      const first = firstOf(reach) >> 2;
      const panels = ((columns + 3) >> 2) - first;
      if (panels <= 0) return false;
      allow(control, packB ? panels : 0);
      publish(control, Kind.panel, panels, rows, depths, reach, 0);
      if (packB) {
        // The last first: what is packed of B was copied with them.
        for (let end = columns; end > 0; ) {
          const from = PACKED * Math.floor((end - 1) / PACKED);
          packB(from, end);
          allow(control, from / 4);
          end = from;
        }
      }
      const addPiece = (piece: number, owner: number) =>
        add(4 * (first + piece), owner * SUMS + 4 * BLOCK_ROWS * (first + piece));
      // What is done is added at once, while others go on.
      let last = panels - 1;
      while (takePiece(control, kinds, OWN)) {
        for (let owner = 0; last >= 0; last--) {
          owner = ownerOf(control, last, 1);
          if (owner < 0) break;
          addPiece(last, owner);
        }
      }
      for (; last >= 0; last--) {
        // As many looks as it takes to compute, about.
        const owner = ownerOf(control, last, rows * depths);
        if (owner < 0) computePanel(OWN, last, rows, depths, reach, 0);
        addPiece(last, Math.max(owner, OWN));
      }
      return true;
    },
  };
}
