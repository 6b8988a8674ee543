import type { Panels } from "./panels.js";

/** Where an index leads: by a constant step, or to the position that a table gives. */
export type Steps = number | Int32Array;

/** A matrix whose element (i, j) is `data[offset + down(i) + across(j)]`; several of them may be one place in memory. */
export interface IndexedMatrix {
  readonly data: Float64Array;
  readonly offset: number;
  readonly down: Steps;
  readonly across: Steps;
  readonly packed?: Packed | undefined;
  readonly formed?: Formed | undefined;
}

/** Of a factor that stays as it is, the blocks in panels, kept from its third product on: a step of SAM has two with its mini-batch. */
export interface Packed {
  products: number;
  readonly blocks: Float64Array[];
}

/** A factor that is nowhere stored: it is formed where it is packed. */
export interface Formed {
  /**
   * Writes lines `first` to `end` of a block in panels: all `count` at once, or from the last ones to the first, with no other
   * block between.
   * @param lines their places @param depth where the block begins, in the other direction
   */
  pack(
    panels: Panels,
    out: Float64Array,
    lines: Int32Array,
    count: number,
    first: number,
    end: number,
    depth: number,
    depths: number,
    scale: number,
  ): void;
}

/** Where a step leads. */
export const place = (steps: Steps, i: number): number => (typeof steps === "number" ? i * steps : steps[i]);
