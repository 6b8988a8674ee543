import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { curvatureSummary } from "../../../src/index.js";
import {
  adaptiveSharpness,
  basinIsotropy,
  epsilonSharpness,
  expectedSharpness,
  invariances,
  keskarSharpness,
  type Measure,
  type Normalization,
  normalizedSharpness,
  relativeFlatness,
  type Transformation,
  transformations,
} from "../../../src/landscape/index.js";
import { expectClose, largest } from "../../oracles/compare.js";
import type { PlainNetwork } from "../objectives.js";
import { pairs } from "./transformed.js";

/** Numbers, and how far they may be off. */
interface Reading {
  readonly values: readonly number[];
  readonly slack: number;
}
type Measuring = (problem: PlainNetwork) => Reading;

/** Ascents and iterations end at tolerances. */
const exactly = (values: readonly number[]): Reading => ({ values, slack: 1e-6 * largest(values) });

/** Far enough for the third order to matter. */
const ascents = { radius: 0.1, restarts: 0 };
const adaptive =
  (normalization: Normalization): Measuring =>
  ({ objective, theta, layout }) =>
    exactly([adaptiveSharpness(objective, theta, { ...ascents, normalization, layout }).value]);
const normalized =
  (normalization: Normalization): Measuring =>
  ({ objective, theta, layout }) => {
    const options = { normalization, layout };
    const { eigenvalues } = curvatureSummary(objective, theta, options);
    return exactly([normalizedSharpness(objective, theta, options).value, ...(eigenvalues as Float64Array)]);
  };

const measures: Readonly<Record<Measure, Measuring>> = {
  curvatureSummary({ objective, theta }) {
    const { largest: top, smallest, trace, frobeniusSquared } = curvatureSummary(objective, theta);
    return exactly([top.value, smallest.value, trace.value, Math.sqrt(frobeniusSquared.value)]);
  },
  epsilonSharpness: ({ objective, theta }) => exactly([epsilonSharpness(objective, theta, ascents).value]),
  expectedSharpness({ objective, theta }) {
    // The law is what stays: the draws do not know which unit is which.
    const { value, standardError } = expectedSharpness(objective, theta, { deviation: 0.3, pairs: 250 });
    return { values: [value], slack: 4 * standardError };
  },
  keskarSharpness: ({ objective, theta }) => exactly([keskarSharpness(objective, theta, ascents).value]),
  basinIsotropy({ objective, theta }) {
    const { participation, entropy, ratio } = basinIsotropy(objective, theta);
    return exactly([participation.value, entropy.value, ratio]);
  },
  relativeFlatness: ({ objective, theta, layout }) =>
    exactly(relativeFlatness(objective, theta, { layout }).layers.map(({ value }) => value)),
  "adaptiveSharpness/network": adaptive("network"),
  "adaptiveSharpness/layer": adaptive("layer"),
  "adaptiveSharpness/filter": adaptive("filter"),
  "adaptiveSharpness/element": adaptive("element"),
  "normalizedSharpness/network": normalized("network"),
  "normalizedSharpness/layer": normalized("layer"),
  "normalizedSharpness/filter": normalized("filter"),
  "normalizedSharpness/element": normalized("element"),
};

const names = Object.keys(measures) as Measure[];
const all = Object.keys(transformations) as Transformation[];
const factors = fc.double({ min: 0.3, max: 3, noNaN: true });

describe("the transformations", () => {
  it.each(all)("leave the loss as they say: %s", (transformation) => {
    fc.assert(
      fc.property(fc.nat(1000), factors, (seed, alpha) => {
        const { before, after } = pairs[transformation](seed, alpha);
        const factor = transformation === "loss scale" ? alpha : 1;
        const wanted = factor * before.objective.value(before.theta);
        expectClose([after.objective.value(after.theta)], [wanted], 1e-12);
        if (transformation !== "loss scale") expect(after.theta).not.toEqual(before.theta);
      }),
      { numRuns: 10 },
    );
  });
});

describe("the table of invariances", () => {
  it.each(all)("is right about all that stays under %s", (transformation) => {
    const staying = names.filter((measure) => invariances[measure].includes(transformation));
    fc.assert(
      fc.property(fc.nat(1000), factors, (seed, alpha) => {
        const { before, after } = pairs[transformation](seed, alpha);
        for (const measure of staying) {
          const [a, b] = [measures[measure](before), measures[measure](after)];
          expectClose(b.values, a.values, a.slack + b.slack, 1, (at) => `${measure}[${at}]`);
        }
      }),
      { numRuns: 4 },
    );
  });

  it.each(all)("is right about all that changes under %s", (transformation) => {
    const changing = names.filter((measure) => !invariances[measure].includes(transformation));
    const drawn = [0, 1, 2].map((seed) => pairs[transformation](seed, 5));
    for (const measure of changing) {
      const changed = drawn.filter(({ before, after }) => {
        const [a, b] = [measures[measure](before), measures[measure](after)];
        const slack = a.slack + b.slack + 0.01 * largest(a.values);
        return a.values.some((value, i) => Math.abs(b.values[i] - value) > slack);
      });
      // One network is enough to show it.
      expect(changed.length, measure).toBeGreaterThanOrEqual(1);
    }
  });

  it("holds for expected sharpness of that normalization too, on the same draws", () => {
    const rescalings = [
      "layer rescaling",
      "unit rescaling",
      "normalized filters",
      "parameter scale",
    ] as const;
    for (const normalization of ["network", "layer", "filter", "element"] as const) {
      for (const transformation of rescalings) {
        const { before, after } = pairs[transformation](3, 1.7);
        const [a, b] = [before, after].map(
          ({ objective, theta, layout }) =>
            expectedSharpness(objective, theta, { deviation: 0.3, normalization, layout, pairs: 5 }).value,
        );
        const stays = invariances[`normalizedSharpness/${normalization}`].includes(transformation);
        expect(Math.abs(b / a - 1) < 1e-10).toBe(stays);
      }
    }
  });
});
