import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  lossObjective,
  minibatchObjective,
  minimize,
  type Objective,
  selectSamples,
  sgd,
} from "../../src/index.js";
import { weightDecayObjective } from "../../src/regularizers/index.js";
import { makeCase } from "../cases.js";
import { quadratic } from "../optim/quadratic.js";
import { expectClose } from "../oracles/compare.js";
import { refusals } from "../refusals.js";
import { net, x, y } from "../small-network.js";

const problem = makeCase({ size: [20, 3, 4, 3], weighted: true });
const plain = lossObjective(problem.net, problem.batch);

describe("weightDecayObjective", () => {
  it("takes the steps of coupled weight decay, bit for bit", () => {
    const options = { learningRate: 0.1, momentum: 0.9 };
    const strength = 0.03;
    const run = (objective: Objective, weightDecay: number) =>
      minimize(objective, problem.theta, sgd({ ...options, weightDecay }), { steps: 40 }).theta;
    expect(run(weightDecayObjective(plain, { strength }), 0)).toEqual(run(plain, strength));
  });

  it("adds λv to H·v, and leaves out what the objective lacks", () => {
    const v = problem.theta.map((entry) => 1 - entry);
    const product = weightDecayObjective(plain, { strength: 0.3 }).hessianVectorProduct?.(problem.theta, v);
    const without = plain.hessianVectorProduct(problem.theta, v);
    expectClose(
      product as Float64Array,
      without.map((entry, j) => entry + 0.3 * v[j]),
      1e-15,
    );
    const valuesOnly = weightDecayObjective(quadratic([1]), { strength: 1 });
    expect(valuesOnly.hessianVectorProduct).toBeUndefined();
    expect(valuesOnly.beginStep).toBeUndefined();
  });

  it("stays stochastic around a stochastic objective, and draws its samples", () => {
    const make = () =>
      minibatchObjective({ count: 20, batchSize: 6, seed: 3 }, (samples) =>
        lossObjective(problem.net, selectSamples(problem.batch, samples)),
      );
    const inside = make();
    const decayed = weightDecayObjective(make(), { strength: 0 });
    for (const step of [0, 1, 5]) {
      inside.beginStep?.(step);
      decayed.beginStep?.(step);
      expect(decayed.valueAndGradient(problem.theta)).toEqual(inside.valueAndGradient(problem.theta));
    }
  });
});

describe("weightDecayObjective refuses", () => {
  const partial = { size: 2 } as never;
  const batch = { x, y };
  const nothing = undefined as never;
  const f = lossObjective(net, batch);
  refusals(ArgumentError, "invalid-argument", [
    [
      "decay of a size",
      () => weightDecayObjective(partial, { strength: 1 }),
      /weightDecayObjective: .*objective\.value/,
    ],
    [
      "no objective to decay",
      () => weightDecayObjective(nothing, { strength: 1 }),
      /weightDecayObjective: .*objective/,
    ],
    ["no options of decay", () => weightDecayObjective(f, nothing), /weightDecayObjective: .*options/],
    [
      "negative decay",
      () => weightDecayObjective(f, { strength: -1 }),
      /weightDecayObjective: .*strength.*≥ 0/,
    ],
  ]);
});
