import {
  type Batch,
  gaussNewtonUpperBoundAndGradient,
  lossObjective,
  type Network,
  wsUpperBoundAndGradient,
} from "flatward";
import { directionalCurvature } from "flatward/hessian";
import { frobeniusObjective, traceObjective } from "flatward/regularizers";
import { dot, norm } from "flatward/tensor";
import type { TitledTable } from "../../report/titled-table.js";
import { meanText } from "./intervals.js";
import type { Numbers, Question } from "./question.js";
import { topOf } from "./scores.js";
import { dataNames, problemOf, settings, trainedAt } from "./training.js";

/** Of all steps: when directions are compared. */
const TIMES = [0, 0.03, 0.1, 0.3, 1] as const;

const labels = {
  bound: "∇B",
  trace: "∇tr H",
  square: "∇tr H²",
  gaussNewton: "∇B of the Gauss–Newton part",
  loss: "∇L",
  weights: "θ",
} as const;
type Direction = keyof typeof labels;
const names = Object.keys(labels) as Direction[];

/** Does the way that lowers B lower λ_max? */
export const directions: Question = {
  name: "directions",
  data: dataNames,
  settings: { ...settings, times: TIMES },
  measure(data, seed) {
    const problem = problemOf(data, seed);
    const { net, train, steps } = problem;
    const thetas = trainedAt(
      problem,
      train,
      TIMES.map((time) => Math.round(time * steps)),
    );
    return Object.fromEntries(
      thetas.flatMap((theta, t) => {
        const { value, vector } = topOf(net, theta, train);
        const target = directionalCurvature(net, theta, train, vector).gradient;
        const { bound, ...vectors } = directionsAt(net, theta, train);
        const all = { bound: bound.gradient, ...vectors };
        return [
          [`${TIMES[t]}/tightness`, bound.value / value] as const,
          ...names.map((name) => [`${TIMES[t]}/${name}`, cosine(all[name], target)] as const),
        ];
      }),
    );
  },
  tables: (answers) => [...answers].map(([data, numbers]) => cosinesTable(data, numbers)),
};

/** Gradients of what a bound is made of, and of the loss. */
export function directionsAt(net: Network, theta: Float64Array, batch: Batch) {
  const loss = lossObjective(net, batch).gradient(theta);
  const beside = (gradient: Float64Array) => gradient.map((entry, i) => entry - loss[i]);
  return {
    bound: wsUpperBoundAndGradient(net, theta, batch),
    trace: beside(traceObjective(net, batch, { strength: 1 }).gradient(theta)),
    square: beside(frobeniusObjective(net, batch, { strength: 1 }).gradient(theta)),
    gaussNewton: gaussNewtonUpperBoundAndGradient(net, theta, batch).gradient,
    loss,
    weights: theta,
  };
}

function cosine(a: Float64Array, b: Float64Array): number {
  return dot(a, b) / (norm(a) * norm(b));
}

function cosinesTable(data: string, numbers: readonly Numbers[]): TitledTable {
  return {
    title: `${data}: cosine of the angle to ∇λ_max`,
    head: ["", ...TIMES.map((time) => `${100 * time} % of steps`)],
    alignment: ["left", ...TIMES.map(() => "right" as const)],
    rows: [
      ...names.map((name) => [
        labels[name],
        ...TIMES.map((time) => meanText(numbers, (each) => each[`${time}/${name}`])),
      ]),
      ["B/λ_max", ...TIMES.map((time) => meanText(numbers, (each) => each[`${time}/tightness`]))],
    ],
    note: `Means and 95 % intervals (Student, ${numbers.length} seeds). 1: the direction in which λ_max grows fastest; 0: λ_max does not change along it. ∇B is a multiple of ∇tr H plus one of ∇tr H², the former negative as a rule.`,
  };
}
