// Pairs of problems that a transformation makes equivalent, each from its definition: networks by automatic
// differentiation of the loss, changes of coordinates by the chain rule.

import * as ad from "../../../src/autodiff/index.js";
import { randomStream } from "../../../src/index.js";
import type { Transformation } from "../../../src/landscape/index.js";
import { type PlainNetwork, plainNetwork, type TwiceDifferentiable } from "../objectives.js";

export interface Pair {
  readonly before: PlainNetwork;
  readonly after: PlainNetwork;
}

const [inputs, hidden, outputs, count] = [2, 3, 2, 10];

function network(
  seed: number,
  activation: (z: ad.Value) => ad.Value,
  normalized = false,
  through?: (theta: ad.Value) => ad.Value,
): PlainNetwork {
  const stream = randomStream(seed, "transformed");
  const plain = plainNetwork({
    inputs,
    hidden,
    outputs,
    activation,
    normalized,
    ...(through ? { through } : {}),
    x: Array.from({ length: count }, () => Array.from({ length: inputs }, () => stream.normal())),
    y: Array.from({ length: count }, () => stream.integer(outputs)),
    theta: (size) => Float64Array.from({ length: size }, () => stream.normal()),
  });
  return { ...plain, objective: remembering(plain.objective) };
}

/** Products from all columns of H at the latest theta: one measure after another asks for hundreds. */
function remembering(objective: TwiceDifferentiable): TwiceDifferentiable {
  let known: { theta: Float64Array; columns: Float64Array[] } | undefined;
  return {
    ...objective,
    hessianVectorProduct(theta, v) {
      if (!known?.theta.every((entry, i) => entry === theta[i])) {
        const unit = (j: number) => theta.map((_, i) => (i === j ? 1 : 0));
        const columns = Array.from(theta, (_, j) => objective.hessianVectorProduct(theta, unit(j)));
        known = { theta: theta.slice(), columns };
      }
      const out = new Float64Array(theta.length);
      known.columns.forEach((column, j) => {
        for (let i = 0; i < out.length; i++) out[i] += column[i] * v[j];
      });
      return out;
    },
  };
}

/** theta with each entry times what belongs to its tensor, row and column. */
function rescaled(
  { theta, layout }: PlainNetwork,
  factor: (name: string, row: number, column: number) => number,
): Float64Array {
  const out = theta.slice();
  for (const { name, shape, offset } of layout) {
    const columns = shape[1] ?? 1;
    for (let row = 0; row < shape[0]; row++) {
      for (let column = 0; column < columns; column++)
        out[offset + row * columns + column] *= factor(name, row, column);
    }
  }
  return out;
}

/** The same loss at another theta, which remembers a Hessian of its own. */
const at = (before: PlainNetwork, theta: Float64Array): Pair => ({
  before,
  after: { ...before, objective: remembering(before.objective), theta },
});

/** L(Q⁻¹θ) for an orthogonal Q, or a factor of L. */
function changed(
  objective: TwiceDifferentiable,
  forth: (v: Float64Array) => Float64Array,
  back: (v: Float64Array) => Float64Array,
  factor: number,
): TwiceDifferentiable {
  const times = (v: Float64Array) => v.map((entry) => factor * entry);
  const valueAndGradient = (theta: Float64Array) => {
    const { value, gradient } = objective.valueAndGradient(back(theta));
    return { value: factor * value, gradient: times(forth(gradient)) };
  };
  return {
    size: objective.size,
    value: (theta) => factor * objective.value(back(theta)),
    gradient: (theta) => valueAndGradient(theta).gradient,
    valueAndGradient,
    hessianVectorProduct: (theta, v) => times(forth(objective.hessianVectorProduct(back(theta), back(v)))),
  };
}
const same = (v: Float64Array): Float64Array => v.slice();

/** One pair a seed; `alpha` is the factor where there is one. */
export const pairs: Readonly<Record<Transformation, (seed: number, alpha: number) => Pair>> = {
  "unit permutation": (seed) => {
    const before = network(seed, ad.tanh);
    // Never the identity.
    const order = [1, 2, 0];
    const theta = before.theta.slice();
    for (const { name, shape, offset } of before.layout) {
      const columns = shape[1] ?? 1;
      for (let row = 0; row < shape[0]; row++) {
        for (let column = 0; column < columns; column++) {
          const from = name === "W2" ? row * columns + order[column] : order[row] * columns + column;
          if (name !== "b2") theta[offset + row * columns + column] = before.theta[offset + from];
        }
      }
    }
    return at(before, theta);
  },
  "layer rescaling": (seed, alpha) => {
    const before = network(seed, ad.relu);
    const factors: Readonly<Record<string, number>> = { W1: alpha, b1: alpha, W2: 1 / alpha, b2: 1 };
    return at(
      before,
      rescaled(before, (name) => factors[name]),
    );
  },
  "unit rescaling": (seed, alpha) => {
    const before = network(seed, ad.relu);
    const of = (unit: number) => [alpha, 1, 1 / alpha][unit];
    return at(
      before,
      rescaled(before, (name, row, column) => (name === "b2" ? 1 : name === "W2" ? 1 / of(column) : of(row))),
    );
  },
  "normalized layer": (seed, alpha) => {
    const before = network(seed, ad.tanh, true);
    return at(
      before,
      rescaled(before, (name) => (name === "W1" ? alpha : 1)),
    );
  },
  "normalized filters": (seed, alpha) => {
    const before = network(seed, ad.tanh, true);
    return at(
      before,
      rescaled(before, (name, row) => (name === "W1" ? [alpha, 1, 1 / alpha][row] : 1)),
    );
  },
  "parameter scale": (seed, alpha) => {
    const before = network(seed, ad.tanh, false, (theta) => ad.div(ad.mul(3, theta), ad.norm(theta)));
    return at(
      before,
      before.theta.map((entry) => alpha * entry),
    );
  },
  rotation: (seed) => {
    const before = network(seed, ad.tanh);
    const stream = randomStream(seed, "rotation");
    const u = before.theta.map(() => stream.normal());
    const square = u.reduce((sum, entry) => sum + entry * entry, 0);
    // A reflection, which is its own inverse.
    const reflect = (v: Float64Array) => {
      const along = v.reduce((sum, entry, i) => sum + entry * u[i], 0);
      return v.map((entry, i) => entry - ((2 * along) / square) * u[i]);
    };
    const objective = changed(before.objective, reflect, reflect, 1);
    return { before, after: { ...before, objective, theta: reflect(before.theta) } };
  },
  "loss scale": (seed, alpha) => {
    const before = network(seed, ad.tanh);
    return { before, after: { ...before, objective: changed(before.objective, same, same, alpha) } };
  },
};
