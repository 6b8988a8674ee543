import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  curvatureSummary,
  hessianAt,
  lossObjective,
  minibatchObjective,
  NonFiniteError,
  type Objective,
  objectiveOf,
  ShapeError,
  selectSamples,
} from "../../src/index.js";
import {
  adaptiveSharpness,
  basinIsotropy,
  epsilonSharpness,
  expectedSharpness,
  gradientNoise,
  hessianMatrix,
  keskarSharpness,
  normalizedSharpness,
  relativeFlatness,
} from "../../src/landscape/index.js";
import { net, theta, x, y } from "../small-network.js";

const objective = lossObjective(net, { x, y });
const { layout } = net;
const radius = 0.1;
const nothing = undefined as never;
const steps = { learningRate: 0.1, steps: 4 };
const batches = minibatchObjective({ count: 2, batchSize: 1, seed: 1 }, (samples) =>
  lossObjective(net, selectSamples({ x, y }, samples)),
);
/** Every function of an objective and theta. */
const functions: readonly [name: string, call: (objective: Objective, theta: Float64Array) => unknown][] = [
  ["hessianAt", (f, at) => hessianAt(f, at).apply(theta, theta.slice())],
  ["hessianMatrix", (f, at) => hessianMatrix(f, at)],
  ["curvatureSummary", (f, at) => curvatureSummary(f, at)],
  ["basinIsotropy", (f, at) => basinIsotropy(f, at)],
  ["normalizedSharpness", (f, at) => normalizedSharpness(f, at)],
  ["epsilonSharpness", (f, at) => epsilonSharpness(f, at, { radius })],
  ["adaptiveSharpness", (f, at) => adaptiveSharpness(f, at, { radius })],
  ["keskarSharpness", (f, at) => keskarSharpness(f, at, { radius })],
  ["expectedSharpness", (f, at) => expectedSharpness(f, at, { deviation: 1 })],
  ["relativeFlatness", (f, at) => relativeFlatness(f, at, { layout })],
  ["gradientNoise", (f, at) => gradientNoise(f, batches, at, steps)],
];

describe("every function of an objective and theta", () => {
  it.each(functions)("checks both at the door, by its own name: %s", (name, call) => {
    const wrong: [Objective, Float64Array, unknown][] = [
      [nothing, theta, ArgumentError],
      [objective, theta.slice(1), ShapeError],
      [objective, Array.from(theta) as never, ShapeError],
      [objective, theta.map(() => Number.NaN), NonFiniteError],
    ];
    for (const [f, at, type] of wrong) {
      expect(() => call(f, at)).toThrow(type as typeof ShapeError);
      expect(() => call(f, at)).toThrow(new RegExp(`^${name}: expected`));
    }
  });

  it.each(functions)("never returns what is not finite: %s", (name, call) => {
    const spoilt = (value: number, slope: number, bend: number) =>
      objectiveOf(net.size, () => ({ value, gradient: theta.map(() => slope) }), {
        hessianVectorProduct: () => theta.map(() => bend),
      });
    const uses = (what: string) =>
      ({
        value: !/hessian|curvature|isotropy|normalized|flatness|Noise/i.test(name),
        slope: /Noise|(epsilon|adaptive|keskar)Sharpness/.test(name),
        bend: !/expected|Noise/.test(name),
      })[what];
    const rows: [string, Objective][] = [
      ["value", spoilt(Number.NaN, 0, 0)],
      ["slope", spoilt(0, Number.POSITIVE_INFINITY, 0)],
      ["bend", spoilt(0, 1, Number.NaN)],
    ];
    for (const [what, f] of rows) {
      if (uses(what)) expect(() => call(f, theta), what).toThrow(NonFiniteError);
    }
  });

  it.each(functions.filter(([name]) => !/expected|Noise/.test(name)))(
    "refuses one without H·v: %s",
    (name, call) => {
      const without = objectiveOf(net.size, (at) => ({ value: 0, gradient: at.slice() }));
      expect(() => call(without, theta)).toThrow(
        new RegExp(`^${name}: expected an objective with hessianVectorProduct`),
      );
      const { hessianAt: _, ...alone } = objective;
      const short = { ...alone, hessianVectorProduct: () => theta.slice(1) };
      expect(() => call(short, theta)).toThrow(new RegExp(`^${name}: expected H·v to be a Float64Array`));
    },
  );
});
