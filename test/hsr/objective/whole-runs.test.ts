// Every form composed by its definition, from the loss's gradient and the bound's, over whole runs: the same bits.
import { describe, expect, it } from "vitest";
import {
  type HsrOptions,
  hsrObjective,
  lossAndGradient,
  lossObjective,
  minimize,
  multilayerNet,
  type Network,
  type Objective,
  type Optimizer,
  objectiveOf,
  randomStream,
  sequential,
  sgd,
  wsUpperBoundAndGradient,
} from "../../../src/index.js";

const nets: Readonly<Record<string, Network>> = {
  "one hidden layer": multilayerNet({ sizes: [3, 5, 2], activation: "tanh" }),
  "two hidden layers": multilayerNet({ sizes: [3, 4, 3, 2], activation: ["tanh", "softplus"] }),
  residual: sequential({
    input: 3,
    layers: [
      { kind: "residual", layers: [{ kind: "dense", outputs: 3 }, { kind: "tanh" }] },
      { kind: "dense", outputs: 2 },
    ],
  }),
};
const stream = randomStream(8, "samples");
const x = Array.from({ length: 19 }, () => [stream.normal(), stream.normal(), stream.normal()]);
const batch = { x, y: x.map(([a, b]) => (a * b > 0 ? 1 : 0)) };
const strength = 0.3;
const PERIOD = 3;
const start = (net: Network) => Float64Array.from({ length: net.size }, (_, k) => Math.sin(5 * k + 1) / 2);

const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, entry, k) => sum + entry * b[k], 0);
const length = (a: Float64Array) => Math.sqrt(dot(a, a));
const plus = (a: Float64Array, scale: number, b: Float64Array) => a.map((entry, k) => entry + scale * b[k]);

type Composition = (
  net: Network,
  theta: Float64Array,
  step: number,
) => ReturnType<Objective["valueAndGradient"]>;

/** A new bound in every third step, as the tangent in between; at most as long as ∇L. */
const heldAndClipped = (): Composition => {
  let direction: Float64Array = new Float64Array(0);
  let constant = 0;
  return (net, theta, step) => {
    const { loss, gradient } = lossAndGradient(net, theta, batch);
    if (step % PERIOD === 0) {
      const bound = wsUpperBoundAndGradient(net, theta, batch);
      direction = bound.gradient;
      constant = bound.value - dot(direction, theta);
    }
    const cut = Math.min(strength, length(gradient) / length(direction));
    return {
      value: loss + strength * (constant + dot(direction, theta)),
      gradient: plus(gradient, cut, direction),
    };
  };
};

const unitDirection =
  (ofGradient: boolean): Composition =>
  (net, theta) => {
    const { loss, gradient } = lossAndGradient(net, theta, batch);
    const flatter = wsUpperBoundAndGradient(net, theta, batch).gradient;
    const norm = length(flatter);
    const reach = strength * (ofGradient ? length(gradient) : 1);
    return {
      value: loss,
      gradient: plus(
        gradient,
        reach,
        flatter.map((slope) => slope / norm),
      ),
    };
  };

const exact = { every: 1, samples: "all" } as const;
const forms: readonly (readonly [string, Omit<HsrOptions, "strength">, () => Composition])[] = [
  [
    "added",
    exact,
    () => (net, theta) => {
      const { loss, gradient } = lossAndGradient(net, theta, batch);
      const bound = wsUpperBoundAndGradient(net, theta, batch);
      return { value: loss + strength * bound.value, gradient: plus(gradient, strength, bound.gradient) };
    },
  ],
  ["unit-direction", { ...exact, form: "unit-direction" }, () => unitDirection(false)],
  [
    "unit-direction, in lengths of ∇L",
    { ...exact, form: "unit-direction", scaling: "loss-gradient" },
    () => unitDirection(true),
  ],
  [
    "alternating",
    { form: "alternating", period: PERIOD },
    () => (net, theta, step) => {
      if (step % PERIOD !== PERIOD - 1) {
        const { loss, gradient } = lossAndGradient(net, theta, batch);
        return { value: loss, gradient };
      }
      const { value, gradient } = wsUpperBoundAndGradient(net, theta, batch);
      return { value: strength * value, gradient: gradient.map((slope) => strength * slope) };
    },
  ],
  ["added, held and clipped", { every: PERIOD, samples: "all", clip: 1 }, heldAndClipped],
];

/** That of a composition; steps come one after another. */
function composed(net: Network, composition: Composition): Objective {
  let step = 0;
  return objectiveOf(net.size, (theta) => composition(net, theta, step), {
    beginStep(next: number) {
      step = next;
    },
  });
}

/** `optimizer`, which leaves nothing as it is of the vectors that it was given. */
function spoiling<State>(optimizer: Optimizer<State>): Optimizer<State> {
  return {
    ...optimizer,
    step(objective, theta, state) {
      const given: Float64Array[] = [];
      const watched: Objective = {
        ...objective,
        valueAndGradient(at) {
          const found = objective.valueAndGradient(at);
          given.push(found.gradient);
          return { ...found, gradient: found.gradient.slice() };
        },
      };
      const step = optimizer.step(watched, theta, state);
      for (const vector of [...given, theta]) vector.fill(Number.NaN);
      return step;
    },
  };
}

describe.each(Object.entries(nets))("a run of minimize on a network with %s", (_, net) => {
  const optimizer = sgd({ learningRate: 0.2, momentum: 0.5 });
  const bare = ({ theta, value, gradientNorm }: ReturnType<typeof minimize>) => ({
    theta,
    value,
    gradientNorm,
  });

  it.each(forms)("is that of the definition: %s", (__, options, composition) => {
    const run = minimize(hsrObjective(net, batch, { strength, ...options }), start(net), optimizer, {
      steps: 20,
    });
    const wanted = minimize(composed(net, composition()), start(net), optimizer, { steps: 20 });
    expect(bare(run)).toEqual(bare(wanted));
    expect(run.theta.every(Number.isFinite)).toBe(true);
  });

  const made: readonly (readonly [string, () => Objective])[] = [
    ["the loss", () => lossObjective(net, batch)],
    ...forms.map(
      ([name, options]) =>
        [`HSR, ${name}`, () => hsrObjective(net, batch, { strength, ...options })] as const,
    ),
    ["HSR by default, on mini-batches", () => hsrObjective(net, batch, { strength, batchSize: 6 })],
  ];

  it.each(made)("keeps nothing that an optimizer could spoil: %s", (__, make) => {
    const wanted = minimize(make(), start(net), optimizer, { steps: 9 });
    const run = minimize(make(), start(net), spoiling(optimizer), { steps: 9 });
    expect(run).toEqual(wanted);
    expect(run.theta.every(Number.isFinite)).toBe(true);
  });
});
