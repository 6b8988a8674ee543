import type { Measure } from "../experiment/measures/measure.js";
import type { Summary } from "../experiment/measures/statistics.js";

export { counted } from "../printable.js";

/** Deviations below this share of the mean are rounding. */
const ROUNDING = 1e-12;

/** A number in a table: three significant digits, or as many as its standard deviation warrants; alone where it does not vary. */
export function formatSummary(summary: Summary, format: Measure["format"]): string {
  const { mean, deviation } = summary;
  const scale = format === "percent" ? 100 : 1;
  const value = mean * scale;
  const spread = deviation * scale;
  const unit = format === "percent" ? " %" : "";
  if (!Number.isFinite(value)) return "n/a";
  if (format === "count" && isConstant(summary) && Number.isInteger(value)) return fixed(value, 0);
  if (isConstant(summary)) return `${formatNumber(value)}${unit}`;
  const size = Math.max(Math.abs(value), spread);
  if (isTiny(size)) return `${exponential(value, 1)} ± ${exponential(spread, 1)}${unit}`;
  const digits = format === "count" || format === "percent" ? 1 : decimals(size);
  return `${fixed(value, digits)} ± ${deviationText(spread, digits)}${unit}`;
}

/** A difference of means with its confidence interval: `−0.85 [−1.10, −0.60]`; alone where it does not vary. */
export function formatDifference(difference: Summary, format: Measure["format"]): string {
  const { mean, interval } = difference;
  if (!Number.isFinite(mean) || interval === null) return "n/a";
  const show = differenceFormat(difference, format);
  const ends = isConstant(difference) ? "" : ` [${interval.map(show).join(", ")}]`;
  return `${show(mean)}${ends}${format === "percent" ? " pp" : ""}`;
}

/** The same, shorter: `−0.85 ± 0.25`, with a star where the interval excludes zero. */
export function formatShortDifference(difference: Summary, format: Measure["format"]): string {
  const { mean, interval } = difference;
  if (!Number.isFinite(mean) || interval === null) return "n/a";
  const show = differenceFormat(difference, format);
  if (isConstant(difference)) return `${show(mean)}  `;
  return `${show(mean)} ± ${show((interval[1] - interval[0]) / 2)}${excludesZero(difference) ? " *" : "  "}`;
}

/** Whether an interval excludes zero; of what does not vary there is none. */
export function excludesZero(summary: Summary): boolean {
  const { interval } = summary;
  return interval !== null && !isConstant(summary) && (interval[0] > 0 || interval[1] < 0);
}

/** Whether all values are the same, but for rounding: one of a single seed, or one that chance has no part in. */
function isConstant({ mean, deviation, n }: Pick<Summary, "mean" | "deviation" | "n">): boolean {
  return n < 2 || deviation <= ROUNDING * Math.abs(mean);
}

function differenceFormat({ mean, interval }: Summary, format: Measure["format"]): (value: number) => string {
  const scale = format === "percent" ? 100 : 1;
  const size = Math.max(...[mean, ...(interval ?? [])].map((end) => Math.abs(end * scale)));
  const digits = format === "percent" ? 1 : format === "count" && Number.isInteger(size) ? 0 : decimals(size);
  return (value) => (isTiny(size) ? exponential(value * scale, 1) : fixed(value * scale, digits));
}

/** A spread to so many decimals; to one digit where it would be 0. */
function deviationText(spread: number, digits: number): string {
  const text = fixed(spread, digits);
  return Number(text) === 0 ? minus(spread.toPrecision(1)) : text;
}

/** Over how many seeds the means of groups are. */
export function spreadText(groups: readonly { readonly cells: readonly unknown[] }[]): string {
  const counts = groups.map(({ cells }) => cells.length).filter((count) => count > 0);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  if (most === 1) return "One seed";
  return `Mean ± standard deviation over ${least === most ? most : `${least} to ${most}`} seeds`;
}

/** Three significant digits, or as many as are asked for. */
export function formatNumber(value: number, digits = 3): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  return isTiny(size) ? exponential(value, digits - 1) : fixed(value, decimals(size, digits));
}

/** A share of 1 in per cent. */
export function formatPercent(share: number, digits = 1): string {
  return `${fixed(100 * share, digits)} %`;
}

/** With so many decimals, and no minus before 0. */
export function fixed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return minus(Number(text) === 0 ? text.replace("-", "") : text);
}

/** As `1.2e−7`. */
export function exponential(value: number, digits: number): string {
  return minus(value.toExponential(digits));
}

/** A number's text with signs of minus for its hyphens. */
export function minus(text: string): string {
  return text.replaceAll("-", "−");
}

/** Too small or too large to be written out. */
function isTiny(size: number): boolean {
  return size !== 0 && (size < 1e-3 || size >= 1e5);
}

function decimals(size: number, digits = 3): number {
  if (size === 0) return 0;
  return Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
}
