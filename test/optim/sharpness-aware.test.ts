// Independent: every recurrence is written out from its paper, on plain arrays, with no helper of the engine.

import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  asam,
  hessianUsam,
  type Objective,
  objectiveOf,
  penaltySam,
  sam,
  twoStepUsam,
  usam,
} from "../../src/index.js";
import { expectClose } from "../oracles/compare.js";
import { refusals } from "../refusals.js";
import { quadratic } from "./quadratic.js";
import {
  accelerated,
  alpha,
  apart,
  ball,
  gradient,
  length,
  objective,
  plus,
  rho,
  run,
  STEPS,
  start,
  TOLERANCE,
  type Vector,
} from "./recurrence.js";
import * as separable from "./separable.js";

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
      apart(run(usam({ ...alpha, radius })), run(penaltySam({ ...alpha, radius })));
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
});

describe("sam", () => {
  it("descends the gradient taken at θ + ρg/‖g‖, with momentum and decay as in sgd", () => {
    let theta = [...separable.start];
    let velocity = theta.map(() => 0);
    for (let t = 0; t < separable.STEPS; t++) {
      const g = theta.map((x, i) => separable.curvatures[i] * x - separable.slopes[i]);
      const norm = Math.sqrt(g.reduce((sum, entry) => sum + entry * entry, 0));
      const uphill = theta.map(
        (x, i) => separable.curvatures[i] * (x + (0.05 * g[i]) / norm) - separable.slopes[i] + 0.01 * x,
      );
      velocity = velocity.map((v, i) => 0.5 * v + uphill[i]);
      theta = theta.map((x, i) => x - 0.1 * velocity[i]);
    }
    const optimizer = sam({ learningRate: 0.1, radius: 0.05, momentum: 0.5, weightDecay: 0.01 });
    expectClose(separable.run(optimizer), theta, 1e-12);
  });

  it("does not move from a point where the gradient is exactly 0", () => {
    const optimizer = sam({ learningRate: 0.1, radius: 0.05 });
    const { theta, state } = optimizer.step(
      quadratic([2, 3]),
      new Float64Array(2),
      optimizer.initialState(2),
    );
    expect(Array.from(theta)).toEqual([0, 0]);
    expect(state.velocity).toBeNull();
  });
});

describe("the SAM family refuses", () => {
  refusals(ArgumentError, "invalid-argument", [
    ["a negative offset", () => asam({ learningRate: 1, radius: 1, offset: -1 }), /asam: .*offset.*≥ 0/],
    ["usam without radius", () => usam({ learningRate: 1 } as never), /usam: .*radius/],
    ["usam without options", () => usam(undefined as never), /usam: .*options to be an object/],
    ["asam without options", () => asam(undefined as never), /asam: .*options to be an object/],
    ["a radius of 0", () => sam({ learningRate: 1, radius: 0 }), /sam: .*radius.*> 0/],
  ]);
});
