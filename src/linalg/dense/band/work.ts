import type { BandKernels } from "./kernels.js";
import type { BandLayout } from "./layout.js";

/** Memory, and kernels that work on it. */
export interface Arena {
  /** Not cleared. */
  readonly data: Float64Array;
  readonly kernels: BandKernels;
}

/** A reduction under way. */
export interface Work extends Arena {
  readonly layout: BandLayout;
}
