import { loadKernel } from "./backend.js";
import { product } from "./kernels/product.js";
import {
  BLOCK_COLUMNS,
  BLOCK_DEPTH,
  BLOCK_ROWS,
  firstOf,
  type LinePacker,
  type Panels,
  UNPACKED,
} from "./panels.js";
import { partOf } from "./parts.js";

/** What multiplies panels and packs lines, and the addresses of what it reads and writes. */
export interface ProductKernel {
  readonly a: { readonly value: number };
  readonly b: { readonly value: number };
  readonly sums: { readonly value: number };
  readonly unpacked: { readonly value: number };
  readonly lines: { readonly value: number };
  multiply(rowPanels: number, start: number, depths: number, out: number): void;
  pack(out: number, count: number, step: number, depths: number, scale: number): void;
  packProducts(
    out: number,
    count: number,
    depths: number,
    scale: number,
    firstAt: number,
    firstStep: number,
    secondAt: number,
    secondStep: number,
    width: number,
  ): void;
}

/** Panels in the memory of a kernel. @param room numbers of its sums; default: all that is left of the memory */
export function panelsIn(buffer: ArrayBufferLike, kernel: ProductKernel, room?: number): Panels {
  const { a, b, sums, multiply } = kernel;
  const out = sums.value;
  return {
    name: "wasm",
    a: new Float64Array(buffer, a.value, BLOCK_ROWS * BLOCK_DEPTH),
    b: new Float64Array(buffer, b.value, BLOCK_COLUMNS * BLOCK_DEPTH),
    sums: new Float64Array(buffer, out, room),
    packer: linePacker(buffer, kernel),
    multiply: (rows, _, start, depths) => multiply((rows + 3) >> 2, start, depths, out),
  };
}

function linePacker(buffer: ArrayBufferLike, kernel: ProductKernel): LinePacker {
  const unpacked = new Float64Array(buffer, kernel.unpacked.value, UNPACKED);
  const table = new Uint32Array(buffer, kernel.lines.value, BLOCK_COLUMNS);
  const tabulate = (lines: Int32Array, shift: number, first: number, end: number) => {
    for (let line = first; line < end; line++) table[line - first] = lines[line] + shift;
  };
  const addressOf = (out: Float64Array, first: number, depths: number) => out.byteOffset + 8 * first * depths;
  return {
    copy: (data, start, count, to = 0) => unpacked.set(partOf(data, start, count), to),
    pack(out, lines, lowest, first, end, step, depths, scale) {
      tabulate(lines, -lowest, first, end);
      kernel.pack(addressOf(out, first, depths), end - first, step, depths, scale);
    },
    packProducts(out, columns, first, end, depths, scale, firstAt, firstStep, secondAt, secondStep, width) {
      tabulate(columns, 0, first, end);
      const to = addressOf(out, first, depths);
      kernel.packProducts(to, end - first, depths, scale, firstAt, firstStep, secondAt, secondStep, width);
    },
  };
}

/** Panels of this thread's own, in tiles of 4×4; nothing where there is no WebAssembly. */
export function wasmPanels(): Panels | undefined {
  const kernel = loadKernel<
    ProductKernel & {
      readonly memory: { readonly buffer: ArrayBuffer };
      readonly c: { readonly value: number };
      addBlock(rows: number, columns: number, depths: number, first: number, reach: number): void;
    }
  >(product);
  if (kernel === undefined) return undefined;
  const { memory, c, addBlock } = kernel;
  const block = new Float64Array(memory.buffer, c.value, BLOCK_ROWS * BLOCK_COLUMNS);
  return {
    ...panelsIn(memory.buffer, kernel, 4 * BLOCK_ROWS),
    addBlock(to, from, rows, columns, depths, reach, isNew) {
      const size = rows * columns;
      if (isNew) block.fill(0, 0, size);
      else block.set(partOf(to, from, size));
      addBlock(rows, columns, depths, firstOf(reach), reach);
      to.set(partOf(block, 0, size), from);
    },
  };
}
