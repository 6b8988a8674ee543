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

/** 4 GB. */
const MOST_PAGES = 65536;

/** What is larger is given up after use: 32 MB, a matrix of n = 2800. */
const KEPT_PAGES = 512;

let kept: Arena | undefined;

/** Memory and kernels of WebAssembly; nothing where there is none, or not enough memory. */
export function wasmArena(length: number): Arena | undefined {
  if (backend() === "plain") return undefined;
  if (kept !== undefined && kept.data.length >= length) return kept;
  const pages = Math.max(32, Math.ceil(length / PAGE));
  try {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: MOST_PAGES });
    const arena = arenaIn(memory);
    if (pages <= KEPT_PAGES) kept = arena;
    return arena;
  } catch {
    return undefined;
  }
}

/** All of a memory, and the kernels over it; nothing where the platform refuses them. */
export function arenaIn(memory: Memory): Arena | undefined {
  const imports = { env: { memory } };
  const shared = Object.prototype.toString.call(memory.buffer) === "[object SharedArrayBuffer]";
  const [ofTiles, ofBand] = [tiles, band].map((digits) =>
    instantiate(shared ? importingShared(digits) : digits, imports),
  );
  if (ofTiles === undefined || ofBand === undefined) return undefined;
  return { data: new Float64Array(memory.buffer), kernels: { ...ofTiles, ...ofBand } as BandKernels };
}

/** How a module asks for the memory "env.memory", in hexadecimal digits; behind it 01, for a most of pages. */
const IMPORT = "03656e76066d656d6f727902";

/** The same module for memory that threads share: it says so in one byte. */
const importingShared = (digits: string): string => digits.replace(`${IMPORT}01`, `${IMPORT}03`);
