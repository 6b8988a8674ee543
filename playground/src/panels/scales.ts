/** Where values lie, from 0 to 1, and which of them are marked. */
export interface Scale {
  place(value: number): number;
  /** The value at a place. */
  invert(place: number): number;
  readonly ticks: readonly number[];
}

/** From 0 to `end`, with about so many round ticks. */
export function linear(end: number, about = 4): Scale {
  const rough = end / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const ticks = Array.from({ length: Math.floor(end / step + 1e-9) + 1 }, (_, i) => i * step);
  return { place: (value) => value / end, invert: (place) => place * end, ticks };
}

/** The powers of ten around positive values, at least one of them apart. */
export function logarithmic(low: number, high: number): Scale {
  const from = Math.floor(Math.log10(low) + 1e-9);
  const to = Math.max(from + 1, Math.ceil(Math.log10(high) - 1e-9));
  return {
    place: (value) => (Math.log10(value) - from) / (to - from),
    invert: (place) => 10 ** (from + place * (to - from)),
    ticks: powers(from, to),
  };
}

/** Below this size a scale of both signs is about linear. */
const LINEAR = 1e-3;

/** Values of both signs, by their logarithm away from 0. */
export function signedLogarithmic(low: number, high: number): Scale {
  const bent = (value: number) => Math.sign(value) * Math.log10(1 + Math.abs(value) / LINEAR);
  const [from, to] = [bent(low), bent(high)];
  const reach = (value: number) =>
    powers(-2, Math.floor(Math.log10(value) + 1e-9)).filter((power) => power <= value);
  const ticks = [
    ...reach(-Math.min(low, -1e-9))
      .map((power) => -power)
      .reverse(),
    0,
    ...reach(Math.max(high, 1e-9)),
  ];
  return {
    place: (value) => (bent(value) - from) / (to - from),
    invert: (place) => {
      const at = from + place * (to - from);
      return Math.sign(at) * LINEAR * (10 ** Math.abs(at) - 1);
    },
    ticks,
  };
}

function powers(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => Number(`1e${from + i}`));
}
