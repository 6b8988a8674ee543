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
  const [ofTiles, ofBand] = [tiles, band].map((bytes) =>
    instantiate(shared ? importingShared(bytes) : bytes, imports),
  );
  if (ofTiles === undefined || ofBand === undefined) return undefined;
  return { data: new Float64Array(memory.buffer), kernels: { ...ofTiles, ...ofBand } as BandKernels };
}

const named = (name: string): number[] => [
  name.length,
  ...Array.from(name, (letter) => letter.charCodeAt(0)),
];

/** How a module asks for the memory "env.memory", with a most of pages, in its section of imports. */
const IMPORT = [...named("env"), ...named("memory"), 2];

/** Behind it, where threads share that memory, and not 1. */
const SHARED = 3;

/** The same module for memory that threads share: it says so in one byte. */
function importingShared(bytes: readonly number[]): readonly number[] {
  const at = bytes.findIndex(
    (byte, start) => byte === IMPORT[0] && IMPORT.every((each, i) => bytes[start + i] === each),
  );
  return bytes.map((byte, i) => (i === at + IMPORT.length ? SHARED : byte));
}
