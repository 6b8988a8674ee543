import type { Optimizer } from "../../src/index.js";

import * as optim from "../../src/optim/index.js";

const decay = { weightDecay: 0.02 };
const decoupled = { weightDecay: 0.02, decoupledDecay: true };
const ball = { momentum: 0.8 };
const accelerated = { momentum: 0.8, nesterov: true };
const radius = 0.03;

/** Every optimizer, with every option that changes what it does, by a learning rate of about 0.05. */
const makers = {
  sgd: (learningRate) => optim.sgd({ learningRate }),
  "sgd, decay": (learningRate) => optim.sgd({ learningRate, ...decay }),
  "sgd, decoupled decay": (learningRate) => optim.sgd({ learningRate, ...ball, ...decoupled }),
  "sgd, momentum, dampening": (learningRate) => optim.sgd({ learningRate, ...ball, dampening: 0.3 }),
  "sgd, nesterov": (learningRate) => optim.sgd({ learningRate, ...accelerated, ...decay }),
  "heavy ball": (learningRate) => optim.heavyBall({ learningRate, ...ball, ...decay }),
  "heavy ball, decoupled decay": (learningRate) => optim.heavyBall({ learningRate, ...ball, ...decoupled }),
  nesterov: (learningRate) => optim.nesterov({ learningRate, ...ball, ...decay }),
  "nesterov, decoupled decay": (learningRate) => optim.nesterov({ learningRate, ...ball, ...decoupled }),
  adam: (learningRate) => optim.adam({ learningRate, ...decay }),
  adamw: (learningRate) => optim.adamw({ learningRate, ...decay }),
  rmsprop: (learningRate) => optim.rmsprop({ learningRate, ...decay }),
  "rmsprop, momentum, centered": (learningRate) =>
    optim.rmsprop({
      learningRate,
      smoothing: 0.9,
      epsilon: 1e-3,
      momentum: 0.5,
      centered: true,
      ...decoupled,
    }),
  sam: (learningRate) => optim.sam({ learningRate, radius, ...ball, ...decay }),
  "look sam": (learningRate) => optim.lookSam({ learningRate, radius, every: 3, ...ball, ...decay }),
  "look sam, nesterov": (learningRate) =>
    optim.lookSam({ learningRate, radius, reuse: 0.4, ...accelerated, ...decoupled }),
  asam: (learningRate) => optim.asam({ learningRate, radius: 0.3, ...ball, ...decay }),
  usam: (learningRate) => optim.usam({ learningRate, radius, ...decay }),
  "usam, heavy ball": (learningRate) => optim.usam({ learningRate, radius, ...ball, ...decoupled }),
  "usam, nesterov": (learningRate) => optim.usam({ learningRate, radius, ...accelerated }),
  "two-step usam": (learningRate) => optim.twoStepUsam({ learningRate, radius, ...ball }),
  "hessian usam": (learningRate) => optim.hessianUsam({ learningRate, radius, ...accelerated }),
  "penalty sam": (learningRate) => optim.penaltySam({ learningRate, radius, ...ball, ...decay }),
} as const satisfies Record<string, (learningRate: number) => unknown>;

const make = (name: string) => makers[name as keyof typeof makers] as (learningRate: number) => Optimizer;

/** All of them, by their learning rate. */
export const optimizersByRate: readonly (readonly [
  name: string,
  make: (learningRate: number) => Optimizer,
])[] = Object.keys(makers).map((name) => [name, make(name)]);

const schedules: Readonly<Record<string, optim.Schedule>> = {
  cosine: optim.cosineSchedule({ learningRate: 0.06, steps: 17 }),
  steps: optim.stepSchedule({ learningRate: 0.06, every: 4, factor: 0.7 }),
  "warm-up": optim.warmup(optim.cosineSchedule({ learningRate: 0.06, steps: 12 }), {
    steps: 6,
    startFactor: 0,
  }),
};
const scheduleOf = (at: number): [string, optim.Schedule] =>
  Object.entries(schedules)[at % Object.keys(schedules).length];

/** All of them, each at a constant rate and under a schedule. */
export const optimizers: readonly (readonly [name: string, make: () => Optimizer])[] =
  optimizersByRate.flatMap(([name, make], at) => {
    const [scheduleName, schedule] = scheduleOf(at);
    return [
      [name, () => make(0.05)],
      [`${name}, ${scheduleName}`, () => optim.scheduled(make, schedule)],
    ] as const;
  });
