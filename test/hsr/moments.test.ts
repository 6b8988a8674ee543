import { describe, expect, it } from "vitest";
import { ArgumentError, exactHessian, spectralMoments, wsUpperBoundAndGradient } from "../../src/index.js";
import { type Case, cases, makeCase } from "../cases.js";
import { expectClose, expectNear } from "../oracles/compare.js";
import { refusals } from "../refusals.js";
import { net, theta, x, y } from "../small-network.js";

const routes = ["gram", "blocks", "auto"] as const;

// The pairs of samples are tiled by 64: one tile not filled, filled, and overflowing by one and by more; and by 110, so many
// that factors are copied.
const tileEdges: readonly Case[] = [63, 64, 65, 200, 550].map((count, at) =>
  makeCase({ size: [count, 3, 3, 2], weighted: at % 2 === 0, targets: "dense", seed: count }),
);

/** Independent: sums over the entries of the dense Hessian. */
function denseMoments({ net, theta, batch }: Case) {
  const H = exactHessian(net, theta, batch).data;
  let trace = 0;
  let absoluteTrace = 0;
  let frobeniusSquared = 0;
  for (let i = 0; i < net.size; i++) {
    trace += H[i * net.size + i];
    absoluteTrace += Math.abs(H[i * net.size + i]);
  }
  for (const entry of H) frobeniusSquared += entry * entry;
  return { trace, absoluteTrace, frobeniusSquared };
}

describe.each([...cases, ...tileEdges])("$name", (problem) => {
  const { net, theta, batch } = problem;

  it("has tr H and tr H² of the dense Hessian by every route", () => {
    const dense = denseMoments(problem);
    for (const route of routes) {
      const moments = spectralMoments(net, theta, batch, { route });
      expect(moments.size).toBe(net.size);
      // A trace may cancel: its rounding errors scale with Σ|h_ii|.
      expectNear(moments.trace, dense.trace, 1e-12, dense.absoluteTrace);
      expectNear(moments.frobeniusSquared, dense.frobeniusSquared, 1e-12);
    }
  });

  it("has the same bound, moments and gradient by every route", () => {
    const [gram, blocks, auto] = routes.map((route) => wsUpperBoundAndGradient(net, theta, batch, { route }));
    for (const other of [blocks, auto]) {
      expectNear(other.value, gram.value, 1e-12);
      expectNear(other.moments.trace, gram.moments.trace, 1e-12);
      expectNear(other.moments.frobeniusSquared, gram.moments.frobeniusSquared, 1e-12);
      expectClose(other.gradient, gram.gradient, 1e-12);
    }
    // Where derivatives are wanted, tr H² comes from them: the same sum in another order.
    const alone = spectralMoments(net, theta, batch, { route: "gram" });
    expect(gram.moments.trace).toBe(alone.trace);
    expectNear(gram.moments.frobeniusSquared, alone.frobeniusSquared, 1e-14);
  });
});

describe("spectralMoments refuses", () => {
  refusals(ArgumentError, "invalid-argument", [
    [
      "an unknown route",
      () => spectralMoments(net, theta, { x, y }, { route: "fast" as never }),
      /route to be one of auto, gram, blocks, got "fast"/,
    ],
  ]);
});
