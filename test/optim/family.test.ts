// Independent: every recurrence is written out from its paper, on plain arrays, with no helper of the engine.

import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  adamw,
  asam,
  heavyBall,
  hessianUsam,
  minimize,
  nesterov,
  type Objective,
  type Optimizer,
  objectiveOf,
  penaltySam,
  rmsprop,
  sam,
  scheduled,
  sgd,
  stepSchedule,
  twoStepUsam,
  usam,
} from "../../src/index.js";
import { expectClose } from "../oracles/compare.js";
import { smooth } from "./smooth.js";

const start = [1.5, -2, 0.75];
const STEPS = 25;
const TOLERANCE = 1e-12;
const objective = smooth();

const run = <State>(optimizer: Optimizer<State>): Float64Array =>
  minimize(objective, Float64Array.from(start), optimizer, { steps: STEPS }).theta;

type Vector = number[];
const gradient = (x: Vector): Vector => Array.from(objective.gradient(Float64Array.from(x)));
const plus = (x: Vector, scale: number, y: Vector): Vector => x.map((entry, i) => entry + scale * y[i]);
const length = (x: Vector): number => Math.hypot(...x);
/** H·v by central differences of the gradient, extrapolated: good to about 1e-11. */
const bent = (x: Vector, v: Vector): Vector => {
  const slope = (h: number) =>
    plus(gradient(plus(x, h, v)), -1, gradient(plus(x, -h, v))).map((d) => d / (2 * h));
  const [coarse, fine] = [slope(2e-3), slope(1e-3)];
  return fine.map((entry, i) => (4 * entry - coarse[i]) / 3);
};

/** θ after x ← x − α·direction(x), with momentum of PyTorch's kind. */
function descend(direction: (x: Vector) => Vector, momentum = 0, lookahead = false): Vector {
  let x = start;
  let velocity = x.map(() => 0);
  for (let t = 0; t < STEPS; t++) {
    const g = direction(x);
    velocity = plus(g, momentum, velocity);
    x = plus(x, -0.05, lookahead ? plus(g, momentum, velocity) : velocity);
  }
  return x;
}

const alpha = { learningRate: 0.05 };
const rho = { ...alpha, radius: 0.03 };
const ball = { momentum: 0.7 };
const accelerated = { momentum: 0.7, nesterov: true };

describe("the SAM family, on a function that is not quadratic,", () => {
  const usamGradient = (x: Vector) => gradient(plus(x, 0.03, gradient(x)));

  it("usam descends ∇f(x + ρ∇f(x)), with either momentum", () => {
    expectClose(run(usam(rho)), descend(usamGradient), TOLERANCE);
    expectClose(run(usam({ ...rho, ...ball })), descend(usamGradient, 0.7), TOLERANCE);
    expectClose(run(usam({ ...rho, ...accelerated })), descend(usamGradient, 0.7, true), TOLERANCE);
  });

  it("twoStepUsam descends the gradient two steps uphill", () => {
    const wanted = descend((x) => {
      const y = plus(x, 0.03, gradient(x));
      return gradient(plus(y, 0.03, gradient(y)));
    });
    expectClose(run(twoStepUsam(rho)), wanted, TOLERANCE);
  });

  it("hessianUsam descends ∇f(x + ρH∇f(x)), H by finite differences", () => {
    const wanted = descend((x) => gradient(plus(x, 0.03, bent(x, gradient(x)))), 0.7);
    expectClose(run(hessianUsam({ ...rho, ...ball })), wanted, 1e-8);
  });

  it("penaltySam descends f + (ρ/2)‖∇f‖², by finite differences of that function", () => {
    const penalised = (x: Vector) => {
      const g = gradient(x);
      return objective.value(Float64Array.from(x)) + 0.015 * g.reduce((sum, entry) => sum + entry * entry, 0);
    };
    const slope = (x: Vector, h: number) =>
      x.map((_, i) => {
        const e = x.map((__, j) => (i === j ? h : 0));
        return (penalised(plus(x, 1, e)) - penalised(plus(x, -1, e))) / (2 * h);
      });
    const wanted = descend((x) => {
      const [coarse, fine] = [slope(x, 2e-3), slope(x, 1e-3)];
      return fine.map((entry, i) => (4 * entry - coarse[i]) / 3);
    });
    expectClose(run(penaltySam(rho)), wanted, 1e-8);
  });

  it("penaltySam is usam to first order in ρ: half the radius, a quarter of the difference", () => {
    const difference = (radius: number) =>
      length(
        plus(
          Array.from(run(usam({ ...alpha, radius }))),
          -1,
          Array.from(run(penaltySam({ ...alpha, radius }))),
        ),
      );
    const ratios = [0.004, 0.002].map((radius) => difference(radius) / difference(radius / 2));
    for (const ratio of ratios) expect(Math.abs(ratio - 4)).toBeLessThan(0.1);
  });

  it("asam descends ∇f(x + ρT²g/‖Tg‖), T = |x| + η", () => {
    const wanted = (offset: number) =>
      descend((x) => {
        const sizes = x.map((entry) => Math.abs(entry) + offset);
        const g = gradient(x);
        const norm = length(g.map((entry, i) => sizes[i] * entry));
        return gradient(x.map((entry, i) => entry + (0.4 * sizes[i] * sizes[i] * g[i]) / norm));
      });
    expectClose(run(asam({ ...alpha, radius: 0.4 })), wanted(0.01), TOLERANCE);
    expectClose(run(asam({ ...alpha, radius: 0.4, offset: 0.2 })), wanted(0.2), TOLERANCE);
  });

  it("asam is blind to scale: parameters in other units, the same perturbation of the function", () => {
    // f(Cy) at y = x/C: T and the perturbation scale with y, so that the value reached is the same.
    const units = [10, 0.1, 3];
    const scaled: Objective = objectiveOf(3, (y) => {
      const { value, gradient: g } = objective.valueAndGradient(y.map((entry, i) => units[i] * entry));
      return { value, gradient: g.map((entry, i) => units[i] * entry) };
    });
    const probe = (f: Objective, theta: Vector): number => {
      const values: number[] = [];
      const watched = objectiveOf(3, (at) => {
        const both = f.valueAndGradient(at);
        values.push(both.value);
        return both;
      });
      const optimizer = asam({ ...alpha, radius: 0.4, offset: 0 });
      optimizer.step(watched, Float64Array.from(theta), optimizer.initialState(3));
      return values[1];
    };
    const there = start.map((entry, i) => entry / units[i]);
    expectClose([probe(scaled, there)], [probe(objective, start)], 1e-13);
  });

  it.each([
    ["sgd", 1, 0, sgd(alpha)],
    ["heavyBall", 1, 0, heavyBall({ ...alpha, ...ball })],
    ["nesterov", 1, 0, nesterov({ ...alpha, ...ball })],
    ["rmsprop", 1, 0, rmsprop(alpha)],
    ["sam", 2, 0, sam(rho)],
    ["asam", 2, 0, asam(rho)],
    ["usam", 2, 0, usam(rho)],
    ["twoStepUsam", 3, 0, twoStepUsam(rho)],
    ["hessianUsam", 2, 1, hessianUsam(rho)],
    ["penaltySam", 1, 1, penaltySam(rho)],
  ])("%s takes %i gradients and %i products H·v a step", (_, gradients, products, optimizer) => {
    const seen = { gradients: 0, products: 0 };
    const counted: Objective = {
      ...objective,
      gradient: (theta) => {
        seen.gradients++;
        return objective.gradient(theta);
      },
      valueAndGradient: (theta) => {
        seen.gradients++;
        return objective.valueAndGradient(theta);
      },
      hessianVectorProduct: (theta, v) => {
        seen.products++;
        return objective.hessianVectorProduct!(theta, v);
      },
    };
    const one = optimizer as Optimizer;
    one.step(counted, Float64Array.from(start), one.initialState(3));
    expect(seen).toEqual({ gradients, products });
  });

  it.each([
    ["hessianUsam", hessianUsam(rho)],
    ["penaltySam", penaltySam(rho)],
  ])("%s refuses an objective without H·v", (name, optimizer) => {
    const { hessianVectorProduct: _, ...blind } = objective;
    const go = () => minimize(blind, Float64Array.from(start), optimizer, { steps: 1 });
    expect(go).toThrow(ArgumentError);
    expect(go).toThrow(
      new RegExp(`^${name}: expected an objective with hessianVectorProduct, got one without`),
    );
  });
});

describe("heavyBall", () => {
  it("is x − α∇f + β(x − x₋), and sgd with momentum", () => {
    let [x, previous] = [start, start];
    for (let t = 0; t < STEPS; t++)
      [x, previous] = [plus(plus(x, -0.05, gradient(x)), 0.7, plus(x, -1, previous)), x];
    expectClose(run(heavyBall({ ...alpha, ...ball })), x, TOLERANCE);
    expectClose(run(sgd({ ...alpha, ...ball })), x, TOLERANCE);
  });

  it("parts from sgd where the learning rate changes", () => {
    const schedule = stepSchedule({ learningRate: 0.05, every: 5, factor: 0.5 });
    const ballRun = run(scheduled((learningRate) => heavyBall({ learningRate, ...ball }), schedule));
    const sgdRun = run(scheduled((learningRate) => sgd({ learningRate, ...ball }), schedule));
    expect(length(plus(Array.from(ballRun), -1, Array.from(sgdRun)))).toBeGreaterThan(1e-3);
  });
});

describe("nesterov", () => {
  it("has in theta the extrapolated points, in the state the iterates; sgd has the former", () => {
    let [x, y] = [start, start];
    for (let t = 0; t < STEPS; t++) {
      const next = plus(y, -0.05, gradient(y));
      y = plus(next, 0.7, plus(next, -1, x));
      x = next;
    }
    const result = minimize(objective, Float64Array.from(start), nesterov({ ...alpha, ...ball }), {
      steps: STEPS,
    });
    expectClose(result.theta, y, TOLERANCE);
    expectClose(result.state.previous!, x, TOLERANCE);
    expectClose(run(sgd({ ...alpha, ...accelerated })), y, TOLERANCE);
  });
});

describe("decoupled weight decay", () => {
  const decoupled = { weightDecay: 0.1, decoupledDecay: true };

  it("shrinks theta by 1 − αλ, and no gradient or velocity sees it", () => {
    let [x, velocity] = [start, start.map(() => 0)];
    for (let t = 0; t < STEPS; t++) {
      velocity = plus(gradient(x), 0.7, velocity);
      x = plus(
        x.map((entry) => (1 - 0.05 * 0.1) * entry),
        -0.05,
        velocity,
      );
    }
    expectClose(run(sgd({ ...alpha, ...ball, ...decoupled })), x, TOLERANCE);
  });

  it("is the coupled one where there is no memory, and another where there is", () => {
    const apart = (a: Float64Array, b: Float64Array) => length(plus(Array.from(a), -1, Array.from(b)));
    const both = (make: (options: object) => Float64Array) =>
      apart(make({ weightDecay: 0.1 }), make(decoupled));
    expect(both((options) => run(sgd({ ...alpha, ...options })))).toBeLessThan(1e-13);
    expect(both((options) => run(usam({ ...rho, ...options })))).toBeLessThan(1e-13);
    expect(both((options) => run(sgd({ ...alpha, ...ball, ...options })))).toBeGreaterThan(1e-3);
    expect(both((options) => run(rmsprop({ ...alpha, ...options })))).toBeGreaterThan(1e-3);
  });

  it("of rmsprop is that of adamw: with the same preconditioner, the same step", () => {
    // Without smoothing and without moments both are α·g/(|g| + ε) after the shrinking.
    const a = run(rmsprop({ ...alpha, smoothing: 0, epsilon: 1e-2, ...decoupled }));
    const b = run(adamw({ ...alpha, beta1: 0, beta2: 0, epsilon: 1e-2, weightDecay: 0.1 }));
    expectClose(a, b, TOLERANCE);
  });
});

describe("rmsprop", () => {
  it("takes a variance that rounding made negative as 0", () => {
    // A constant gradient: mean square and squared mean agree but for rounding.
    const slope = objectiveOf(1, (x) => ({ value: 0.1 * x[0], gradient: Float64Array.of(0.1) }));
    const optimizer = rmsprop({ learningRate: 1e-12, smoothing: 0.9, centered: true });
    const run = minimize(slope, Float64Array.of(0), optimizer, { steps: 2000 });
    expect(run.status).toBe("max-iterations");
    expect(run.steps).toBe(2000);
  });
});
