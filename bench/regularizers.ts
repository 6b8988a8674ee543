import { hsrObjective, lossObjective, type Objective } from "flatward";
import {
  frobeniusObjective,
  gradientNormObjective,
  largestEigenvalueObjective,
  noiseObjective,
  traceObjective,
  weightDecayObjective,
} from "flatward/regularizers";
import { type Problem, problemOf, sizes } from "./sizes.js";
import type { Task } from "./tasks.js";

const strength = 0.1;

/** One gradient of each objective; the loss's is the unit. */
const objectives: readonly (readonly [name: string, make: (problem: Problem) => Objective])[] = [
  ["loss", ({ net, batch }) => lossObjective(net, batch)],
  ["weight decay", ({ net, batch }) => weightDecayObjective(lossObjective(net, batch), { strength })],
  ["noise", ({ net, batch }) => noiseObjective(lossObjective(net, batch), { deviation: 0.05, seed: 1 })],
  ["gradient norm", ({ net, batch }) => gradientNormObjective(lossObjective(net, batch), { strength })],
  ["tr H", ({ net, batch }) => traceObjective(net, batch, { strength })],
  ["‖H‖²", ({ net, batch }) => frobeniusObjective(net, batch, { strength })],
  ["HSR", ({ net, batch }) => hsrObjective(net, batch, { strength })],
  ["λ_max", ({ net, batch }) => largestEigenvalueObjective(net, batch, { strength })],
];

export const regularizerTasks: readonly Task[] = ["S1", "S2"].flatMap((size) =>
  objectives.map(
    ([name, make], at): Task => ({
      group: `objectives ${size}`,
      name,
      isUnit: at === 0,
      setUp() {
        const problem = problemOf(sizes[size]);
        const objective = make(problem);
        return () => objective.gradient(problem.theta);
      },
    }),
  ),
);
