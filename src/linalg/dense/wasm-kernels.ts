import { backend, loadKernel } from "../../tensor/backend.js";
import { tridiagonal } from "../../tensor/kernels/tridiagonal.js";
import type { TridiagonalKernels } from "./tridiagonal-kernels.js";

/** Memory of WebAssembly comes in pages, in bytes, and never shrinks. */
const PAGE = 65536;

/** An instance with more memory is given up after use: 32 MB, a matrix of n = 2800. */
const KEPT_PAGES = 512;

/** Arrays begin at multiples of this many bytes, as vectors of two numbers like it. */
const ALIGNMENT = 16;

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly start: { readonly value: number };
  symmetricProduct(triangle: number, size: number, v: number, p: number): void;
  multiplyRows(panel: number, step: number, count: number, v: number, length: number, out: number): void;
  subtractCombination(
    target: number,
    length: number,
    panel: number,
    step: number,
    count: number,
    coefficients: number,
  ): void;
  updateTriangle(
    triangle: number,
    size: number,
    panel: number,
    step: number,
    count: number,
    packed: number,
  ): void;
}

let kept: Exports | undefined;

/** Kernels and arrays in WebAssembly; nothing where there is none, or not enough memory. */
export function wasmKernels(lengths: readonly number[]): TridiagonalKernels | undefined {
  if (backend() === "plain") return undefined;
  const exports = kept ?? loadKernel<Exports>(tridiagonal);
  if (exports === undefined) return undefined;
  const { memory, start } = exports;
  let end = start.value;
  const starts = lengths.map((length) => {
    const at = end;
    end += Math.ceil((8 * length) / ALIGNMENT) * ALIGNMENT;
    return at;
  });
  const pages = Math.ceil(end / PAGE);
  kept = pages <= KEPT_PAGES ? exports : undefined;
  const missing = pages - memory.buffer.byteLength / PAGE;
  try {
    if (missing > 0) memory.grow(missing);
  } catch {
    return undefined;
  }
  return {
    arrays: lengths.map((length, i) => new Float64Array(memory.buffer, starts[i], length)),
    symmetricProduct: (triangle, size, v, p) =>
      exports.symmetricProduct(triangle.byteOffset, size, v.byteOffset, p.byteOffset),
    multiplyRows: (panel, step, count, v, length, out) =>
      exports.multiplyRows(panel.byteOffset, step, count, v.byteOffset, length, out.byteOffset),
    subtractCombination: (target, length, panel, step, count, coefficients) =>
      exports.subtractCombination(
        target.byteOffset,
        length,
        panel.byteOffset,
        step,
        count,
        coefficients.byteOffset,
      ),
    updateTriangle: (triangle, size, panel, step, count, packed) =>
      exports.updateTriangle(triangle.byteOffset, size, panel.byteOffset, step, count, packed.byteOffset),
  };
}
