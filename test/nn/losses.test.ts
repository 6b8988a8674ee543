import { describe, expect, it } from "vitest";
import { type LossName, lossNames, randomStream } from "../../src/index.js";
import { loss } from "../../src/nn/losses.js";
import { denseTargets } from "../cases.js";
import { expectClose, expectNear } from "../oracles/compare.js";
import { assertDerivative } from "../oracles/finite-differences.js";
import { plainLoss } from "../oracles/network-loss.js";

/** Value, mean, residual and curvature of one sample, read from the middle of longer memory as in a batch. */
function evaluate(name: LossName, u: ArrayLike<number>, y: ArrayLike<number>) {
  const K = u.length;
  const pad = (values: ArrayLike<number>) => Float64Array.of(99, ...Array.from(values), 99);
  const p = new Float64Array(K + 2).fill(7);
  const r = new Float64Array(K + 2).fill(7);
  const value = loss(name).evaluate(pad(u), pad(y), 1, K, p, r);
  expect([p[0], p[K + 1], r[0], r[K + 1]]).toEqual([7, 7, 7, 7]);
  const S = new Float64Array(K * K).fill(Number.NaN);
  loss(name).curvature(pad(u), p, 1, K, S);
  return { value, p: p.slice(1, K + 1), r: r.slice(1, K + 1), S, padded: p };
}

const stream = randomStream(8, "losses");
const samples = [1, 2, 3, 5].flatMap((K) =>
  lossNames.map((name) => ({
    name,
    K,
    u: Float64Array.from({ length: K }, () => stream.normal(0, 1.5)),
    y: denseTargets(name, K, stream),
  })),
);

describe.each(samples)("$name of $K outputs", ({ name, K, u, y }) => {
  const { value, p, r, S, padded } = evaluate(name, u, y);

  it("has the value that its definition gives", () => {
    expectNear(value, plainLoss[name](Array.from(u), y), 1e-14, 1 + Math.abs(value));
  });

  it("has p − y as its gradient", () => {
    assertDerivative(
      { f: (at) => [plainLoss[name](Array.from(at), y)], at: u, column: (k) => [r[k]], terms: 1 },
      name === "mean-squared-error" || (name === "softmax-cross-entropy" && K === 1),
    );
    expect(p.every(Number.isFinite)).toBe(true);
    for (let k = 0; k < K; k++) expectNear(r[k], p[k] - y[k], 1e-15, 1 + Math.abs(p[k]));
  });

  it("has ∂p/∂u as its curvature, symmetric to the bit", () => {
    assertDerivative(
      { f: (at) => evaluate(name, at, y).p, at: u, column: (k) => S.subarray(k * K, (k + 1) * K) },
      name === "mean-squared-error" || (name === "softmax-cross-entropy" && K === 1),
    );
    for (let k = 0; k < K; k++) for (let l = 0; l < k; l++) expect(S[k * K + l]).toBe(S[l * K + k]);
  });

  it("has a curvature adjoint that pulls ⟨sBar, S(p)⟩ back to p, added to what is there", () => {
    const sBar = new Float64Array(K * K);
    for (let k = 0; k < K; k++) {
      for (let l = 0; l <= k; l++) {
        sBar[k * K + l] = stream.normal();
        sBar[l * K + k] = sBar[k * K + l];
      }
    }
    const pBar = new Float64Array(K).fill(10);
    loss(name).curvatureAdjoint(padded, 1, K, sBar, pBar);
    // Through u, where S = ∂p/∂u: only there is S determined, as the means of a softmax sum to 1.
    const alongU = (l: number) => {
      let sum = 0;
      for (let k = 0; k < K; k++) sum += S[l * K + k] * (pBar[k] - 10);
      return sum;
    };
    const inner = (at: Float64Array) => evaluate(name, at, y).S.reduce((sum, s, i) => sum + s * sBar[i], 0);
    const constant = name === "mean-squared-error" || (name === "softmax-cross-entropy" && K === 1);
    const claim = {
      f: (at: Float64Array) => [inner(at)],
      at: u,
      column: (l: number) => [alongU(l)],
      terms: 1,
    };
    expect(() => assertDerivative(claim, constant)).not.toThrow();
  });
});

describe("far out", () => {
  const extremes = [700, -700, 1e4, -1e4];

  it("the softmax stays exact: the loss is the gap between the logits, or vanishes", () => {
    for (const u of extremes) {
      expect(evaluate("softmax-cross-entropy", [u, 0], [1, 0]).value).toBe(u > 0 ? Math.exp(-u) : -u);
      expect(evaluate("softmax-cross-entropy", [u, u], [0.5, 0.5]).value).toBeCloseTo(Math.LN2, 15);
      const { p, S } = evaluate("softmax-cross-entropy", [u, 0, -u], [0, 1, 0]);
      expect(p.reduce((sum, entry) => sum + entry, 0)).toBe(1);
      expect(S.every(Number.isFinite)).toBe(true);
    }
  });

  it("the softmax of a confident sample keeps the relative accuracy of loss and curvature", () => {
    // Independent: the series of log(1 + e^−40) and of e^−40/(1 + e^−40)².
    const { value, S } = evaluate("softmax-cross-entropy", [40, 0], [1, 0]);
    expectNear(value, Math.exp(-40), 1e-15);
    expectClose(
      S,
      [1, -1, -1, 1].map((sign) => sign * Math.exp(-40)),
      1e-15,
    );
  });

  it("the sigmoid loss is |u| on the wrong side and e^(−|u|) on the right one", () => {
    for (const u of extremes) {
      expectNear(evaluate("sigmoid-cross-entropy", [u], [u > 0 ? 0 : 1]).value, Math.abs(u), 1e-15);
      expect(evaluate("sigmoid-cross-entropy", [u], [u > 0 ? 1 : 0]).value).toBe(Math.exp(-Math.abs(u)));
    }
  });

  it("the Poisson loss is finite where e^u is", () => {
    expectNear(evaluate("poisson", [700], [1]).value, Math.exp(700) - 700, 1e-15);
    expectNear(evaluate("poisson", [-1e4], [2]).value, 2e4, 1e-15);
    expect(evaluate("poisson", [1e4], [0]).value).toBe(Number.POSITIVE_INFINITY);
  });

  it("soft labels that miss a sum of 1 by rounding still have p − y as their gradient", () => {
    const y = [0.3, 0.3, 0.4 + 4e-7];
    const { p } = evaluate("softmax-cross-entropy", [50, 49, 51], y);
    assertDerivative({
      f: (at) => [evaluate("softmax-cross-entropy", at, y).value],
      at: Float64Array.of(50, 49, 51),
      column: (k) => [p[k] - y[k]],
      terms: 50,
    });
    expect(p).toHaveLength(3);
  });
});

describe("where p saturates", () => {
  const confident = [20, 30, 36, 40, 100, 700];

  // A label and its opposite are mirror images: u → −u, y → 1 − y. Nothing may be lost on the side where p is near 1.
  it.each(confident)(
    "a sigmoid at %d has the residual and curvature of its mirror image, to the last bits",
    (u) => {
      const right = evaluate("sigmoid-cross-entropy", [u], [1]);
      const mirror = evaluate("sigmoid-cross-entropy", [-u], [0]);
      expectNear(right.r[0], -mirror.r[0], 1e-15, Math.abs(mirror.r[0]));
      expectNear(right.S[0], mirror.S[0], 1e-15, mirror.S[0]);
      expectNear(mirror.r[0], Math.exp(-u), 1e-8, Math.exp(-u));
    },
  );

  it.each(confident)("a softmax at %d has residuals that sum to 0, and a curvature whose rows do", (u) => {
    const { r, S } = evaluate("softmax-cross-entropy", [u, 0, -1], [1, 0, 0]);
    expectNear(r[0], -(r[1] + r[2]), 1e-15, Math.abs(r[0]));
    expect(Math.abs(r[0])).toBeGreaterThan(0);
    expectNear(S[0], -(S[1] + S[2]), 1e-15, S[0]);
  });
});

describe("logits as large as numbers are", () => {
  it.each([
    ["softmax-cross-entropy", [1e308, -1e308], [1, 0], 0, [1, 0], [0, 0]],
    ["softmax-cross-entropy", [-1e308, 1e308, 0], [0, 0, 1], 1e308, [0, 1, 0], [0, 1, -1]],
    ["softmax-cross-entropy", [1e308, -1e308], [0.75, 0.25], 0.5e308, [1, 0], [0.25, -0.25]],
    ["softmax-cross-entropy", [-1e308, -1e308], [1, 0], Math.log(2), [0.5, 0.5], [-0.5, 0.5]],
    ["sigmoid-cross-entropy", [1e308, -1e308], [1, 0], 0, [1, 0], [0, 0]],
    ["sigmoid-cross-entropy", [1e308], [0], 1e308, [1], [1]],
    ["mean-squared-error", [1e308], [1e308], 0, [1e308], [0]],
    ["poisson", [-1e308], [0], 0, [0], [0]],
  ] as const)("%s at %j for %j", (name, u, y, value, p, r) => {
    const found = evaluate(name, u, y);
    expect(found.value).toBe(value);
    expect(Array.from(found.p, (entry) => entry + 0)).toEqual(p);
    expect(Array.from(found.r, (entry) => entry + 0)).toEqual(r);
    expect(found.S.every(Number.isFinite)).toBe(true);
  });
});
