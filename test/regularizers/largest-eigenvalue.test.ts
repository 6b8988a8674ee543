import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  ConvergenceError,
  exactHessian,
  lossObjective,
  minimize,
  type Network,
  NonFiniteError,
  sequential,
  sgd,
  symmetricEigen,
} from "../../src/index.js";
import { largestEigenvalueObjective } from "../../src/regularizers/index.js";
import { type Case, makeCase } from "../cases.js";
import { layeredProblems } from "../layered-problems.js";
import { expectClose, expectNear, largest } from "../oracles/compare.js";
import { assertDerivative } from "../oracles/finite-differences.js";
import { refusals } from "../refusals.js";
import { net, x, y } from "../small-network.js";
import { distant, far, overflows, steep } from "./overflowing.js";

const penalty = (
  { net, batch, theta }: Pick<Case, "batch" | "theta"> & { readonly net: Network },
  options: object = {},
) => {
  const { value, gradient } = largestEigenvalueObjective(net, batch, {
    strength: 1,
    ...options,
  }).valueAndGradient(theta);
  const plain = lossObjective(net, batch).valueAndGradient(theta);
  return { value: value - plain.value, gradient: gradient.map((entry, j) => entry - plain.gradient[j]) };
};

describe("largestEigenvalueObjective", () => {
  it.each(["tanh", "gelu", "sin"] as const)(
    "is the same by Lanczos and from the dense Hessian: %s",
    (activation) => {
      const problem = makeCase({ size: [40, 4, 6, 3], activation, weighted: true, seed: 3 });
      const dense = penalty(problem, { solver: "dense" });
      for (const seed of [0, 1]) {
        const lanczos = penalty(problem, { solver: "lanczos", seed });
        expectNear(lanczos.value, dense.value, 1e-12);
        expectClose(lanczos.gradient, dense.gradient, 1e-8);
      }
    },
  );

  it("chooses Lanczos for many parameters, and gives the same bits every time", () => {
    const problem = makeCase({ size: [20, 6, 14, 3] });
    expect(problem.net.size).toBeGreaterThan(100);
    expect(penalty(problem)).toEqual(penalty(problem, { solver: "lanczos" }));
    const objective = largestEigenvalueObjective(problem.net, problem.batch, { strength: 1 });
    const first = objective.valueAndGradient(problem.theta);
    objective.gradient(problem.theta.map((entry) => -entry));
    expect(objective.valueAndGradient(problem.theta)).toEqual(first);
    expect(penalty(makeCase({ size: [20, 2, 3, 3] }))).toEqual(
      penalty(makeCase({ size: [20, 2, 3, 3] }), { solver: "dense" }),
    );
  });

  it("refuses an eigenpair that did not converge, by name, with its residual", () => {
    const problem = makeCase({ size: [40, 6, 10, 3] });
    const rushed = () => penalty(problem, { solver: "lanczos", maxIterations: 5 });
    expect(rushed).toThrow(ConvergenceError);
    expect(rushed).toThrow(
      /^largestEigenvalueObjective: expected λ_max with a residual .*got status "max-iterations" after \d+ products.*maxIterations/,
    );
    expect(() => penalty(problem, { solver: "lanczos", tolerance: 1e-18 })).toThrow(/"invariant-subspace"/);
  });

  it("takes one vector's derivative where λ_max is multiple: between those of the two branches", () => {
    // Equal logits that are right, so that only the biases have curvature: that of the softmax, K − 1 times 1/K.
    const { net } = makeCase({ size: [1, 1, 1, 3], activation: "identity" });
    const batch = { x: [[1]], y: [[1 / 3, 1 / 3, 1 / 3]] };
    const theta = new Float64Array(net.size);
    const { values } = symmetricEigen(exactHessian(net, theta, batch));
    expect(values[net.size - 1] - values[net.size - 2]).toBeLessThan(1e-14);
    const { gradient } = penalty({ net, batch, theta });
    const lambda = (at: Float64Array) => symmetricEigen(exactHessian(net, at, batch)).values;
    // The one-sided derivatives of λ_max and λ₂ along every axis enclose it.
    for (let j = 0; j < net.size; j++) {
      const ends = [1, -1].flatMap((sign) => {
        const at = theta.slice();
        at[j] = sign * 1e-6;
        return [1, 2].map((k) => (sign * (lambda(at)[net.size - k] - values[net.size - k])) / 1e-6);
      });
      expect(gradient[j]).toBeGreaterThanOrEqual(Math.min(...ends) - 1e-5);
      expect(gradient[j]).toBeLessThanOrEqual(Math.max(...ends) + 1e-5);
    }
    expect(largest(gradient)).toBeGreaterThan(0.01);
  });

  it("is 0 where H is: a softmax of one class", () => {
    const problem = makeCase({ size: [5, 2, 3, 1] });
    for (const solver of ["dense", "lanczos"]) {
      const { value, gradient } = penalty(problem, { solver });
      expect(value).toBe(0);
      expect(largest(gradient)).toBe(0);
    }
  });

  it("leads to a smaller λ_max than plain descent", () => {
    const { net, theta, batch } = makeCase({ size: [30, 3, 4, 3], seed: 2 });
    const train = (objective: Parameters<typeof minimize>[0]) =>
      symmetricEigen(
        exactHessian(
          net,
          minimize(objective, theta, sgd({ learningRate: 0.1 }), { steps: 150 }).theta,
          batch,
        ),
      ).values.at(-1) as number;
    const plain = train(lossObjective(net, batch));
    expect(train(largestEigenvalueObjective(net, batch, { strength: 0.1 }))).toBeLessThan(0.8 * plain);
  });
});

describe("largestEigenvalueObjective refuses", () => {
  const batch = { x, y };
  const nothing = undefined as never;
  const largest = (options: object) => largestEigenvalueObjective(net, batch, { strength: 1, ...options });
  refusals(NonFiniteError, "non-finite", [
    [
      "a Hessian that overflows, before its eigenvalues",
      () => largestEigenvalueObjective(steep, distant, { ...overflows, solver: "dense" }).value(far),
      /largestEigenvalueObjective: expected the Hessian to be finite/,
    ],
    [
      "its products",
      () => largestEigenvalueObjective(steep, distant, { ...overflows, solver: "lanczos" }).value(far),
      /largestEigenvalueObjective: expected H·v to be finite/,
    ],
  ]);
  refusals(ArgumentError, "invalid-argument", [
    [
      "no options of an eigenvalue",
      () => largestEigenvalueObjective(net, batch, nothing),
      /largestEigenvalueObjective/,
    ],
    ["a negative eigenvalue", () => largest({ strength: -1 }), /largestEigenvalueObjective: .*strength/],
    [
      "an unknown solver",
      () => largest({ solver: "power" }),
      /solver to be one of auto, dense, lanczos, got "power"/,
    ],
    ["a tolerance of 0", () => largest({ tolerance: 0 }), /tolerance.*> 0, got 0/],
    ["no iterations", () => largest({ maxIterations: 0 }), /maxIterations.*≥ 1/],
    ["a solver's broken seed", () => largest({ seed: 0.5 }), /largestEigenvalueObjective: .*seed/],
  ]);
});

describe("largestEigenvalueObjective of networks of layers", () => {
  const dense = { kind: "dense", outputs: 2 } as const;
  const inside = [{ kind: "layerNorm", affine: false }, dense, { kind: "tanh" }] as const;
  const shortcut = sequential({
    input: 3,
    layers: [dense, { kind: "residual", layers: [...inside] }, dense],
  });
  const data = layeredProblems[1].batch;
  const problems = [
    ...layeredProblems,
    { name: "a shortcut", net: shortcut, theta: shortcut.init(4), batch: data },
  ];

  it.each(problems)("has the λ_max of H and the gradient that differences approach: $name", (problem) => {
    const { values } = symmetricEigen(exactHessian(problem.net, problem.theta, problem.batch));
    const found = penalty(problem, { solver: "dense" });
    expectNear(found.value, values[values.length - 1], 1e-12);
    const byLanczos = penalty(problem, { solver: "lanczos" });
    expectNear(byLanczos.value, found.value, 1e-12);
    expectClose(byLanczos.gradient, found.gradient, 1e-8);
    const objective = largestEigenvalueObjective(problem.net, problem.batch, { strength: 1 });
    const gradient = objective.gradient(problem.theta);
    const claim = {
      f: (at: Float64Array) => [objective.value(at)],
      at: problem.theta,
      column: (j: number) => [gradient[j]],
      step: 2 ** -9,
      roundings: 256,
    };
    expect(() => assertDerivative(claim)).not.toThrow();
  });
});
