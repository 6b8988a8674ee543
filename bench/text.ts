import type { Quartiles } from "./statistics.js";

/** Median and quartiles. */
export function inMilliseconds(seconds: Quartiles): string {
  const [lower, median, upper] = seconds.map((second) => (second * 1000).toPrecision(3));
  return `${median.padStart(9)} ms ${`[${lower}, ${upper}]`.padEnd(18)}`;
}

/** Median and quartiles of ratios. */
export function inTimes(ratios: Quartiles): string {
  const [lower, median, upper] = ratios.map((ratio) => (ratio < 1 ? ratio.toFixed(3) : ratio.toPrecision(3)));
  return `${median.padStart(7)}× ${`[${lower}, ${upper}]`.padEnd(16)}`;
}

/** Median and quartiles of operations a second. */
export function inGigaflops(rates: Quartiles): string {
  const [lower, median, upper] = rates.map((rate) => (rate / 1e9).toPrecision(3));
  return `${median.padStart(8)} GFLOP/s [${lower}, ${upper}]`;
}
