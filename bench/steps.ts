import {
  hsrObjective,
  lossObjective,
  type Objective,
  type Optimizer,
  sam,
  selectSamples,
  sgd,
} from "flatward";
import { type Problem, problemOf, sizes } from "./sizes.js";
import { exactHsr, type Task } from "./tasks.js";

const learningRate = 0.1;

/** One step of each method; gradient descent's is the unit. */
const methods: readonly (readonly [
  name: string,
  objective: (problem: Problem) => Objective,
  optimizer: Optimizer<never>,
])[] = [
  [
    "gradient descent",
    ({ net, batch }) => lossObjective(net, batch),
    sgd({ learningRate }) as Optimizer<never>,
  ],
  [
    "SAM",
    ({ net, batch }) => lossObjective(net, batch),
    sam({ learningRate, radius: 0.05 }) as Optimizer<never>,
  ],
  ["HSR", ({ net, batch }) => hsrObjective(net, batch, exactHsr), sgd({ learningRate }) as Optimizer<never>],
];

/** What a step costs with mini-batches of a size: of S2, and in full. */
export const stepTasks: readonly Task[] = [16, 64, 256, sizes.S2.samples].flatMap((samples) =>
  methods.map(
    ([name, objective, optimizer], at): Task => ({
      group: `step of ${samples}`,
      name,
      isUnit: at === 0,
      setUp() {
        const problem = problemOf(sizes.S2);
        const batch = selectSamples(
          problem.batch,
          Int32Array.from({ length: samples }, (_, i) => i),
        );
        const target = objective({ ...problem, batch });
        const state = optimizer.initialState(target.size);
        return () => optimizer.step(target, problem.theta, state);
      },
    }),
  ),
);
