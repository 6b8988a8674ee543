import { ArgumentError, inFunction, requireOneOf } from "../errors.js";
import { probe } from "./kernels/probe.js";

/** What runs the inner loops: WebAssembly with vectors of two doubles, or plain TypeScript. Both give the same bits. */
export type Backend = "wasm" | "plain";

/** As much of the platform's `WebAssembly` as is used; it is not there everywhere, or not allowed. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
};

let wanted: Backend | "auto" = "auto";
/** Whether WebAssembly is to be had: unknown before it is first asked for. */
let available: boolean | undefined;

/**
 * What runs the inner loops of products and eigen-solvers: "wasm" where the platform has WebAssembly with 128-bit vectors
 * and its policy allows it, unless `useBackend` said otherwise. Results do not depend on it.
 * @example
 * import { backend, useBackend } from "flatward";
 *
 * useBackend("plain");
 * console.log(backend()); // → plain
 * useBackend("auto");
 */
export function backend(): Backend {
  if (wanted === "plain") return "plain";
  available ??= instantiate(probe) !== undefined;
  return available ? "wasm" : "plain";
}

/**
 * Chooses what runs the inner loops, for this thread and from now on.
 * @param name "auto", the default, takes WebAssembly where it is to be had
 * @throws ArgumentError for "wasm" where WebAssembly with 128-bit vectors is missing or not allowed
 * @example
 * import { matmul } from "flatward/tensor";
 * import { useBackend } from "flatward";
 *
 * const square = () => matmul([[1, 2], [3, 4]], [[1, 2], [3, 4]]).data.join(" ");
 * useBackend("plain");
 * const plain = square();
 * useBackend("auto");
 * console.log(square() === plain); // → true
 */
export function useBackend(name: Backend | "auto"): void {
  inFunction("useBackend", () => {
    requireOneOf("a backend", name, ["auto", "wasm", "plain"]);
    const before = wanted;
    wanted = name;
    if (name !== "wasm" || backend() === "wasm") return;
    wanted = before;
    throw new ArgumentError({
      expected: "WebAssembly with 128-bit vectors",
      got: "a platform, or a policy, without it",
      next: 'take "auto" or "plain", which give the same bits; a page\'s content security policy allows it by \'wasm-unsafe-eval\'',
    });
  });
}

/** A kernel's exports; nothing where the backend is plain, or becomes so because there is no memory for the kernel. */
export function loadKernel<Exports extends object>(digits: string): Exports | undefined {
  if (backend() === "plain") return undefined;
  const exports = instantiate(digits);
  available = exports !== undefined;
  return exports as Exports | undefined;
}

/** What a module exports; nothing where the platform refuses it. @param digits two hexadecimal digits a byte */
export function instantiate(digits: string, imports: object = {}): object | undefined {
  const bytes = Uint8Array.from(digits.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  try {
    return new WebAssembly.Instance(new WebAssembly.Module(bytes), imports).exports;
  } catch {
    return undefined;
  }
}
