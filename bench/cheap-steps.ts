import {
  type Batch,
  hsrObjective,
  lossObjective,
  type Network,
  type Objective,
  type Optimizer,
  sam,
  sgd,
} from "flatward";
import { deepProblem } from "./depth.js";
import type { Task } from "./tasks.js";

const learningRate = 0.1;
/** Steps that a direction is held, and that are timed together. */
const EVERY = 10;
const cheap = { strength: 0.05, every: EVERY, clip: 1 } as const;

const methods: readonly (readonly [
  name: string,
  objective: (net: Network, batch: Batch) => Objective,
  optimizer: Optimizer<never>,
])[] = [
  ["gradient descent", lossObjective, sgd({ learningRate }) as Optimizer<never>],
  ["SAM", lossObjective, sam({ learningRate, radius: 0.05 }) as Optimizer<never>],
  ...[8, 16].map(
    (samples) =>
      [
        `HSR held ${EVERY}, of ${samples}`,
        (net: Network, batch: Batch) =>
          hsrObjective(net, batch, { ...cheap, samples, estimator: "unbiased" }),
        sgd({ learningRate }) as Optimizer<never>,
      ] as const,
  ),
];

const shapes = [
  [20, 32, 10],
  [64, 32, 10],
  [784, 32, 10],
  [20, 256, 10],
  [784, 256, 10],
  [20, 32, 32, 10],
  [784, 256, 256, 10],
];

/** Ten steps of each method with full batches: those between two directions of HSR. */
export const cheapStepTasks: readonly Task[] = shapes.flatMap((sizes) =>
  [32, 128, 512].flatMap((samples) =>
    methods.map(
      ([name, objective, optimizer], at): Task => ({
        group: `cheap steps ${sizes.join("-")}, ${samples}`,
        name,
        isUnit: at === 0,
        setUp() {
          const { net, theta, batch } = deepProblem(sizes, samples);
          const target = objective(net, batch);
          const state = optimizer.initialState(target.size);
          let step = 0;
          return () => {
            for (let i = 0; i < EVERY; i++) {
              target.beginStep?.(step++);
              optimizer.step(target, theta, state);
            }
          };
        },
      }),
    ),
  ),
);
