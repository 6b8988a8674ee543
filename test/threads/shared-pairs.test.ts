import { afterEach, describe, expect, it } from "vitest";
import { factoredLossAt } from "../../src/hessian/factored.js";
import { createContraction } from "../../src/hsr/contraction/contraction.js";
import { type PairThreads, sharePairs } from "../../src/hsr/contraction/pair-threads.js";
import { multilayerNet, randomStream, tensor, useBackend } from "../../src/index.js";
import type { DoPiece } from "../../src/threads/job.js";
import { Kind } from "../../src/threads/kinds.js";
import { sharedPairs, tilesIn } from "../../src/threads/shared-pairs.js";
import { twoThreads } from "./other-thread.js";

afterEach(() => {
  sharePairs(undefined);
  useBackend("auto");
});

/** Threads: this one and perhaps another. @returns it, and of every contraction whether threads did it, and how many tiles were this thread's */
function threadsOf(doPieceIn?: (memory: SharedArrayBuffer) => DoPiece) {
  const { memory, control, other } = twoThreads(1 << 26);
  const sharing = sharedPairs(memory, control);
  const doPiece = doPieceIn?.(memory);
  const calls: { readonly shared: boolean; readonly own: number }[] = [];
  const threads: PairThreads = {
    contract(plan, contractTile, a, b, sums, options) {
      let own = 0;
      const andOther: typeof contractTile = (...tile) => {
        contractTile(...tile);
        if (own++ % 2 === 0 && doPiece) other(Kind.tiles, doPiece);
      };
      const shared = sharing.contract(plan, andOther, a, b, sums, options);
      calls.push({ shared, own });
      return shared;
    },
  };
  return { threads, calls };
}

const samples = 330;

/** Contractions of one chunk and of several, with all that they sum and differentiate. */
function results(sizes: readonly number[], route: "gram" | "auto", budget: number | undefined) {
  const net = multilayerNet({ sizes });
  const draws = randomStream(3, "inputs");
  const x = tensor(
    Float64Array.from({ length: samples * net.inputs }, () => draws.normal()),
    [samples, net.inputs],
  );
  const y = Array.from({ length: samples }, (_, i) => i % net.outputs);
  const contraction = createContraction(factoredLossAt(net, net.init(1), { x, y }, true), true, budget);
  const pulled = () => {
    const gradient = new Float64Array(net.size);
    contraction.pullBack({ byTrace: 1, bySquare: 2 }, gradient);
    return gradient;
  };
  const scales = { apart: 1.25, self: Float64Array.from({ length: samples }, (_, i) => i % 3) };
  contraction.renew();
  return [
    contraction.squares(route),
    [contraction.squares(route, true), pulled()],
    [contraction.scaledSquare(scales, true), pulled()],
    contraction.inner(route, "hessian", "gauss-newton"),
  ];
}

const cases = [
  { sizes: [12, 16, 8], route: "gram", budget: undefined },
  { sizes: [12, 16, 8], route: "auto", budget: undefined },
  { sizes: [6, 10, 9, 8, 4], route: "gram", budget: undefined },
  { sizes: [12, 16, 8], route: "gram", budget: 600_000 },
] as const;

describe.each(cases)("pairs of $sizes by $route, room for $budget numbers", ({ sizes, route, budget }) => {
  const alone = results(sizes, route, budget);

  it.each([
    ["another is told of its tiles", (memory: SharedArrayBuffer) => tilesIn(memory)],
    ["this thread does all", undefined],
  ])("have the bits of one thread where %s", (_, other) => {
    const { threads, calls } = threadsOf(other);
    sharePairs(threads);
    expect(results(sizes, route, budget)).toEqual(alone);
    expect(calls.filter(({ shared }) => shared).length).toBeGreaterThan(0);
    expect(calls.every(({ shared, own }) => shared === own > 0)).toBe(true);
  });

  it("are one thread's in plain TypeScript", () => {
    const { threads, calls } = threadsOf(tilesIn);
    sharePairs(threads);
    useBackend("plain");
    expect(results(sizes, route, budget)).toEqual(alone);
    expect(calls.every(({ shared }) => !shared)).toBe(true);
  });

  it("have them where another thread fails", () => {
    const { threads, calls } = threadsOf(() => () => {
      throw new Error("no memory");
    });
    sharePairs(threads);
    expect(results(sizes, route, budget)).toEqual(alone);
    expect(calls.some(({ own }) => own > 0)).toBe(true);
    expect(calls.every(({ shared }) => !shared)).toBe(true);
  });
});
