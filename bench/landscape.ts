import {
  hessianAt,
  hessianOperator,
  type LinearOperator,
  lanczos,
  lossObjective,
  type Objective,
} from "flatward";
import { type Problem, problemOf, sizes } from "./sizes.js";
import type { Task } from "./tasks.js";

const GROUP = "landscape";

/** λ_max and λ_min, as measures of the landscape take them, from 40 products or so. */
function task(name: string, operatorOf: (problem: Problem) => LinearOperator, isUnit = false): Task {
  return {
    group: GROUP,
    name,
    isUnit,
    setUp() {
      const problem = problemOf(sizes.S2);
      return () => lanczos(operatorOf(problem), { which: "both", tolerance: 1e-3 });
    },
  };
}

/** The same objective, as if its products could not share a forward pass. */
function alone({ net, batch }: Problem): Objective {
  const { hessianAt: _, ...objective } = lossObjective(net, batch);
  return objective;
}

/** What an objective's own H·v costs beside that of the network. */
export const landscapeTasks: readonly Task[] = [
  task(
    "λ_max and λ_min, H·v held at theta",
    ({ net, theta, batch }) => hessianOperator(net, theta, batch),
    true,
  ),
  task("λ_max and λ_min of the objective", ({ net, theta, batch }) =>
    hessianAt(lossObjective(net, batch), theta),
  ),
  task("λ_max and λ_min, a forward pass a product", (problem) => hessianAt(alone(problem), problem.theta)),
];
