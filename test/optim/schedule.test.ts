import { describe, expect, it } from "vitest";
import { ArgumentError, minimize, nesterov, sgd } from "../../src/index.js";
import {
  constantSchedule,
  cosineSchedule,
  type Schedule,
  scheduled,
  stepSchedule,
  warmup,
} from "../../src/optim/index.js";
import { expectClose, expectNear } from "../oracles/compare.js";
import { refusals } from "../refusals.js";
import { quadratic } from "./quadratic.js";
import { smooth } from "./smooth.js";

const rates = (schedule: Schedule, count: number) =>
  Array.from({ length: count }, (_, step) => schedule(step));

describe("schedules", () => {
  it("constant is constant", () => {
    expect(rates(constantSchedule(0.3), 3)).toEqual([0.3, 0.3, 0.3]);
  });

  it("cosine is that of Math.cos to rounding, its ends exact, and stays at its end", () => {
    const schedule = cosineSchedule({ learningRate: 0.4, steps: 1000, final: 0.1 });
    const wanted = Array.from({ length: 1001 }, (_, t) => 0.1 + 0.15 * (1 + Math.cos((Math.PI * t) / 1000)));
    expectClose(rates(schedule, 1001), wanted, 4e-16);
    expect([schedule(0), schedule(500), schedule(1000), schedule(5000)]).toEqual([0.4, 0.25, 0.1, 0.1]);
    const descending = rates(schedule, 1001);
    expect(descending.every((rate, t) => t === 0 || rate < descending[t - 1])).toBe(true);
  });

  it("steps multiplies by the factor every so many steps", () => {
    const schedule = stepSchedule({ learningRate: 2, every: 3, factor: 0.5 });
    expect(rates(schedule, 8)).toEqual([2, 2, 2, 1, 1, 1, 0.5, 0.5]);
    expect(stepSchedule({ learningRate: 1, every: 5 })(5)).toBe(0.1);
    expectNear(stepSchedule({ learningRate: 1, every: 1, factor: 0.99 })(1000), 0.99 ** 1000, 1e-13);
  });

  it("warmup grows in a line to the schedule's first rate, and hands over", () => {
    const schedule = warmup(stepSchedule({ learningRate: 1, every: 2, factor: 0.5 }), {
      steps: 4,
      startFactor: 0.2,
    });
    expectClose(rates(schedule, 8), [0.2, 0.4, 0.6, 0.8, 1, 1, 0.5, 0.5], 1e-15);
    expect(warmup(constantSchedule(3), { steps: 10 })(0)).toBe(1);
  });
});

describe("scheduled", () => {
  it("takes step t with the rate of step t", () => {
    const seen: number[] = [];
    const make = (learningRate: number) => {
      seen.push(learningRate);
      return sgd({ learningRate });
    };
    const optimizer = scheduled(make, (step) => 0.1 / (1 + step));
    const { theta, state } = minimize(quadratic([1]), Float64Array.of(1), optimizer, { steps: 3 });
    expectNear(theta[0], (1 - 0.1) * (1 - 0.1 / 2) * (1 - 0.1 / 3), 1e-15);
    expect(state.step).toBe(3);
    expect(optimizer.at(7).hyperparameters.learningRate).toBe(0.1 / 8);
    expect(optimizer.name).toBe("scheduled sgd");
    expect(optimizer.hyperparameters.learningRate).toBe(0.1);
    expect(seen[0]).toBe(0.1);
  });

  it("at a rate of 0 leaves theta where it is, and goes on with the momentum", () => {
    const optimizer = scheduled(
      (learningRate) => sgd({ learningRate, momentum: 0.9 }),
      () => 0,
    );
    const start = Float64Array.of(1.5, -2, 0.75);
    const { theta, state } = minimize(smooth(), start, optimizer, { steps: 2 });
    expect(theta).toEqual(start);
    expectClose(
      state.inner.velocity!,
      smooth()
        .gradient(start)
        .map((g) => 1.9 * g),
      1e-15,
    );
  });

  it("with a constant schedule is the optimizer itself, to the bit", () => {
    const start = Float64Array.of(1.5, -2, 0.75);
    const make = (learningRate: number) => nesterov({ learningRate, momentum: 0.9 });
    const one = minimize(smooth(), start, make(0.05), { steps: 30 });
    const other = minimize(smooth(), start, scheduled(make, constantSchedule(0.05)), { steps: 30 });
    expect(other.theta).toEqual(one.theta);
  });
});

describe("an ArgumentError refuses, of schedules,", () => {
  const cosine = { learningRate: 1, steps: 3 };
  refusals(ArgumentError, "invalid-argument", [
    ["a constant rate of 0", () => constantSchedule(0), /constantSchedule: .*learningRate.*> 0/],
    ["a cosine of no steps", () => cosineSchedule({ ...cosine, steps: 0 }), /cosineSchedule: .*steps.*≥ 1/],
    ["a cosine to below 0", () => cosineSchedule({ ...cosine, final: -1 }), /final.*≥ 0/],
    ["no options", () => cosineSchedule(undefined as never), /options to be an object/],
    ["steps without every", () => stepSchedule({ learningRate: 1 } as never), /stepSchedule: .*every/],
    ["a factor of 0", () => stepSchedule({ learningRate: 1, every: 1, factor: 0 }), /factor.*> 0/],
    [
      "a warm-up of nothing",
      () => warmup(0.1 as never, { steps: 3 }),
      /warmup: .*schedule to be a function, got 0.1; .* make one of the step/,
    ],
    [
      "a warm-up from above",
      () => warmup(constantSchedule(1), { steps: 3, startFactor: 2 }),
      /startFactor.*≤ 1, got 2/,
    ],
    [
      "an optimizer for its maker",
      () => scheduled(sgd({ learningRate: 1 }) as never, () => 1),
      /scheduled: .*make/,
    ],
    [
      "a rate for a schedule",
      () => scheduled(() => sgd({ learningRate: 1 }), 1 as never),
      /scheduled: .*schedule/,
    ],
    [
      "a schedule that gives NaN",
      () =>
        scheduled(
          (learningRate) => sgd({ learningRate }),
          () => Number.NaN,
        ),
      /the rate of step 0.*got NaN/,
    ],
  ]);
});

describe("scheduled refuses", () => {
  const descent = sgd({ learningRate: 0.1 });
  const nothing = undefined as never;
  refusals(ArgumentError, "invalid-argument", [
    [
      "no optimizer of a later step",
      () =>
        scheduled(
          (rate) => (rate === 1 ? descent : nothing),
          (step) => 1 - step,
        ).at(1),
      /scheduled: expected optimizer to be an object, got undefined/,
    ],
    [
      "a schedule that makes nothing",
      () => scheduled((() => 5) as never, () => 1),
      /scheduled: .*optimizer to be/,
    ],
  ]);
});
