import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  lossObjective,
  minibatchObjective,
  minimize,
  type Objective,
  type Optimizer,
  selectSamples,
  sgd,
} from "../../src/index.js";
import { clipped } from "../../src/optim/index.js";
import { makeCase } from "../cases.js";
import { optimizers } from "./optimizers.js";
import { smooth } from "./smooth.js";

const STEPS = 20;
const start = Float64Array.of(1.5, -2, 0.75);

/** The objectives: plain, and clipped so that some steps are and some are not. */
const objectives: Readonly<Record<string, () => Objective>> = {
  plain: smooth,
  "clipped by norm": () => clipped(smooth(), { norm: 1.5 }),
  "clipped by value": () => clipped(smooth(), { value: 0.8 }),
};

/** As a checkpoint would: arrays of numbers in JSON. */
function throughJson<T>(state: T): T {
  const text = JSON.stringify(state, (_, value) =>
    value instanceof Float64Array ? { float64: Array.from(value) } : value,
  );
  return JSON.parse(text, (_, value) => (value?.float64 ? Float64Array.from(value.float64) : value)) as T;
}

const copies = { structuredClone: <T>(state: T) => structuredClone(state), JSON: throughJson };

describe.each(Object.keys(objectives))("a run stopped at any step and resumed, %s,", (name) => {
  it.each(optimizers)("gives the same bits: %s", (_, make) => {
    const objective = objectives[name];
    const whole = minimize(objective(), start, make(), { steps: STEPS });
    expect(whole.steps).toBe(STEPS);
    expect(whole.value).toBeLessThan(smooth().value(start));
    for (let stop = 0; stop <= STEPS; stop++) {
      const first = minimize(objective(), start, make(), { steps: stop });
      for (const copy of Object.values(copies)) {
        const { theta, steps, state } = copy(first);
        const second = minimize(objective(), theta, make(), { steps: STEPS - stop, from: { steps, state } });
        expect(second).toEqual(whole);
      }
    }
  });
});

describe("on mini-batches", () => {
  it.each(optimizers)("too: %s", (_, make) => {
    const { net, theta, batch } = makeCase({ size: [23, 3, 4, 3] });
    const objective = () =>
      clipped(
        minibatchObjective({ count: 23, batchSize: 5, seed: 4 }, (rows) =>
          lossObjective(net, selectSamples(batch, rows)),
        ),
        { norm: 0.3 },
      );
    const whole = minimize(objective(), theta, make(), { steps: 12 });
    const first = structuredClone(minimize(objective(), theta, make(), { steps: 7 }));
    expect(minimize(objective(), first.theta, make(), { steps: 5, from: first })).toEqual(whole);
  });
});

describe("a step", () => {
  function watch(optimizer: Optimizer, objective: Objective): void {
    let state = optimizer.initialState(3);
    let theta: Float64Array = start.slice();
    for (let t = 0; t < 4; t++) {
      const before = structuredClone({ theta, state });
      const step = optimizer.step(objective, theta, state);
      const again = optimizer.step(objective, theta, state);
      expect({ theta, state }).toEqual(before);
      expect(again).toEqual(step);
      // Later writes of the caller to theta do not reach the state.
      const after = structuredClone(step.state);
      theta.fill(Number.NaN);
      expect(step.state).toEqual(after);
      ({ theta, state } = step);
    }
  }

  it.each(optimizers)("changes neither theta nor state, and keeps no hold of theta: %s", (_, make) => {
    for (const objective of Object.values(objectives)) watch(make(), objective());
  });

  it.each(optimizers)("reports the value and the gradient where it began: %s", (_, make) => {
    const optimizer = make();
    const step = optimizer.step(smooth(), start, optimizer.initialState(3));
    const { weightDecay, decoupledDecay } = optimizer.hyperparameters;
    const coupled = decoupledDecay === true || /adamw/.test(optimizer.name) ? 0 : Number(weightDecay);
    const gradient = smooth().gradient(start);
    expect(step.value).toBe(smooth().value(start));
    expect(step.gradientNorm).toBeCloseTo(Math.hypot(...gradient.map((g, i) => g + coupled * start[i])), 12);
  });

  it.each(optimizers)("has a state that is plain data: %s", (_, make) => {
    const { state } = minimize(smooth(), start, make(), { steps: 3 });
    const leaves = (value: unknown): unknown[] =>
      value === null || typeof value !== "object" || value instanceof Float64Array
        ? [value]
        : Object.values(value).flatMap(leaves);
    for (const leaf of leaves(state)) {
      const isPlain = leaf === null || leaf instanceof Float64Array || typeof leaf === "string";
      expect(isPlain || Number.isFinite(leaf)).toBe(true);
    }
  });
});

describe("a state to go on from", () => {
  const resume = (optimizer: Optimizer, state: unknown) =>
    minimize(smooth(), start, optimizer, { steps: 1, from: { steps: 3, state } });
  const stateOf = (optimizer: Optimizer, size = 3) => optimizer.initialState(size);

  it("is refused by every optimizer but its own, under its own schedule or none", () => {
    const all = optimizers.map(([, make]) => make());
    for (const one of all)
      for (const other of all) {
        if (one.name === other.name) continue;
        const go = () => resume(one, stateOf(other));
        expect(go).toThrow(ArgumentError);
        expect(go).toThrow(`from.state to be one of ${one.name} for 3 parameters, got one of ${other.name}`);
      }
  });

  it.each(optimizers)("is refused where it is of other parameters, torn, or none: %s", (_, make) => {
    const { state } = minimize(smooth(), start, make(), { steps: 2 });
    expect(() => resume(make(), state)).not.toThrow();
    const short = (part: unknown): unknown => {
      if (part instanceof Float64Array) return part.slice(1);
      if (part === null || typeof part !== "object") return part;
      return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, short(value)]));
    };
    const hasVectors = JSON.stringify(short(state)) !== JSON.stringify(state);
    // Float64Arrays come out of JSON as objects with numbered keys.
    const spoiled = [
      undefined,
      null,
      3,
      {},
      ...(hasVectors ? [short(state), JSON.parse(JSON.stringify(state))] : []),
    ];
    for (const wrong of spoiled) expect(() => resume(make(), wrong)).toThrow(ArgumentError);
  });

  it("of an optimizer of the caller's own is the caller's affair", () => {
    const plain: Optimizer = {
      name: "mine",
      hyperparameters: {},
      initialState: () => 0,
      step: (objective, theta, state) => ({
        ...sgd({ learningRate: 0.1 }).step(objective, theta, { optimizer: "sgd", velocity: null }),
        state: (state as number) + 1,
      }),
    };
    expect(resume(plain, 41).state).toBe(42);
  });
});
