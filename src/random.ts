import { ArgumentError, describe, inFunction, requireFew, requireInteger, requireNumber } from "./errors.js";

/**
 * A seeded stream of random numbers. The generator is xoshiro128** (Blackman & Vigna 2018), so the same seed
 * and names give the same bits on every engine; integers only up to the final scaling.
 */
export interface RandomStream {
  /** 32 random bits, as an unsigned integer. */
  bits(): number;
  /** Uniform on [low, high), with 53 random bits; rounding may give `high` itself. Defaults: [0, 1), which it never does. */
  uniform(low?: number, high?: number): number;
  /** Uniform on 0 … count − 1 (up to a bias of count/2⁵³). */
  integer(count: number): number;
  /** Normal with the given mean (0) and standard deviation (1), by Marsaglia's polar method. */
  normal(mean?: number, deviation?: number): number;
  /** The integers 0 … count − 1 in random order (Fisher–Yates). */
  permutation(count: number): Int32Array;
  /** An independent stream that depends on this stream's seed and `name` only, not on what was drawn. */
  stream(name: string | number): RandomStream;
}

/**
 * The random stream of `seed`, or a named sub-stream of it: `randomStream(7, "init")`.
 * @param seed an integer ≥ 0
 * @throws ArgumentError for any other seed
 * @example
 * import { randomStream } from "flatward";
 * const draws = (stream) => Array.from({ length: 8 }, () => stream.integer(10)).join(" ");
 * console.log(draws(randomStream(7))); // → 6 1 5 3 8 1 7 4
 * console.log(draws(randomStream(7, "init")) === draws(randomStream(7).stream("init"))); // → true
 */
export function randomStream(seed: number, ...names: (string | number)[]): RandomStream {
  return inFunction("randomStream", () => {
    requireInteger("seed", seed, 0);
    let key: Key = [seed >>> 0, Math.floor(seed / 4294967296) >>> 0];
    for (const name of names) key = childKey(key, name);
    return streamOf(key);
  });
}

/** 64 bits that identify a stream. */
type Key = readonly [number, number];

/** A bijective mixer of 32-bit integers (the finaliser of MurmurHash3). */
function mix(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Names are hashed with FNV-1a over UTF-16 units; a number and its decimal string are one name. */
function childKey([low, high]: Key, name: string | number): Key {
  let a = mix(low ^ 0x9e3779b9);
  let b = mix(high ^ 0x85ebca77);
  if (typeof name !== "string" && typeof name !== "number")
    throw new ArgumentError({
      expected: "the name of a stream to be a text or a number",
      got: describe(name),
    });
  const text = String(name);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ (unit + 0x7f4a7c15), 0x01000193);
  }
  return [mix(a ^ text.length), mix(b ^ a)];
}

/** Few comparisons where all is well, for every draw passes here. @param least of b @throws ArgumentError */
function checkPair(method: string, first: string, a: number, second: string, b: number, least: number): void {
  if (Number.isFinite(a) && Number.isFinite(b) && b >= least) return;
  inFunction(`RandomStream.${method}`, () => {
    requireNumber(first, a);
    requireNumber(second, b, { atLeast: least });
  });
}

function streamOf(key: Key): RandomStream {
  // Weyl steps through the mixer fill the state; it is zero with probability 2⁻¹²⁸, and then moved off zero.
  let s0 = mix(key[0] + 0x9e3779b9);
  let s1 = mix(key[1] + 0x3c6ef372);
  let s2 = mix(key[0] ^ (key[1] + 0xdaa66d2b));
  let s3 = mix(key[1] ^ (key[0] + 0x78dde6e4));
  if ((s0 | s1 | s2 | s3) === 0) s0 = 1;

  let spare: number | undefined;

  const bits = (): number => {
    const scrambled = Math.imul(s1, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const shifted = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = (s3 << 11) | (s3 >>> 21);
    return result;
  };
  // Neighbouring seeds differ in few bits: discard the first outputs.
  for (let i = 0; i < 12; i++) bits();

  const unit = (): number => ((bits() >>> 5) * 67108864 + (bits() >>> 6)) / 9007199254740992;

  const standardNormal = (): number => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    for (;;) {
      const u = 2 * unit() - 1;
      const v = 2 * unit() - 1;
      const r = u * u + v * v;
      if (r > 0 && r < 1) {
        const scale = Math.sqrt((-2 * Math.log(r)) / r);
        spare = v * scale;
        return u * scale;
      }
    }
  };

  return {
    bits,
    uniform(low = 0, high = 1) {
      checkPair("uniform", "low", low, "high", high, low);
      const u = unit();
      const width = high - low;
      // Beyond the largest number, what is between two numbers is still one.
      return width < Number.POSITIVE_INFINITY ? low + width * u : low * (1 - u) + high * u;
    },
    integer(count) {
      return inFunction("RandomStream.integer", () => Math.floor(requireInteger("count", count, 1) * unit()));
    },
    normal(mean = 0, deviation = 1) {
      checkPair("normal", "mean", mean, "deviation", deviation, 0);
      return mean + deviation * standardNormal();
    },
    permutation(count) {
      return inFunction("RandomStream.permutation", () => {
        requireFew("numbers", requireInteger("count", count, 0));
        const order = Int32Array.from({ length: count }, (_, i) => i);
        for (let i = count - 1; i > 0; i--) {
          const j = Math.floor(unit() * (i + 1));
          const swapped = order[i];
          order[i] = order[j];
          order[j] = swapped;
        }
        return order;
      });
    },
    stream: (name) => inFunction("RandomStream.stream", () => streamOf(childKey(key, name))),
  };
}
