import { explainBound, wsUpperBoundAndGradient } from "flatward";
import { deepProblem } from "./depth.js";
import type { Task } from "./tasks.js";

/** Everything in units of the bound and its gradient. */
function explanationTasks(sizes: readonly number[], samples: number): Task[] {
  const group = `explanation ${sizes.join("-")}, ${samples}`;
  const task = (name: string, run: (problem: ReturnType<typeof deepProblem>) => unknown): Task => ({
    group,
    name,
    setUp() {
      const problem = deepProblem(sizes, samples);
      return () => run(problem);
    },
  });
  return [
    {
      ...task("WS gradient", ({ net, theta, batch }) => wsUpperBoundAndGradient(net, theta, batch)),
      isUnit: true,
    },
    task("explanation", ({ net, theta, batch }) => explainBound(net, theta, batch)),
    task("explanation without pairs", ({ net, theta, batch }) =>
      explainBound(net, theta, batch, { pairs: false }),
    ),
  ];
}

export const explainTasks: readonly Task[] = [
  ...explanationTasks([4, 8, 3], 150),
  ...explanationTasks([2, 8, 8, 2], 200),
  ...explanationTasks([20, 32, 10], 512),
  ...explanationTasks([64, 32, 10], 1797),
  ...explanationTasks([64, 32, 32, 10], 256),
];
