// Against mathjs' numbers of 64 digits, which share no code with polynomials in double precision.

import { type BigNumber, create, all as everything } from "mathjs";
import { describe, expect, it } from "vitest";
import { randomStream } from "../../src/random.js";
import { circular, sineAndCosine } from "../../src/tensor/circular.js";
import { decay, decayed, logOnePlus } from "../../src/tensor/exponential.js";

const { bignumber, exp, expm1, log1p, sin, cos, config } = create(everything);
config({ number: "BigNumber", precision: 64 });

/** The number itself, not its shortest decimal form. */
function exactly(x: number): BigNumber {
  const exponent = Math.floor(Math.log2(Math.abs(x))) - 52;
  return bignumber(x * 2 ** -exponent).mul(bignumber(2).pow(exponent));
}

/** |found/exact − 1|. */
function relativeError(found: number, exact: BigNumber): number {
  return Math.abs(exactly(found).div(exact).sub(1).toNumber());
}

const draws = randomStream(1, "elementary");
const positive = (limit: number): number[] => [
  ...Array.from({ length: 100 }, () => draws.uniform(0, 3)),
  ...Array.from({ length: 50 }, () => draws.uniform(0, limit)),
  ...Array.from({ length: 30 }, (_, k) => 2 ** -k * draws.uniform(0.5, 1)),
];

describe("functions with the same bits on every engine, to 4e-16 of their value", () => {
  it("e^(−x) and 1 − e^(−x)", () => {
    for (const x of positive(650)) {
      decay(x);
      expect(relativeError(decayed[0], exp(exactly(-x)))).toBeLessThan(2.3e-16);
      expect(relativeError(decayed[1], expm1(exactly(-x)).neg())).toBeLessThan(4e-16);
    }
  });

  it("e^(−x) where x is a sum, as exactly as if it had not been rounded", () => {
    for (const x of positive(300)) {
      const low = x * 0.7e-16;
      decay(x, low);
      expect(relativeError(decayed[0], exp(exactly(x).add(exactly(low)).neg()))).toBeLessThan(2.3e-16);
    }
  });

  it("log(1 + q)", () => {
    for (const x of positive(60)) {
      const q = Math.exp(-x);
      expect(relativeError(logOnePlus(q), log1p(exactly(q)))).toBeLessThan(4e-16);
    }
    expect([logOnePlus(0), logOnePlus(1)]).toEqual([0, Math.LN2]);
  });

  it("sine and cosine, near multiples of π/2 too", () => {
    const multiples = Array.from({ length: 60 }, (_, k) => (k + 1) * 7 * (Math.PI / 2));
    for (const x of [...positive(700), ...positive(1e6), ...multiples, 11 * Math.SQRT1_2 * 1e5]) {
      for (const z of [x, -x]) {
        sineAndCosine(z);
        expect(relativeError(circular[0], sin(exactly(z)) as BigNumber)).toBeLessThan(2.3e-16);
        expect(relativeError(circular[1], cos(exactly(z)) as BigNumber)).toBeLessThan(2.3e-16);
      }
    }
  });

  it("at their ends", () => {
    const decayOf = (x: number) => {
      decay(x);
      return Array.from(decayed);
    };
    expect(decayOf(0)).toEqual([1, 0]);
    expect(decayOf(744.4)).toEqual([Number.MIN_VALUE, 1]);
    for (const x of [747, 1e308, Number.POSITIVE_INFINITY]) expect(decayOf(x)).toEqual([0, 1]);
    expect(decayOf(Number.NaN)).toEqual([Number.NaN, Number.NaN]);
    for (const z of [1e7, -1e300]) {
      sineAndCosine(z);
      expect(Array.from(circular)).toEqual([Math.sin(z), Math.cos(z)]);
    }
  });
});
