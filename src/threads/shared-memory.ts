import { arenaIn } from "../linalg/dense/band/wasm-kernels.js";
import type { Arena } from "../linalg/dense/band/work.js";
import { instantiate } from "../tensor/backend.js";
import { sharedProduct } from "../tensor/kernels/shared-product.js";
import type { ProductKernel } from "../tensor/wasm-panels.js";

/** Memory of the platform's `WebAssembly`, whose buffer threads share. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
}

declare const WebAssembly: {
  readonly Memory: new (extents: object) => SharedMemory;
};

/** Pages of 64 KB for what is packed and the sums of one thread, and for the sums of each other one. */
const PAGES = { first: 55, other: 9 } as const;

/** 256 MB: a matrix to be reduced may have n = 7900. The system has no memory for pages that nobody touches. */
const WORKSPACE_PAGES = 4096;

/** Memory for so many threads; nothing where the platform does not share memory. */
export function sharedMemory(count: number): SharedMemory | undefined {
  return memoryOf(PAGES.first + (count - 1) * PAGES.other);
}

/** Memory in which threads reduce a matrix, or read copies of factors and form slabs. */
export function sharedWorkspace(): SharedMemory | undefined {
  return memoryOf(WORKSPACE_PAGES);
}

function memoryOf(pages: number): SharedMemory | undefined {
  try {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    return typeof SharedArrayBuffer === "function" ? memory : undefined;
  } catch {
    return undefined;
  }
}

/** The kernel over memory that threads share; nothing where the platform refuses it. */
export function sharedKernel(memory: SharedMemory): ProductKernel | undefined {
  return instantiate(sharedProduct, { env: { memory } }) as ProductKernel | undefined;
}

/** The kernels that reduce a matrix over memory that threads share; nothing where the platform refuses them. */
export function sharedArena(memory: SharedMemory | undefined): Arena | undefined {
  return memory && arenaIn(memory);
}
