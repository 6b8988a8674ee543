import { loadKernel } from "./backend.js";
import { product } from "./kernels/product.js";
import { BLOCK_COLUMNS, BLOCK_DEPTH, BLOCK_ROWS, type Panels } from "./panels.js";

/** Panels in the memory of a kernel, in tiles of 4×4; nothing where there is no WebAssembly. */
export function wasmPanels(): Panels | undefined {
  const kernel = loadKernel<{
    readonly memory: { readonly buffer: ArrayBuffer };
    readonly a: { readonly value: number };
    readonly b: { readonly value: number };
    readonly sums: { readonly value: number };
    multiply(rowPanels: number, start: number, depths: number, out: number): void;
  }>(product);
  if (kernel === undefined) return undefined;
  const { memory, a, b, sums, multiply } = kernel;
  const out = sums.value;
  return {
    name: "wasm",
    a: new Float64Array(memory.buffer, a.value, BLOCK_ROWS * BLOCK_DEPTH),
    b: new Float64Array(memory.buffer, b.value, BLOCK_COLUMNS * BLOCK_DEPTH),
    sums: new Float64Array(memory.buffer, out, 4 * BLOCK_ROWS),
    multiply: (rows, _, start, depths) => multiply((rows + 3) >> 2, start, depths, out),
  };
}
