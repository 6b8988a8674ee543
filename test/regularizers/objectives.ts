// Every objective beside the loss, one row each. The value is independent of the closed forms behind the objective: from
// the dense Hessian's entries and eigenvalues, or from the loss and its gradient.

import {
  exactHessian,
  lossAndGradient,
  lossObjective,
  type Objective,
  randomStream,
  symmetricEigen,
} from "../../src/index.js";
import * as regularizers from "../../src/regularizers/index.js";
import { type Case, isExactByDifferences } from "../cases.js";
import { euclidean, parameterName } from "../oracles/compare.js";
import { assertDerivative } from "../oracles/finite-differences.js";
import { plainNetworkLoss } from "../oracles/network-loss.js";
import { inner } from "../oracles/plain-matrix.js";

export interface Row {
  readonly name: string;
  /** The first step of differences. Default 2⁻⁷; smaller where derivatives of high order are large. */
  readonly step?: number;
  make(problem: Case): Objective;
  /** What the objective adds to the loss, or computes in its place. */
  value(problem: Case, theta: Float64Array): number;
}

export const STRENGTH = 0.7;
const strength = STRENGTH;
const deviation = 0.3;

const traceOf = (H: Float64Array, n: number): number =>
  Array.from({ length: n }, (_, i) => H[i * n + i]).reduce((sum, entry) => sum + entry, 0);

const hessianOf = ({ net, batch }: Case, theta: Float64Array) => exactHessian(net, theta, batch);
const lossOf = ({ net, plain }: Case, theta: Float64Array) => plainNetworkLoss(net, theta, plain);
const gradientNorm = ({ net, batch }: Case, theta: Float64Array) =>
  euclidean(lossAndGradient(net, theta, batch).gradient);

/** Those that are differentiable wherever the network is. */
export const rows: readonly Row[] = [
  {
    name: "traceObjective",
    make: ({ net, batch }) => regularizers.traceObjective(net, batch, { strength }),
    value: (problem, theta) =>
      lossOf(problem, theta) + strength * traceOf(hessianOf(problem, theta).data, theta.length),
  },
  {
    name: "frobeniusObjective",
    make: ({ net, batch }) => regularizers.frobeniusObjective(net, batch, { strength }),
    value: (problem, theta) => {
      const { data } = hessianOf(problem, theta);
      return lossOf(problem, theta) + strength * inner(data, data);
    },
  },
  {
    name: "gradientNormObjective, squared",
    make: ({ net, batch }) =>
      regularizers.gradientNormObjective(lossObjective(net, batch), { strength, squared: true }),
    value(problem, theta) {
      const length = gradientNorm(problem, theta);
      return lossOf(problem, theta) + strength * length * length;
    },
  },
  {
    name: "weightDecayObjective",
    make: ({ net, batch }) => regularizers.weightDecayObjective(lossObjective(net, batch), { strength }),
    value: (problem, theta) => lossOf(problem, theta) + 0.5 * strength * inner(theta, theta),
  },
  {
    name: "noiseObjective",
    make: ({ net, batch }) =>
      regularizers.noiseObjective(lossObjective(net, batch), { deviation, directions: 2, seed: 5 }),
    value(problem, theta) {
      const draws = randomStream(5, "noise", 0);
      let sum = 0;
      for (let direction = 0; direction < 2; direction++) {
        const u = theta.map(() => draws.normal());
        for (const sign of [1, -1])
          sum += lossOf(
            problem,
            theta.map((entry, j) => entry + sign * deviation * u[j]),
          );
      }
      return sum / 4;
    },
  },
];

/** Those with points at which they have no gradient. */
export const kinked: readonly Row[] = [
  {
    name: "largestEigenvalueObjective",
    step: 2 ** -8,
    make: ({ net, batch }) => regularizers.largestEigenvalueObjective(net, batch, { strength }),
    value: (problem, theta) =>
      lossOf(problem, theta) + strength * (symmetricEigen(hessianOf(problem, theta)).values.at(-1) as number),
  },
  {
    name: "gradientNormObjective",
    make: ({ net, batch }) => regularizers.gradientNormObjective(lossObjective(net, batch), { strength }),
    value: (problem, theta) => lossOf(problem, theta) + strength * gradientNorm(problem, theta),
  },
];

/** λ_max − λ₂ relative to ‖H‖: how far λ_max is from a point without a gradient. */
export function relativeGap(problem: Case): number {
  const { values } = symmetricEigen(hessianOf(problem, problem.theta));
  const n = values.length;
  const size = Math.max(Math.abs(values[0]), Math.abs(values[n - 1]));
  return size === 0 ? 0 : (values[n - 1] - values[n - 2]) / size;
}

/** ‖g‖ relative to ‖H‖, about the distance to a point where ‖g‖ has no gradient. */
export function relativeGradient(problem: Case): number {
  const size = euclidean(hessianOf(problem, problem.theta).data);
  return size === 0 ? 0 : gradientNorm(problem, problem.theta) / size;
}

/** Holds the penalty's part of the gradient, times `fault`, and the loss's against differences of the definition. */
export function checkGradient(row: Row, problem: Case, fault = 1): void {
  const { net, theta, batch } = problem;
  const plain = lossAndGradient(net, theta, batch).gradient;
  const gradient = row.make(problem).gradient(theta);
  assertDerivative(
    {
      f: (at) => [row.value(problem, at)],
      at: theta,
      column: (j) => [plain[j] + fault * (gradient[j] - plain[j])],
      name: (_, j) => `${row.name} by ${parameterName(net.layout, j)}`,
      terms: 1,
      ...(row.step ? { step: row.step } : {}),
    },
    isExactByDifferences(problem),
  );
}
