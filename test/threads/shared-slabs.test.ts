import { createHash } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { createAssembly } from "../../src/hessian/exact.js";
import { factoredLossAt } from "../../src/hessian/factored.js";
import { type SlabThreads, shareSlabs } from "../../src/hessian/slab-threads.js";
import {
  multilayerNet,
  type Network,
  randomStream,
  sequential,
  tensor,
  useBackend,
} from "../../src/index.js";
import type { Activation } from "../../src/nn/index.js";
import { zeros } from "../../src/tensor/index.js";
import type { DoPiece } from "../../src/threads/job.js";
import { Kind } from "../../src/threads/kinds.js";
import { sharedSlabs, slabsIn } from "../../src/threads/shared-slabs.js";
import { twoThreads } from "./other-thread.js";

afterEach(() => {
  shareSlabs(undefined);
  useBackend("auto");
});

/** Threads: this one and perhaps another. @returns it, and of every Hessian whether threads formed it, and how many of its slabs were this thread's */
function threadsOf(doPieceIn?: (memory: SharedArrayBuffer) => DoPiece, bytes = 1 << 26) {
  const { memory, control, other } = twoThreads(bytes);
  const sharing = sharedSlabs(memory, control);
  const doPiece = doPieceIn?.(memory);
  const calls: { readonly shared: boolean; readonly all: number; readonly own: number }[] = [];
  const threads: SlabThreads = {
    form(factors, slabs, visit) {
      let own = 0;
      const watched = slabs.map((slab) => ({
        ...slab,
        fill(of: typeof factors) {
          slab.fill(of);
          if (own++ % 2 === 0 && doPiece) other(Kind.slabs, doPiece);
        },
      }));
      const shared = sharing.form(factors, watched, visit);
      calls.push({ shared, all: slabs.length, own });
      return shared;
    },
  };
  return { threads, calls };
}

const samples = 96;

/** The bits of H and of Gauss–Newton's part of it, at two theta. */
function results(net: Network): readonly string[] {
  const draws = randomStream(3, "inputs");
  const x = tensor(
    Float64Array.from({ length: samples * net.inputs }, () => draws.normal()),
    [samples, net.inputs],
  );
  const y = Array.from({ length: samples }, (_, i) => i % net.outputs);
  const weights = Array.from({ length: samples }, (_, i) => 1 + (i % 3));
  return [1, 2].flatMap((seed) => {
    const assembly = createAssembly(factoredLossAt(net, net.init(seed), { x, y, weights }));
    return (["hessian", "gauss-newton"] as const).map((part) => {
      const matrix = zeros([net.size, net.size]);
      assembly(matrix, part);
      return createHash("sha256").update(matrix.data).digest("hex");
    });
  });
}

const dense = (outputs: number) => ({ kind: "dense", outputs }) as const;

/** An activation of one's own with what no text describes. */
const own: Activation & { readonly table: object } = {
  name: "own",
  table: { long: 1n },
  jet: (z, out) => out.set([z * z * z, 3 * z * z, 6 * z, 6]),
};
const cases: readonly (readonly [string, Network])[] = [
  ["one hidden layer", multilayerNet({ sizes: [12, 16, 8] })],
  ["three hidden layers", multilayerNet({ sizes: [6, 10, 9, 8, 4] })],
  ["an activation of one's own", multilayerNet({ sizes: [12, 16, 8], activation: own })],
  [
    "shortcuts",
    sequential({
      input: 6,
      layers: [
        dense(12),
        { kind: "tanh" },
        { kind: "residual", layers: [dense(12), { kind: "silu" }] },
        dense(4),
      ],
    }),
  ],
];

describe.each(cases)("a Hessian of %s", (_, net) => {
  const alone = results(net);

  it("has the bits of one thread where another is told of its slabs", () => {
    const { threads, calls } = threadsOf(slabsIn);
    shareSlabs(threads);
    expect(results(net)).toEqual(alone);
    expect(calls.length).toBe(alone.length);
    expect(calls.every(({ shared, all, own }) => shared && own > 0 && own < all)).toBe(true);
  });

  it.each([
    ["this thread forms all", undefined],
    [
      "another fails, whose slabs this one forms",
      () => () => {
        throw new Error("no memory");
      },
    ],
  ])("has them where %s", (_, other) => {
    const { threads, calls } = threadsOf(other);
    shareSlabs(threads);
    expect(results(net)).toEqual(alone);
    expect(calls.every(({ shared, all, own }) => shared && own === all)).toBe(true);
  });

  it("is formed by one thread where there is too little memory", () => {
    const { threads, calls } = threadsOf(undefined, 1 << 17);
    shareSlabs(threads);
    expect(results(net)).toEqual(alone);
    expect(calls.every(({ shared }) => !shared)).toBe(true);
  });

  it("is formed by one thread in plain TypeScript", () => {
    const { threads, calls } = threadsOf(slabsIn);
    shareSlabs(threads);
    useBackend("plain");
    expect(results(net)).toEqual(alone);
    expect(calls.every(({ shared }) => !shared)).toBe(true);
  });
});
