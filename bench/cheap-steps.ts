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
import { hsrSettings } from "flatward/hsr";
import { deepProblem } from "./depth.js";
import type { Task } from "./tasks.js";

const learningRate = 0.1;
const strength = 0.05;

const methods: readonly (readonly [
  name: string,
  objective: (net: Network, batch: Batch) => Objective,
  optimizer: Optimizer<never>,
])[] = [
  ["gradient descent", lossObjective, sgd({ learningRate }) as Optimizer<never>],
  ["SAM", lossObjective, sam({ learningRate, radius: 0.05 }) as Optimizer<never>],
  ["HSR", (net, batch) => hsrObjective(net, batch, { strength }), sgd({ learningRate }) as Optimizer<never>],
];

const shapes = [
  [20, 32, 10],
  [64, 32, 10],
  [784, 32, 10],
  [20, 256, 10],
  [784, 256, 10],
  [20, 32, 32, 10],
  [784, 32, 32, 10],
  [20, 256, 256, 10],
  [784, 256, 256, 10],
];

/** As many steps of each method with full batches as HSR holds a direction by default. */
export const cheapStepTasks: readonly Task[] = shapes.flatMap((sizes) =>
  [32, 128, 512].flatMap((samples) =>
    methods.map(
      ([name, objective, optimizer], at): Task => ({
        group: `cheap steps ${sizes.join("-")}, ${samples}`,
        name,
        isUnit: at === 0,
        setUp() {
          const { net, theta, batch } = deepProblem(sizes, samples);
          const { every } = hsrSettings(net, samples, { strength });
          const target = objective(net, batch);
          const state = optimizer.initialState(target.size);
          let step = 0;
          return () => {
            for (let i = 0; i < every; i++) {
              target.beginStep?.(step++);
              optimizer.step(target, theta, state);
            }
          };
        },
      }),
    ),
  ),
);
