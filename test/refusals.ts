import { expect, it } from "vitest";
import { type ErrorCode, FlatwardError } from "../src/index.js";

/** What is wrong, the call, and what the message must say. */
export type Refusal = readonly [what: string, call: () => unknown, says: RegExp];

/** One test per row: a typed error with this code, whose message names the function, expected and got. */
export function refusals(type: { readonly name: string }, code: ErrorCode, rows: readonly Refusal[]): void {
  it.each(rows)("%s", (_, call, says) => {
    let caught: unknown;
    try {
      call();
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(type);
    expect(caught).toBeInstanceOf(FlatwardError);
    const error = caught as FlatwardError;
    expect(error.code).toBe(code);
    expect(error.name).toBe(type.name);
    expect(error.message).toMatch(/^[A-Za-z.]+: expected .+, got .+/);
    expect(error.message).toMatch(says);
  });
}
