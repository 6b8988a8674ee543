import { backend, loadKernel } from "./backend.js";
import { tanh as bytes } from "./kernels/tanh.js";
import { partOf } from "./parts.js";

/** Numbers that kernels/tanh.ts has room for. */
const ROOM = 2048;

/** Replaces every z by tanh z, and writes the derivative to `first` where it has room for it. */
type Tanh = (z: Float64Array, first: Float64Array) => void;

let compiled: Tanh | undefined;

/** tanh as a WebAssembly kernel; undefined where there is no WebAssembly. */
export function wasmTanh(): Tanh | undefined {
  if (backend() === "plain") return undefined;
  compiled ??= load();
  return compiled;
}

function load(): Tanh | undefined {
  const kernel = loadKernel<{
    readonly memory: { readonly buffer: ArrayBuffer };
    readonly z: { readonly value: number };
    tanh(count: number): void;
  }>(bytes);
  if (kernel === undefined) return undefined;
  const memory = new Float64Array(kernel.memory.buffer, kernel.z.value, 2 * ROOM);
  return (z, first) => {
    for (let at = 0; at < z.length; at += ROOM) {
      const count = Math.min(ROOM, z.length - at);
      memory.set(partOf(z, at, count));
      kernel.tanh(count);
      z.set(partOf(memory, 0, count), at);
      if (first.length > 0) first.set(partOf(memory, ROOM, count), at);
    }
  };
}
