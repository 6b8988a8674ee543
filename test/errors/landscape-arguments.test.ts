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
  SymmetryError,
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
  langevinCovariance,
  normalizedSharpness,
  relativeFlatness,
  sgdCovariance,
  spectrumIsotropy,
} from "../../src/landscape/index.js";
import { net, refusals, theta, x, y } from "./refusals.js";

const objective = lossObjective(net, { x, y });
const { layout } = net;
const radius = 0.1;
const nothing = undefined as never;
const steps = { learningRate: 0.1, steps: 4 };
const batches = minibatchObjective({ count: 2, batchSize: 1, seed: 1 }, (samples) =>
  lossObjective(net, selectSamples({ x, y }, samples)),
);
const H = [
  [2, 1],
  [1, 3],
];

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

describe("an ArgumentError refuses, of landscapes,", () => {
  refusals(ArgumentError, "invalid-argument", [
    [
      "an objective without functions",
      () => expectedSharpness({ size: theta.length } as never, theta, { deviation: 1 }),
      /expectedSharpness: expected objective\.value to be a function/,
    ],
    [
      "products that are no function",
      () => hessianAt({ ...objective, hessianVectorProduct: 5 as never }, theta),
      /hessianAt: expected an objective with hessianVectorProduct/,
    ],
    [
      "no options of ε",
      () => epsilonSharpness(objective, theta, nothing),
      /epsilonSharpness.*at least \{ radius \}/,
    ],
    [
      "no options of ρ",
      () => adaptiveSharpness(objective, theta, nothing),
      /adaptiveSharpness.*\{ radius \}/,
    ],
    [
      "no options of a box",
      () => keskarSharpness(objective, theta, nothing),
      /keskarSharpness.*\{ radius \}/,
    ],
    ["no radius", () => epsilonSharpness(objective, theta, {} as never), /radius.*> 0, got undefined/],
    ["a radius of 0", () => keskarSharpness(objective, theta, { radius: 0 }), /keskarSharpness.*radius.*> 0/],
    [
      "broken restarts",
      () => epsilonSharpness(objective, theta, { radius, restarts: 0.5 }),
      /restarts.*integer/,
    ],
    [
      "a negative tolerance",
      () => epsilonSharpness(objective, theta, { radius, tolerance: -1 }),
      /tolerance.*≥ 0/,
    ],
    [
      "no steps",
      () => epsilonSharpness(objective, theta, { radius, maxIterations: 0 }),
      /maxIterations.*≥ 1/,
    ],
    ["a negative seed", () => epsilonSharpness(objective, theta, { radius, seed: -1 }), /seed.*≥ 0/],
    [
      "an unknown normalization",
      () => adaptiveSharpness(objective, theta, { radius, normalization: "row" as never }),
      /adaptiveSharpness: .*normalization to be one of none, network, layer, filter, element, got "row"/,
    ],
    [
      "filters without a layout",
      () => adaptiveSharpness(objective, theta, { radius, normalization: "filter" }),
      /adaptiveSharpness: expected layout .*net\.layout/,
    ],
    [
      "a negative offset",
      () => adaptiveSharpness(objective, theta, { radius, offset: -1 }),
      /adaptiveSharpness: .*offset.*≥ 0/,
    ],
    [
      "a loss of −1, to which Keskar's sharpness has no relation",
      () =>
        keskarSharpness(
          { ...objective, valueAndGradient: (at) => ({ value: -1, gradient: at.slice() }) },
          theta,
          { radius },
        ),
      /keskarSharpness: expected a loss above −1 at theta, got -1/,
    ],
    [
      "no options of noise",
      () => expectedSharpness(objective, theta, nothing),
      /expectedSharpness.*\{ deviation \}/,
    ],
    ["no deviation", () => expectedSharpness(objective, theta, { deviation: 0 }), /deviation.*> 0, got 0/],
    [
      "one pair",
      () => expectedSharpness(objective, theta, { deviation: 1, pairs: 1 }),
      /pairs.*≥ 2.*standard error/,
    ],
    ["a broken seed", () => expectedSharpness(objective, theta, { deviation: 1, seed: 0.5 }), /seed/],
    ["no options of a Hessian", () => hessianAt(objective, theta, null as never), /hessianAt: .*options/],
    [
      "a summary's broken limit",
      () => curvatureSummary(objective, theta, { denseLimit: -1 }),
      /denseLimit.*≥ 0/,
    ],
    ["a summary of few samples", () => curvatureSummary(objective, theta, { samples: 5 }), /samples.*≥ 6/],
    [
      "a summary's tolerance",
      () => curvatureSummary(objective, theta, { tolerance: -1 }),
      /curvatureSummary: .*tolerance/,
    ],
    ["a summary's seed", () => curvatureSummary(objective, theta, { seed: -1 }), /curvatureSummary: .*seed/],
    [
      "a normalized tolerance",
      () => normalizedSharpness(objective, theta, { tolerance: -1 }),
      /normalizedSharpness: .*tolerance/,
    ],
    [
      "a normalized seed",
      () => normalizedSharpness(objective, theta, { seed: -1 }),
      /normalizedSharpness: .*seed/,
    ],
    ["one probe", () => basinIsotropy(objective, theta, { probes: 1 }), /basinIsotropy: .*probes.*≥ 2/],
    ["no Lanczos steps", () => basinIsotropy(objective, theta, { steps: 0 }), /basinIsotropy: .*steps.*≥ 1/],
    [
      "an isotropy's limit",
      () => basinIsotropy(objective, theta, { denseLimit: 0.5 }),
      /basinIsotropy: .*denseLimit/,
    ],
    ["an isotropy's seed", () => basinIsotropy(objective, theta, { seed: -1 }), /basinIsotropy: .*seed/],
    [
      "a spectrum that is an array",
      () => spectrumIsotropy([1, 2] as never),
      /spectrumIsotropy: .*Float64Array/,
    ],
    ["an empty spectrum", () => spectrumIsotropy(new Float64Array(0)), /length ≥ 1/],
    ["no layout", () => relativeFlatness(objective, theta, {} as never), /relativeFlatness: expected layout/],
    [
      "no options of flatness",
      () => relativeFlatness(objective, theta, nothing),
      /relativeFlatness: .*\{ layout \}/,
    ],
    [
      "a layout without weights",
      () => relativeFlatness(objective, theta, { layout: [{ name: "b", shape: [net.size], offset: 0 }] }),
      /a tensor of two or more extents, got only b/,
    ],
    [
      "a layout whose shape is a number",
      () => relativeFlatness(objective, theta, { layout: [{ name: "b", shape: 3 as never, offset: 0 }] }),
      /the shape of b to be an array, got 3/,
    ],
    [
      "a layout of nothing",
      () => relativeFlatness(objective, theta, { layout: [nothing] }),
      /a tensor of layout/,
    ],
    [
      "an extent of 0",
      () => relativeFlatness(objective, theta, { layout: [{ name: "b", shape: [0], offset: 0 }] }),
      /an extent of b/,
    ],
    [
      "a flatness limit",
      () => relativeFlatness(objective, theta, { layout, productLimit: -1 }),
      /productLimit/,
    ],
    [
      "one sample of flatness",
      () => relativeFlatness(objective, theta, { layout, samples: 1 }),
      /samples.*≥ 2/,
    ],
    [
      "a seed of flatness",
      () => relativeFlatness(objective, theta, { layout, seed: -1 }),
      /relativeFlatness: .*seed/,
    ],
    ["no temperature", () => langevinCovariance(H, nothing), /langevinCovariance: .*\{ temperature \}/],
    ["a negative temperature", () => langevinCovariance(H, { temperature: -1 }), /temperature.*≥ 0/],
    ["a rate of 0", () => langevinCovariance(H, { temperature: 1, learningRate: 0 }), /learningRate.*> 0/],
    [
      "a rate at which θ diverges",
      () => langevinCovariance([[4]], { temperature: 1, learningRate: 0.5 }),
      /learningRate < 2\/λ_max = 0\.5, got 0\.5; beyond, .*diverges/,
    ],
    ["no rate", () => sgdCovariance(H, H, nothing), /sgdCovariance: .*\{ learningRate \}/],
    [
      "a negative rate",
      () => sgdCovariance(H, H, { learningRate: -1 }),
      /sgdCovariance: .*learningRate.*> 0/,
    ],
    [
      "a broken tolerance",
      () => sgdCovariance(H, H, { learningRate: 0.1, tolerance: -1 }),
      /sgdCovariance: .*tolerance/,
    ],
    [
      "no options of batches",
      () => gradientNoise(objective, batches, theta, nothing),
      /gradientNoise: .*steps \}/,
    ],
    ["one step", () => gradientNoise(objective, batches, theta, { ...steps, steps: 1 }), /steps.*≥ 2/],
    [
      "a rate of noise",
      () => gradientNoise(objective, batches, theta, { ...steps, learningRate: 0 }),
      /gradientNoise: .*learningRate/,
    ],
    [
      "a flag that is none",
      () => gradientNoise(objective, batches, theta, { ...steps, covariance: 1 as never }),
      /covariance to be true or false/,
    ],
    [
      "what draws nothing",
      () => gradientNoise(objective, objective, theta, steps),
      /a stochastic objective.*minibatchObjective/,
    ],
    [
      "no stochastic objective",
      () => gradientNoise(objective, nothing, theta, steps),
      /gradientNoise: .*objective/,
    ],
  ]);
});

describe("a ShapeError refuses, of landscapes,", () => {
  refusals(ShapeError, "shape-mismatch", [
    [
      "a layout of another network",
      () => relativeFlatness(objective, theta, { layout: layout.slice(0, 2) }),
      /relativeFlatness: expected a layout of 17 parameters, got 9/,
    ],
    [
      "a layout with a gap",
      () => normalizedSharpness(objective, theta, { normalization: "layer", layout: layout.slice(1) }),
      /normalizedSharpness: expected b1 to begin at 0, got 6/,
    ],
    [
      "noise of another size",
      () => sgdCovariance(H, [[1]], { learningRate: 0.1 }),
      /sgdCovariance: .*noise.*\(2,2\)/,
    ],
    [
      "a Hessian that is not square",
      () => langevinCovariance([[1, 2]], { temperature: 1 }),
      /langevinCovariance/,
    ],
  ]);
});

describe("a SymmetryError refuses, of landscapes,", () => {
  const skew = [
    [1, 2],
    [0, 1],
  ];
  refusals(SymmetryError, "not-symmetric", [
    [
      "a skew Hessian",
      () => langevinCovariance(skew, { temperature: 1 }),
      /langevinCovariance: .*hessian\[1,0\]/,
    ],
    ["skew noise", () => sgdCovariance(H, skew, { learningRate: 0.1 }), /sgdCovariance: .*noise\[1,0\]/],
  ]);
});
