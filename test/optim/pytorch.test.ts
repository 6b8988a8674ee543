// Independent: the trajectories are PyTorch's own, its gradients those of its autograd; reference/trajectories.py made
// them.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { adam, adamw, minimize, type Optimizer, rmsprop, sgd } from "../../src/index.js";
import type { Schedule } from "../../src/optim/index.js";
import * as optim from "../../src/optim/index.js";
import { expectClose, largest } from "../oracles/compare.js";
import { smooth } from "./smooth.js";

interface Reference {
  readonly start: number[];
  readonly cases: Readonly<Record<string, { readonly thetas: number[][]; readonly rates?: number[] }>>;
}

const { start, cases } = JSON.parse(
  readFileSync(new URL("reference/trajectories.json", import.meta.url), "utf8"),
) as Reference;
const STEPS = 60;
const TOLERANCE = 1e-12;

interface Case {
  /** The optimizer with this learning rate. */
  readonly make: (learningRate: number) => Optimizer;
  /** A learning rate, or its schedule. */
  readonly rate: number | Schedule;
  readonly clip?: { readonly norm: number } | { readonly value: number };
}

const options = { beta1: 0.7, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.1 };
const narrow = { smoothing: 0.9, epsilon: 1e-4, weightDecay: 0.1 };
const row = <State>(
  make: (learningRate: number) => Optimizer<State>,
  rate: Case["rate"],
  clip?: Case["clip"],
): Case => ({ make: make as Case["make"], rate, ...(clip && { clip }) });

const table: Readonly<Record<string, Case>> = {
  sgd: row((learningRate) => sgd({ learningRate }), 0.05),
  "sgd, weight decay": row((learningRate) => sgd({ learningRate, weightDecay: 0.1 }), 0.05),
  "sgd, momentum": row((learningRate) => sgd({ learningRate, momentum: 0.9 }), 0.05),
  "sgd, momentum, weight decay": row(
    (learningRate) => sgd({ learningRate, momentum: 0.9, weightDecay: 0.1 }),
    0.05,
  ),
  "sgd, dampening": row(
    (learningRate) => sgd({ learningRate, momentum: 0.9, dampening: 0.4, weightDecay: 0.1 }),
    0.05,
  ),
  "sgd, nesterov": row((learningRate) => sgd({ learningRate, momentum: 0.9, nesterov: true }), 0.05),
  "sgd, nesterov, weight decay": row(
    (learningRate) => sgd({ learningRate, momentum: 0.8, nesterov: true, weightDecay: 0.1 }),
    0.05,
  ),
  adam: row((learningRate) => adam({ learningRate }), 0.05),
  "adam, all options": row((learningRate) => adam({ learningRate, ...options }), 0.05),
  adamw: row((learningRate) => adamw({ learningRate }), 0.05),
  "adamw, all options": row((learningRate) => adamw({ learningRate, ...options }), 0.05),
  rmsprop: row((learningRate) => rmsprop({ learningRate }), 0.01),
  "rmsprop, weight decay": row((learningRate) => rmsprop({ learningRate, ...narrow }), 0.01),
  "rmsprop, momentum": row((learningRate) => rmsprop({ learningRate, momentum: 0.7 }), 0.01),
  "rmsprop, centered": row((learningRate) => rmsprop({ learningRate, centered: true }), 0.01),
  "rmsprop, all options": row(
    (learningRate) => rmsprop({ learningRate, ...narrow, momentum: 0.7, centered: true }),
    0.01,
  ),
  "sgd, cosine": row(
    (learningRate) => sgd({ learningRate }),
    optim.cosineSchedule({ learningRate: 0.1, steps: 60, final: 0.002 }),
  ),
  "adamw, cosine to 0": row(
    (learningRate) => adamw({ learningRate, weightDecay: 0.1 }),
    optim.cosineSchedule({ learningRate: 0.05, steps: 59 }),
  ),
  "sgd, steps": row(
    (learningRate) => sgd({ learningRate, momentum: 0.5 }),
    optim.stepSchedule({ learningRate: 0.1, every: 13, factor: 0.6 }),
  ),
  "sgd, warm-up and cosine": row(
    (learningRate) => sgd({ learningRate, momentum: 0.9 }),
    optim.warmup(optim.cosineSchedule({ learningRate: 0.1, steps: 50, final: 0.001 }), { steps: 10 }),
  ),
  "sgd, norm clipped": row((learningRate) => sgd({ learningRate, momentum: 0.9, weightDecay: 0.1 }), 0.1, {
    norm: 0.8,
  }),
  "adam, value clipped": row((learningRate) => adam({ learningRate }), 0.05, { value: 0.5 }),
};

/** All thetas, one after the other; learning rates times `fault`. */
function trajectory({ make, rate, clip }: Case, fault = 1): number[] {
  const optimizer: Optimizer =
    typeof rate === "function" ? optim.scheduled(make, (step) => fault * rate(step)) : make(fault * rate);
  const thetas: number[] = [];
  minimize(clip ? optim.clipped(smooth(), clip) : smooth(), Float64Array.from(start), optimizer, {
    steps: STEPS,
    onStep: ({ theta }) => {
      thetas.push(...theta);
    },
  });
  return thetas;
}

describe("against PyTorch, over 60 steps", () => {
  it("every reference has its case", () => {
    expect(Object.keys(table).sort()).toEqual(Object.keys(cases).sort());
  });

  it.each(Object.keys(table))("%s", (name) => {
    const wanted = cases[name].thetas.flat();
    expect(wanted.length).toBe(3 * (STEPS + 1));
    expectClose(trajectory(table[name]), wanted, TOLERANCE);
  });

  it.each(Object.keys(cases).filter((name) => cases[name].rates))("the rates of: %s", (name) => {
    const { rate } = table[name];
    const wanted = cases[name].rates!;
    expectClose(
      wanted.map((_, step) => (rate as Schedule)(step)),
      wanted,
      1e-14,
    );
  });

  it.each(Object.keys(table))("finds a learning rate that is a thousandth off: %s", (name) => {
    const wanted = cases[name].thetas.flat();
    const worst = largest(trajectory(table[name], 1.001).map((entry, i) => entry - wanted[i]));
    expect(worst).toBeGreaterThan(1e4 * TOLERANCE * largest(wanted));
  });
});
