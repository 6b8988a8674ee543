import { backend, instantiate } from "../../../tensor/backend.js";
import { band } from "../../../tensor/kernels/band.js";
import { tiles } from "../../../tensor/kernels/tiles.js";
import type { BandKernels } from "./kernels.js";
import type { Arena } from "./work.js";

/** Memory of the platform's `WebAssembly`. */
interface Memory {
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
}

declare const WebAssembly: {
  readonly Memory: new (extents: object) => Memory;
};

/** Memory of WebAssembly comes in pages of so many numbers. */
const PAGE = 8192;

/** What is larger is given up after use: 32 MB, a matrix of n = 2800. */
const KEPT_PAGES = 512;

let kept: Arena | undefined;

/** Memory and kernels of WebAssembly; nothing where there is none, or not enough memory. */
export function wasmArena(length: number): Arena | undefined {
  if (backend() === "plain") return undefined;
  if (kept !== undefined && kept.data.length >= length) return kept;
  const pages = Math.max(32, Math.ceil(length / PAGE));
  try {
    const memory = new WebAssembly.Memory({ initial: pages });
    const arena = arenaIn(memory, tiles, band);
    if (pages <= KEPT_PAGES) kept = arena;
    return arena;
  } catch {
    return undefined;
  }
}

/** All of a memory, and the kernels over it; nothing where the platform refuses them. */
export function arenaIn(
  memory: Memory,
  tileBytes: readonly number[],
  bandBytes: readonly number[],
): Arena | undefined {
  const imports = { env: { memory } };
  const [ofTiles, ofBand] = [instantiate(tileBytes, imports), instantiate(bandBytes, imports)];
  if (ofTiles === undefined || ofBand === undefined) return undefined;
  return {
    data: new Float64Array(memory.buffer),
    kernels: { ...ofTiles, ...ofBand } as BandKernels,
  };
}
