import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as ad from "../../../src/autodiff/index.js";
import { lossObjective, minimize, type Objective, randomStream, sgd } from "../../../src/index.js";
import {
  adaptiveSharpness,
  type BallSharpness,
  epsilonSharpness,
  keskarSharpness,
} from "../../../src/landscape/index.js";
import { weightDecayObjective } from "../../../src/regularizers/index.js";
import { makeCase } from "../../cases.js";
import { euclidean, expectClose, expectNear } from "../../oracles/compare.js";
import { diagonalMatrix, withSpectrum } from "../../oracles/plain-matrix.js";
import { slope } from "../../oracles/statistics.js";
import { differentiated, quadraticOf } from "../objectives.js";

const stream = randomStream(31, "sharpness-test");
const normals = (n: number) => Float64Array.from({ length: n }, () => stream.normal());

const problem = makeCase({ size: [20, 2, 4, 3], seed: 3 });
const plain = lossObjective(problem.net, problem.batch);

/** With weight decay the minimum is strict: trained until the gradient is rounding. */
const decayed = weightDecayObjective(plain, { strength: 0.02 });
const minimum = minimize(decayed, problem.theta, sgd({ learningRate: 0.4, momentum: 0.9 }), {
  steps: 50_000,
  gradientTolerance: 2e-14,
}).theta;

const rise = (objective: Objective, theta: Float64Array, delta: Float64Array): number =>
  objective.value(theta.map((entry, i) => entry + delta[i])) - objective.value(theta);

/** The highest of 1,000 random points: directions uniform, lengths such that all depths of the ball are seen. */
function highestOfRandom(
  objective: Objective,
  theta: Float64Array,
  sizes: Float64Array,
  radius: number,
): number {
  let highest = 0;
  for (let i = 0; i < 1000; i++) {
    const u = normals(theta.length);
    const length = (i % 4 === 0 ? stream.uniform() : 1) * (radius / euclidean(u));
    highest = Math.max(
      highest,
      rise(
        objective,
        theta,
        u.map((entry, j) => length * sizes[j] * entry),
      ),
    );
  }
  return highest;
}

describe("ε-sharpness", () => {
  it.each([
    ["a minimum", minimum],
    ["a random point", problem.theta],
  ])("at %s is not below any of 1,000 random perturbations", (_, theta) => {
    for (const radius of [1e-3, 0.1, 1, 5]) {
      const { value, delta, loss, ascents } = epsilonSharpness(decayed, theta, { radius });
      expect(euclidean(delta)).toBeLessThanOrEqual(radius * (1 + 1e-14));
      expect(rise(decayed, theta, delta)).toBe(value);
      expect(loss).toBe(decayed.value(theta));
      for (const ascent of ascents) expect(ascent.to).toBeGreaterThanOrEqual(ascent.from);
      expect(value).toBe(Math.max(...ascents.map(({ to }) => to)));
      const ones = new Float64Array(theta.length).fill(1);
      expect(value).toBeGreaterThanOrEqual(highestOfRandom(decayed, theta, ones, radius));
    }
  });

  it("at a minimum is ½ε²λ_max up to a relative error that falls as ε", () => {
    const radii = [0.02, 0.01, 0.005, 0.0025, 0.00125];
    const errors = radii.map((radius) => {
      const { value, quadratic } = epsilonSharpness(decayed, minimum, { radius, tolerance: 1e-12 });
      return value / quadratic - 1;
    });
    expect(Math.max(...errors)).toBeLessThan(0.02);
    expectNear(slope(radii.map(Math.log2), errors.map(Math.log2)), 1, 0.02);
  });

  it("anywhere is the model's maximum up to an error that falls as ε³", () => {
    const radii = [0.08, 0.04, 0.02, 0.01];
    const errors = radii.map((radius) => {
      const { value, model } = epsilonSharpness(plain, problem.theta, { radius, tolerance: 1e-12 });
      return Math.abs(value - model);
    });
    expectNear(slope(radii.map(Math.log2), errors.map(Math.log2)), 3, 0.02);
  });

  it("of a linear function is ε‖g‖, along g", () => {
    const g = normals(6);
    const found = epsilonSharpness(quadraticOf(diagonalMatrix(new Float64Array(6)), g), normals(6), {
      radius: 0.7,
    });
    expectNear(found.value, 0.7 * euclidean(g), 1e-14);
    expectNear(found.model, 0.7 * euclidean(g), 1e-14);
    expect(found.quadratic).toBe(0);
    expectClose(
      found.delta,
      g.map((entry) => (0.7 * entry) / euclidean(g)),
      1e-7,
    );
  });

  it("of a ball with the maximum inside is the rise to it", () => {
    const concave = quadraticOf(diagonalMatrix([-1, -2, -0.5]));
    const theta = Float64Array.of(0.3, -0.2, 0.1);
    const { value, delta, model } = epsilonSharpness(concave, theta, { radius: 2 });
    expectNear(value, 0.5 * (0.09 + 2 * 0.04 + 0.5 * 0.01), 1e-14);
    expectNear(model, value, 1e-14);
    expectClose(delta, [-0.3, 0.2, -0.1], 1e-7);
    expect(epsilonSharpness(concave, theta, { radius: 2 }).status).toBe("converged");
    const top = epsilonSharpness(concave, new Float64Array(3), { radius: 2 });
    expect(top).toMatchObject({ value: 0, status: "converged" });
    expect(Math.max(...top.delta.map(Math.abs))).toBe(0);
  });

  it("of a function of two variables is what a fine grid finds, on whichever side it is", () => {
    const waves = differentiated(2, (theta) => ad.dot(ad.sin(ad.mul([3, 5], theta)), [1, 0.7]));
    const height = (x: number, y: number) => Math.sin(3 * x) + 0.7 * Math.sin(5 * y);
    fc.assert(
      fc.property(
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.double({ min: 0.05, max: 1.5, noNaN: true }),
        (a, b, radius) => {
          let highest = height(a, b);
          for (let i = 0; i <= 40; i++) {
            for (let j = 0; j < 120; j++) {
              const [r, angle] = [(radius * i) / 40, (2 * Math.PI * j) / 120];
              highest = Math.max(highest, height(a + r * Math.cos(angle), b + r * Math.sin(angle)));
            }
          }
          highest -= height(a, b);
          const { value } = epsilonSharpness(waves, Float64Array.of(a, b), { radius, restarts: 12 });
          expect(value).toBeGreaterThanOrEqual(highest - 1e-12);
          // A grid point is within this of the maximiser, and the gradient is at most 3 + 3.5.
          expect(value).toBeLessThanOrEqual(highest + 6.5 * radius * (0.5 / 40 + Math.PI / 120));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("has a model whose maximum no point of the ball exceeds, the hard case included", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 6 }),
        fc.boolean(),
        fc.integer({ min: 0, max: 1000 }),
        (spectrum, hard, seed) => {
          const n = spectrum.length;
          const top = Math.max(...spectrum);
          const draws = randomStream(seed, "model");
          // In the eigenbasis; in the hard case orthogonal to the top eigenspace.
          const g = spectrum.map((value) => (hard && value === top ? 0 : draws.normal()));
          const objective = quadraticOf(diagonalMatrix(spectrum), g);
          const radius = draws.uniform(0.1, 3);
          const { model, value, delta } = epsilonSharpness(objective, new Float64Array(n), { radius });
          // Of a quadratic the model is the function itself.
          expectNear(value, model, 1e-7, Math.abs(model) + 1e-300);
          expect(model).toBeGreaterThanOrEqual(-1e-15);
          // Moré & Sorensen: (μI − H)δ = g with μ ≥ max(λ_max, 0), and μ = 0 inside.
          const pulled = delta.map((z, i) => g[i] + spectrum[i] * z);
          const mu = pulled.reduce((sum, p, i) => sum + p * delta[i], 0) / (radius * radius);
          const scale = euclidean(g) + radius * Math.max(...spectrum.map(Math.abs)) + 1e-300;
          if (euclidean(delta) > radius * (1 - 1e-6)) {
            expectClose(
              pulled,
              delta.map((z) => mu * z),
              2e-3,
              scale,
            );
            expect(mu).toBeGreaterThanOrEqual(Math.max(top, 0) - (2e-3 * scale) / radius);
          } else
            expectClose(
              pulled,
              delta.map(() => 0),
              2e-3,
              scale,
            );
        },
      ),
    );
  });

  it("finds a maximum near theta, however far the region's edge is", () => {
    // x e^(−50r) − r + 0.6r² + 1.2y² e^(−50r), r = x² + y²: lower everywhere on the edge, though its gradient at 0 is 1.
    const dip = differentiated(2, (theta) => {
      const [x, y] = [ad.dot(theta, [1, 0]), ad.dot(theta, [0, 1])];
      const r = ad.sum(ad.square(theta));
      const near = ad.exp(ad.mul(-50, r));
      const bump = ad.add(ad.mul(x, near), ad.mul(ad.mul(1.2, ad.square(y)), near));
      return ad.add(bump, ad.sub(ad.mul(0.6, ad.square(r)), r));
    });
    const height = (x: number) => x * Math.exp(-50 * x * x) - x * x + 0.6 * x ** 4;
    const highest = Math.max(...Array.from({ length: 2001 }, (_, i) => height(i / 10000)));
    for (const radius of [0.95, 1, 1.1])
      for (const restarts of [0, 3]) {
        const { value, status } = epsilonSharpness(dip, new Float64Array(2), { radius, restarts });
        expect(status).toBe("converged");
        expect(value).toBeGreaterThanOrEqual(highest);
        expectNear(value, highest, 1e-6);
      }
  });

  it("of a wave on a parabola does not fall as ε grows", () => {
    const wave = differentiated(1, (w) =>
      ad.sub(ad.sum(ad.sin(ad.mul(20, w))), ad.mul(0.5, ad.sum(ad.square(w)))),
    );
    for (const restarts of [0, 3]) {
      let before = 0;
      for (const radius of [0.01, 0.05, 0.2, 0.5, 1.3, 2, 5, 20]) {
        const { value } = epsilonSharpness(wave, new Float64Array(1), { radius, restarts });
        expect(value).toBeGreaterThanOrEqual(before * (1 - 1e-15));
        before = value;
      }
    }
  });

  it("has random starts inside the region, and on its edge", () => {
    const flat = quadraticOf(diagonalMatrix([0, 0]));
    const { ascents } = epsilonSharpness(flat, Float64Array.of(1, 2), { radius: 1, restarts: 6 });
    expect(ascents.filter(({ start }) => start === "random")).toHaveLength(6);
    // Along a line the edge is two points; 40 starts in a basin of many tops see most of them.
    const tops = differentiated(1, (w) => ad.sum(ad.sin(ad.mul(20, w))));
    const found = epsilonSharpness(tops, Float64Array.of(0), { radius: 1.5, restarts: 40, seed: 2 });
    const starts = found.ascents.filter(({ start }) => start === "random").map(({ from }) => from);
    expect(new Set(starts).size).toBeGreaterThanOrEqual(20);
  });

  it("says of the top eigenvalue how certain it is", () => {
    const { largest, quadratic } = epsilonSharpness(plain, problem.theta, { radius: 0.1 });
    expect(largest.status).toBe("converged");
    expect(largest.residual).toBeLessThan(1e-5 * Math.abs(largest.value));
    expect(quadratic).toBe(0.5 * 0.1 * 0.1 * largest.value);
  });

  it("of a slope near the smallest number is ε times it", () => {
    const tiny = quadraticOf(diagonalMatrix([0]), [1e-310]);
    const { value, model } = epsilonSharpness(tiny, Float64Array.of(0), { radius: 0.5 });
    expect([value, model]).toEqual([5e-311, 5e-311]);
  });

  it("of larger problems has a model from few products that is as good as from many", () => {
    const n = 300;
    const H = withSpectrum(
      Array.from({ length: n }, (_, i) => 4 / (1 + i) - 0.2),
      3,
    );
    const g = normals(n);
    const objective = quadraticOf(H, g);
    const found = epsilonSharpness(objective, new Float64Array(n), { radius: 0.5 });
    expectNear(found.value, found.model, 1e-9);
    expect(found.products).toBeLessThan(n);
  });

  it("takes long steps where short ones would gain little", () => {
    const close = quadraticOf(diagonalMatrix([1, 0.8, 0.7, 0.5]));
    const { status, ascents } = epsilonSharpness(close, new Float64Array(4), { radius: 1, restarts: 10 });
    expect(status).toBe("converged");
    // With steps no longer than the ball is wide, about twice as many.
    for (const { iterations } of ascents) expect(iterations).toBeLessThan(60);
  });

  it("leaves theta as it is, and has the same bits for the same seed", () => {
    const before = problem.theta.slice();
    const first = epsilonSharpness(plain, problem.theta, { radius: 0.5, seed: 4 });
    expect(problem.theta).toEqual(before);
    expect(epsilonSharpness(plain, problem.theta, { radius: 0.5, seed: 4 })).toEqual(first);
    const other = epsilonSharpness(plain, problem.theta, { radius: 0.5, seed: 5 });
    expect(other.ascents.at(-1)).not.toEqual(first.ascents.at(-1));
  });

  it("says where it was stopped, and where it could not go on", () => {
    const stopped = epsilonSharpness(decayed, minimum, { radius: 5, maxIterations: 1, restarts: 0 });
    expect(stopped.status).toBe("max-iterations");
    expect(stopped.ascents.some(({ gap }) => gap > 0)).toBe(true);
    // 0.1 y − |x|: every step uphill from beside the ridge ends beyond it, further down.
    const tent = differentiated(2, (theta) =>
      ad.sub(ad.dot(theta, [0, 0.1]), ad.dot(ad.add(ad.relu(theta), ad.relu(ad.neg(theta))), [1, 0])),
    );
    const stalled = epsilonSharpness(tent, Float64Array.of(0.01, 0), { radius: 1 });
    expect(stalled.ascents.some(({ status }) => status === "stalled")).toBe(true);
    // A top that is a kink: nothing rises, and the gradient there promises that something does.
    const roof = quadraticOf(diagonalMatrix([0]));
    const kink: Objective = {
      ...roof,
      value: (theta) => -Math.abs(theta[0]),
      valueAndGradient: (theta) => ({
        value: -Math.abs(theta[0]),
        gradient: Float64Array.of(theta[0] > 0 ? -1 : 1),
      }),
    };
    expect(epsilonSharpness(kink, Float64Array.of(0), { radius: 1 })).toMatchObject({
      value: 0,
      status: "stalled",
    });
  });
});

describe("adaptive sharpness", () => {
  const { layout } = problem.net;
  const norms: Record<string, (theta: Float64Array) => Float64Array> = {
    element: (theta) => theta.map(Math.abs),
    network: (theta) => theta.map(() => euclidean(theta)),
    layer: (theta) => {
      const out = theta.slice();
      for (const { shape, offset } of layout) {
        const end = offset + shape.reduce((a, b) => a * b, 1);
        out.fill(euclidean(theta.subarray(offset, end)), offset, end);
      }
      return out;
    },
    filter: (theta) => {
      const out = theta.map(Math.abs);
      for (const { shape, offset } of layout.filter(({ shape }) => shape.length === 2)) {
        for (let row = 0; row < shape[0]; row++) {
          const [from, to] = [offset + row * shape[1], offset + (row + 1) * shape[1]];
          out.fill(euclidean(theta.subarray(from, to)), from, to);
        }
      }
      return out;
    },
  };

  it.each(Object.entries(norms))("by %s is the highest point with ‖T⁻¹δ‖ ≤ ρ", (normalization, sizesOf) => {
    const theta = problem.theta;
    const sizes = sizesOf(theta);
    for (const radius of [0.02, 0.3]) {
      const options = { radius, normalization, layout } as Parameters<typeof adaptiveSharpness>[2];
      const found: BallSharpness = adaptiveSharpness(plain, theta, options);
      expect(euclidean(found.delta.map((entry, i) => entry / sizes[i]))).toBeLessThanOrEqual(
        radius * (1 + 1e-12),
      );
      expectNear(rise(plain, theta, found.delta), found.value, 1e-12);
      expect(found.value).toBeGreaterThanOrEqual(highestOfRandom(plain, theta, sizes, radius));
    }
  });

  it.each(Object.entries(norms))("by %s, of a linear function, is ρ‖Tg‖", (normalization, sizesOf) => {
    const theta = normals(problem.net.size);
    const g = normals(problem.net.size);
    const linear = quadraticOf(diagonalMatrix(new Float64Array(theta.length)), g);
    const found = adaptiveSharpness(linear, theta, { radius: 0.1, normalization, layout } as never);
    const sizes = sizesOf(theta);
    expectNear(found.value, 0.1 * euclidean(g.map((entry, i) => entry * sizes[i])), 1e-12);
  });

  it("goes by elements unless told otherwise, adds the offset, and without one leaves zeros alone", () => {
    const theta = Float64Array.of(0, 2, -3);
    const linear = quadraticOf(diagonalMatrix([0, 0, 0]), [1, 1, 1]);
    const found = adaptiveSharpness(linear, theta, { radius: 1 });
    expectNear(found.value, Math.hypot(2, 3), 1e-14);
    expect(found.delta[0]).toBe(0);
    expectNear(adaptiveSharpness(linear, theta, { radius: 1, offset: 1 }).value, Math.hypot(1, 3, 4), 1e-14);
    expect(adaptiveSharpness(linear, new Float64Array(3), { radius: 1 }).value).toBe(0);
  });
});

describe("Keskar's sharpness", () => {
  it("of a linear function is Σ ε(|θ_i| + 1)|g_i|, in percent of 1 + L", () => {
    const theta = Float64Array.of(0, 2, -3);
    const linear = quadraticOf(diagonalMatrix([0, 0, 0]), [1, -2, 0.5]);
    const { value, delta, loss, percent } = keskarSharpness(
      linear,
      theta.map((x) => -x),
      { radius: 0.1 },
    );
    expectNear(value, 0.1 * (1 + 2 * 3 + 0.5 * 4), 1e-14);
    expectClose(delta, [0.1, -0.3, 0.4], 1e-14);
    expectNear(loss, 5.5, 1e-15);
    expectNear(percent, (100 * value) / 6.5, 1e-15);
  });

  it("of a convex quadratic is that of the best corner, which no start need be", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.nat(1000), (n, seed) => {
        const draws = randomStream(seed, "corners");
        const H = withSpectrum(
          Array.from({ length: n }, () => draws.uniform(0, 2)),
          seed,
        );
        const objective = quadraticOf(
          H,
          Float64Array.from({ length: n }, () => draws.normal()),
          100,
        );
        const theta = Float64Array.from({ length: n }, () => draws.normal());
        let highest = 0;
        for (let corner = 0; corner < 2 ** n; corner++) {
          const delta = theta.map((entry, i) => (corner & (1 << i) ? 0.8 : -0.8) * (Math.abs(entry) + 1));
          highest = Math.max(highest, rise(objective, theta, delta));
        }
        const { value } = keskarSharpness(objective, theta, { radius: 0.8, restarts: 40 });
        expectNear(value, highest, 1e-11);
      }),
      { numRuns: 40 },
    );
  });

  it("climbs along the faces of its box, and to a top inside", () => {
    // Highest at (0.2, 0.5, 0.1), one coordinate of which is on the face.
    const concave = quadraticOf(diagonalMatrix([-1, -1, -1]), [0.2, 0.9, 0.1]);
    const { value, delta } = keskarSharpness(concave, new Float64Array(3), { radius: 0.5 });
    expectClose(delta, [0.2, 0.5, 0.1], 1e-6);
    expectNear(value, 0.5 * 0.04 + 0.5 * (0.9 - 0.25) + 0.5 * 0.01, 1e-8);
  });

  it("of a diagonal quadratic at its minimum is that of a corner", () => {
    const { value } = keskarSharpness(quadraticOf(diagonalMatrix([1, 2, 3])), new Float64Array(3), {
      radius: 0.2,
    });
    expectNear(value, 0.5 * 0.04 * 6, 1e-14);
  });

  it("stays in its box, and is not below any of 1,000 random corners or inner points", () => {
    for (const radius of [1e-3, 0.1]) {
      const { value, delta } = keskarSharpness(plain, problem.theta, { radius, restarts: 8 });
      const widths = problem.theta.map((entry) => radius * (Math.abs(entry) + 1));
      expect(delta.every((entry, i) => Math.abs(entry) <= widths[i] * (1 + 1e-14))).toBe(true);
      for (let i = 0; i < 1000; i++) {
        const at = widths.map((w) => w * (i % 2 ? Math.sign(stream.normal()) : stream.uniform(-1, 1)));
        expect(rise(plain, problem.theta, at)).toBeLessThanOrEqual(value);
      }
    }
  });
});
