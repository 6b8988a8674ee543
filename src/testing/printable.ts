import fc from "fast-check";

/** Gives an object the text that fast-check prints for it in a counterexample; otherwise it is unchanged. */
export function printable<T extends object>(value: T, text: string): T {
  return Object.defineProperty(value, fc.toStringMethod, { value: () => text, enumerable: false });
}
