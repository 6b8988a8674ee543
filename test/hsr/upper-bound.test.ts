import { describe, expect, it } from "vitest";
import {
  type Batch,
  exactHessian,
  hsrObjective,
  lossAndGradient,
  multilayerNet,
  type Network,
  randomStream,
  spectralBounds,
  spectralMoments,
  symmetricEigen,
  threeLayerNet,
  wsBounds,
  wsUpperBoundAndGradient,
} from "../../src/index.js";
import { type Case, cases, isExactByDifferences, makeCase } from "../cases.js";
import { euclidean, expectClose, expectNear, parameterName } from "../oracles/compare.js";
import { assertDerivative } from "../oracles/finite-differences.js";

/** Independent of the closed-form moments: B = m + s√(n − 1) from the entries of the dense Hessian. */
function denseUpperBound({ net, batch }: Case, theta: Float64Array): number {
  const n = net.size;
  const H = exactHessian(net, theta, batch).data;
  let trace = 0;
  for (let i = 0; i < n; i++) trace += H[i * n + i];
  const mean = trace / n;
  // ‖H − mI‖² does not cancel.
  let deviations = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const entry = H[i * n + j] - (i === j ? mean : 0);
      deviations += entry * entry;
    }
  }
  return mean + Math.sqrt((deviations / n) * (n - 1));
}

function checkBoundGradient(problem: Case): void {
  const { net, theta, batch } = problem;
  const { value, gradient } = wsUpperBoundAndGradient(net, theta, batch);
  expectNear(value, denseUpperBound(problem, theta), 1e-12);
  const claim = {
    f: (at: Float64Array) => [denseUpperBound(problem, at)],
    at: theta,
    column: (j: number) => [gradient[j]],
    name: (_: number, j: number) => `∂B/∂${parameterName(net.layout, j)}`,
  };
  assertDerivative(claim, isExactByDifferences(problem));
}

describe("the gradient of the Wolkowicz–Styan upper bound", () => {
  it.each(cases)("is what differences of the bound of the dense Hessian approach: $name", (problem) => {
    expect(() => checkBoundGradient(problem)).not.toThrow();
  });

  it.each([97, 200])("is so across the tiles of sample pairs: N = %i", (count) => {
    const problem = makeCase({ size: [count, 2, 2, 2], weighted: true, targets: "dense", seed: count });
    expect(() => checkBoundGradient(problem)).not.toThrow();
  });

  it("is ∇tr H/n where H is a multiple of I, zero for a softmax of one class", () => {
    const { net, theta, batch } = makeCase({ size: [5, 2, 3, 1] });
    const { value, gradient, moments } = wsUpperBoundAndGradient(net, theta, batch);
    expect(value).toBe(0);
    expect(moments).toEqual({ size: net.size, trace: 0, frobeniusSquared: 0 });
    expect(gradient.every((entry) => entry === 0)).toBe(true);
  });
});

describe("where H is as large or small as its square can be", () => {
  // H is linear in the weights of samples, and the bound homogeneous. Where a softmax is saturated, H is small beside them.
  const net = multilayerNet({ sizes: [3, 5, 3] });
  const theta = net.init(1).map((entry) => 60 * entry);
  const draws = randomStream(11);
  const x = Array.from({ length: 20 }, () => [1, 2, 3].map(() => draws.uniform(0, 30)));
  const y = x.map(() => draws.integer(3));
  const weights = x.map(() => draws.uniform());
  for (const square of [1e-300, 1e-200, 1e200, 1e302]) {
    for (const route of ["gram", "blocks"] as const) {
      it(`the gradient is that of a moderate one, scaled, where tr H² is ${square}: ${route}`, () => {
        const moderate = wsUpperBoundAndGradient(net, theta, { x, y, weights }, { route });
        const size = Math.sqrt(square / moderate.moments.frobeniusSquared);
        const scaled = weights.map((weight) => weight * size);
        const { value, gradient } = wsUpperBoundAndGradient(net, theta, { x, y, weights: scaled }, { route });
        expectNear(value / size, moderate.value, 1e-13);
        const back = gradient.map((slope) => slope / size);
        expectClose(back, moderate.gradient, 1e-12);
      });
    }
  }
});

/** The gradient of m + √(n(n−1))·‖H − mI‖_F/n for the entries of H, by differences of these, which are smooth where it is not. */
function gradientThroughEntries(net: Network, theta: Float64Array, batch: Batch): Float64Array {
  const n = net.size;
  const H = exactHessian(net, theta, batch).data;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += H[i * n + i] / n;
  const deviations = H.map((entry, at) => (at % (n + 1) === 0 ? entry - mean : entry));
  const reach = Math.sqrt((n - 1) / n) / euclidean(deviations);
  const step = 1e-4;
  return theta.map((_, k) => {
    const [up, down] = [step, -step].map((by) => {
      const moved = theta.map((weight, i) => (i === k ? weight + by : weight));
      return exactHessian(net, moved, batch).data;
    });
    return deviations.reduce((sum, deviation, at) => {
      const slope = (up[at] - down[at]) / (2 * step);
      return sum + slope * (reach * deviation + (at % (n + 1) === 0 ? 1 / n : 0));
    }, 0);
  });
}

describe("near a multiple of I, where tr H²/n − m² cancels", () => {
  // H = [[b², 2ab − 2], [2ab − 2, a²]] is I at a = b = 1, and of two eigenvalues the larger one is B.
  const pair = threeLayerNet({
    inputs: 1,
    hidden: 1,
    outputs: 1,
    loss: "mean-squared-error",
    bias: false,
    activation: "identity",
  });
  const one = { x: [[1]], y: [[2]] };

  it.each([1e-4, 1e-6, 1e-8, 1e-9, 1e-12])("B is λ_max of two, and ∇B its gradient: δ = %d", (delta) => {
    const theta = Float64Array.of(1 + delta, 1);
    const { value, gradient, moments } = wsUpperBoundAndGradient(pair, theta, one);
    const largest = symmetricEigen(exactHessian(pair, theta, one)).values[1];
    expectNear(value, largest, 1e-14);
    expect(value).toBeGreaterThanOrEqual(largest - 1e-15);
    expectClose(gradient, gradientThroughEntries(pair, theta, one), 1e-7 + 1e-15 / delta);
    // δ[[0, 2], [2, 2]] has the eigenvalues δ(1 ± √5).
    expectClose(gradient, [1 + Math.sqrt(5), 1 + 3 / Math.sqrt(5)], 2 * delta + 1e-15 / delta);
    expect(wsBounds(moments).largest.upper).toBe(value);
    expect(wsBounds(spectralMoments(pair, theta, one)).largest.upper).toBe(value);
    const report = spectralBounds(pair, theta, one, { dense: false });
    expect(report.bounds.find(({ name }) => name === "Wolkowicz-Styan")?.upper).toBeCloseTo(value, 15);
    const objective = hsrObjective(pair, one, { strength: 1, every: 1, samples: "all" }).valueAndGradient(
      theta,
    );
    const loss = lossAndGradient(pair, theta, one);
    expectNear(objective.value - loss.loss, value, 1e-15);
    expectClose(
      objective.gradient,
      gradient.map((entry, k) => entry + loss.gradient[k]),
      1e-15,
    );
  });

  it("farther off, s comes from the traces", () => {
    expect(spectralMoments(pair, Float64Array.of(1.01, 1), one)).not.toHaveProperty("deviation");
  });

  it.each([1e-4, 1e-8])("so it is for a chain of four layers: δ = %d", (delta) => {
    // At weights 1 a target of 2 makes H = I at any depth: every second derivative of the product is 1, and r = −1.
    const net = multilayerNet({
      sizes: [1, 1, 1, 1, 1],
      loss: "mean-squared-error",
      bias: false,
      activation: "identity",
    });
    const theta = Float64Array.of(1 + delta, 1 - 2 * delta, 1, 1 + 5 * delta);
    const { value, gradient } = wsUpperBoundAndGradient(net, theta, one);
    const { values } = symmetricEigen(exactHessian(net, theta, one));
    expect(value).toBeGreaterThanOrEqual(values[3] - 1e-15);
    expect(value).toBeLessThan(values[3] + 40 * delta);
    expectClose(gradient, gradientThroughEntries(net, theta, one), 1e-7);
  });

  it("so it is for a layer of twelve weights, by every route", () => {
    // Of targets that nothing depends on, Poisson's loss at x = 2e_c has H = diag exp(2 w_kc) for four samples of weight ¼.
    const net = multilayerNet({ sizes: [4, 3], loss: "poisson", bias: false });
    const x = [0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((c) => (i === c ? 2 : 0)));
    const batch = { x, y: x.map(() => [1, 1, 1]) };
    const theta = Float64Array.from({ length: 12 }, (_, k) => 1e-9 * Math.sin(3 * k));
    const excess = theta.map((weight) => Math.expm1(2 * weight));
    const mean = excess.reduce((sum, each) => sum + each, 0) / 12;
    const deviations = excess.map((each) => each - mean);
    const reach = Math.sqrt(11 / 12);
    const wanted = deviations.map(
      (deviation, k) => 2 * (1 + excess[k]) * (1 / 12 + (reach * deviation) / euclidean(deviations)),
    );
    for (const route of ["gram", "blocks", "auto"] as const) {
      const { value, gradient } = wsUpperBoundAndGradient(net, theta, batch, { route });
      expectNear(value - 1, mean + reach * euclidean(deviations), 1e-15, 1);
      expectClose(gradient, wanted, 1e-6);
    }
  });
});
