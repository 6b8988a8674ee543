import { loadKernel } from "./backend.js";
import { product } from "./kernels/product.js";
import { BLOCK_COLUMNS, BLOCK_DEPTH, BLOCK_ROWS, type LinePacker, type Panels, UNPACKED } from "./panels.js";
import { partOf } from "./parts.js";

/** What packs lines, and the addresses of what it reads. */
export interface PackingKernel {
  readonly unpacked: { readonly value: number };
  readonly lines: { readonly value: number };
  pack(out: number, count: number, step: number, depths: number, scale: number): void;
}

/** What packs lines in the memory of a kernel. */
export function linePacker(buffer: ArrayBufferLike, kernel: PackingKernel): LinePacker {
  const unpacked = new Float64Array(buffer, kernel.unpacked.value, UNPACKED);
  const table = new Uint32Array(buffer, kernel.lines.value, BLOCK_COLUMNS);
  return {
    copy: (data, start, count) => unpacked.set(partOf(data, start, count)),
    pack(out, lines, lowest, first, end, step, depths, scale) {
      for (let line = first; line < end; line++) table[line - first] = lines[line] - lowest;
      kernel.pack(out.byteOffset + 8 * first * depths, end - first, step, depths, scale);
    },
  };
}

/** Panels in the memory of a kernel, in tiles of 4×4; nothing where there is no WebAssembly. */
export function wasmPanels(): Panels | undefined {
  const kernel = loadKernel<
    PackingKernel & {
      readonly memory: { readonly buffer: ArrayBuffer };
      readonly a: { readonly value: number };
      readonly b: { readonly value: number };
      readonly sums: { readonly value: number };
      readonly c: { readonly value: number };
      multiply(rowPanels: number, start: number, depths: number, out: number): void;
      addBlock(rows: number, columns: number, depths: number): void;
    }
  >(product);
  if (kernel === undefined) return undefined;
  const { memory, a, b, sums, c, multiply, addBlock } = kernel;
  const out = sums.value;
  const block = new Float64Array(memory.buffer, c.value, BLOCK_ROWS * BLOCK_COLUMNS);
  return {
    name: "wasm",
    a: new Float64Array(memory.buffer, a.value, BLOCK_ROWS * BLOCK_DEPTH),
    b: new Float64Array(memory.buffer, b.value, BLOCK_COLUMNS * BLOCK_DEPTH),
    sums: new Float64Array(memory.buffer, out, 4 * BLOCK_ROWS),
    multiply: (rows, _, start, depths) => multiply((rows + 3) >> 2, start, depths, out),
    packer: linePacker(memory.buffer, kernel),
    addBlock(to, from, rows, columns, depths) {
      const size = rows * columns;
      block.set(partOf(to, from, size));
      addBlock(rows, columns, depths);
      to.set(partOf(block, 0, size), from);
    },
  };
}
