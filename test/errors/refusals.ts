import { expect, it } from "vitest";
import {
  type Batch,
  type ErrorCode,
  FlatwardError,
  lossAndGradient,
  threeLayerNet,
} from "../../src/index.js";

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

/** A small network with a valid theta and batch, to be spoiled. */
export const extents = { inputs: 2, hidden: 3, outputs: 2 };
export const net = threeLayerNet(extents);
export const theta = net.init(1);
export const x = [
  [1, 2],
  [3, 4],
];
export const y = [0, 1];

/** lossAndGradient with parts of the valid batch replaced. */
export const loss = (batch: Partial<Record<keyof Batch, unknown>>, at = theta) =>
  lossAndGradient(net, at, { x, y, ...batch } as Batch);

/** lossAndGradient under another loss, with these targets. */
export const under = (lossName: string, targets: unknown) =>
  lossAndGradient(threeLayerNet({ ...extents, loss: lossName as never }), theta, {
    x,
    y: targets as number[][],
  });
