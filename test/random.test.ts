import { describe, expect, it } from "vitest";
import { ArgumentError, randomStream } from "../src/index.js";

const many = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("randomStream", () => {
  // Observed once and kept: results that were computed from a seed stay reproducible.
  it("has the outputs it always had", () => {
    const bits = randomStream(7);
    expect(many(4, () => bits.bits())).toEqual([2939198878, 4176668351, 592311906, 3997043657]);
    const uniform = randomStream(7);
    expect(many(3, () => uniform.uniform())).toEqual([
      0.6843355668519167, 0.1379083687859345, 0.5239252984274968,
    ]);
    const normal = randomStream(7);
    expect(many(3, () => normal.normal())).toEqual([
      0.4133066538556041, -0.8118611239383117, 0.28239818483206525,
    ]);
    const integer = randomStream(7);
    expect([integer.integer(10), integer.integer(10), integer.integer(1000)]).toEqual([6, 1, 523]);
    expect(Array.from(randomStream(7).permutation(8))).toEqual([2, 4, 6, 7, 1, 3, 0, 5]);
    const named = randomStream(7, "init");
    expect([named.bits(), named.bits()]).toEqual([1145612455, 904180063]);
    const zero = randomStream(0);
    expect([zero.bits(), zero.bits()]).toEqual([1844616607, 157872427]);
  });

  it("hardly ever repeats an output", () => {
    const stream = randomStream(11);
    const seen = new Set(many(100_000, () => stream.bits()));
    // Of 10⁵ draws among 2³², 1.16 coincide on average; ten or more have a chance of 1e-6.
    expect(seen.size).toBeGreaterThan(100_000 - 10);
  });

  it("uses all 53 bits of the seed", () => {
    const first = [7, 8, 2 ** 32 + 7, 2 ** 40 + 7, Number.MAX_SAFE_INTEGER].map((seed) =>
      randomStream(seed).bits(),
    );
    expect(new Set(first).size).toBe(5);
    expect(randomStream(2 ** 40 + 7).bits()).toBe(3664594467);
  });

  it("refuses a seed that is no integer ≥ 0", () => {
    for (const seed of [-1, 1.5, Number.NaN, 2 ** 53, "7" as never]) {
      expect(() => randomStream(seed)).toThrow(ArgumentError);
    }
  });
});

describe("sub-streams", () => {
  it("do not depend on what was drawn before", () => {
    const fresh = randomStream(3);
    const used = randomStream(3);
    many(17, () => used.normal());
    expect(used.stream("a").bits()).toBe(fresh.stream("a").bits());
  });

  it("do not disturb the stream they come from", () => {
    const [one, other] = [randomStream(3), randomStream(3)];
    one.stream("a").normal();
    expect(one.bits()).toBe(other.bits());
  });

  it("are named by the path to them, with a number the same as its digits", () => {
    const bits = (...names: (string | number)[]) => randomStream(3, ...names).bits();
    expect(bits("a", "b")).toBe(randomStream(3).stream("a").stream("b").bits());
    expect(bits(12)).toBe(bits("12"));
    const paths = [[], ["a"], ["b"], ["ab"], ["a", "b"], ["b", "a"], ["", "ab"], [1], [1, 2], [12]];
    expect(new Set(paths.map((names) => bits(...names))).size).toBe(paths.length);
  });

  it("are uncorrelated with their neighbours", () => {
    const heads = many(4000, () => 0).map((_, i) => randomStream(5).stream(i).uniform() - 0.5);
    // The correlation of neighbouring streams: standard deviation 1/√4000 of independent ones.
    const correlation = mean(heads.slice(1).map((value, i) => value * heads[i])) * 12;
    expect(Math.abs(correlation)).toBeLessThan(5 / Math.sqrt(4000));
  });
});

describe("the draws", () => {
  const count = 40_000;
  // Means of that many draws: five standard errors on either side.
  const within = (standardDeviation: number) => (5 * standardDeviation) / Math.sqrt(count);

  it("are uniform on [low, high) with the right mean and variance", () => {
    const stream = randomStream(21);
    const draws = many(count, () => stream.uniform(-2, 4));
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(-2);
    expect(Math.max(...draws)).toBeLessThan(4);
    expect(Math.abs(mean(draws) - 1)).toBeLessThan(within(Math.sqrt(3)));
    expect(Math.abs(mean(draws.map((x) => (x - 1) ** 2)) - 3)).toBeLessThan(within(Math.sqrt(16.2 - 9)));
  });

  it("are normal: four moments, and the share within one deviation", () => {
    const stream = randomStream(22);
    const draws = many(count, () => stream.normal(3, 2)).map((x) => (x - 3) / 2);
    expect(Math.abs(mean(draws))).toBeLessThan(within(1));
    expect(Math.abs(mean(draws.map((x) => x ** 2)) - 1)).toBeLessThan(within(Math.sqrt(2)));
    expect(Math.abs(mean(draws.map((x) => x ** 3)))).toBeLessThan(within(Math.sqrt(15)));
    expect(Math.abs(mean(draws.map((x) => x ** 4)) - 3)).toBeLessThan(within(Math.sqrt(96)));
    expect(Math.abs(mean(draws.map((x) => (Math.abs(x) < 1 ? 1 : 0))) - 0.682689)).toBeLessThan(
      within(0.4654),
    );
  });

  it("are integers of equal frequency", () => {
    const stream = randomStream(23);
    const counts = new Float64Array(7);
    for (const draw of many(count, () => stream.integer(7))) counts[draw]++;
    // χ² with 6 degrees of freedom exceeds 35 with a chance of 4e-6.
    expect(counts.reduce((sum, seen) => sum + ((seen - count / 7) ** 2 * 7) / count, 0)).toBeLessThan(35);
    expect(() => stream.integer(0)).toThrow(ArgumentError);
  });

  it("are permutations, each first place equally likely", () => {
    const stream = randomStream(24);
    const first = new Float64Array(5);
    for (const order of many(5000, () => stream.permutation(5))) {
      expect(Array.from(order).sort()).toEqual([0, 1, 2, 3, 4]);
      first[order[0]]++;
    }
    // χ² with 4 degrees of freedom exceeds 31 with a chance of 3e-6.
    expect(first.reduce((sum, seen) => sum + (seen - 1000) ** 2 / 1000, 0)).toBeLessThan(31);
    expect(stream.permutation(0)).toHaveLength(0);
    expect(() => stream.permutation(-1)).toThrow(/count.*≥ 0/);
  });
});
