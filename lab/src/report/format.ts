import type { Measure } from "../experiment/measures/measure.js";
import type { Summary } from "../experiment/measures/statistics.js";

export { counted } from "../printable.js";

/** A number in a table: three significant digits, or as many as its standard deviation warrants. */
export function formatSummary({ mean, deviation, n }: Summary, format: Measure["format"]): string {
  const scale = format === "percent" ? 100 : 1;
  const value = mean * scale;
  const spread = deviation * scale;
  const unit = format === "percent" ? " %" : "";
  if (!Number.isFinite(value)) return "n/a";
  if (format === "count" && spread === 0 && Number.isInteger(value)) return `${value}`;
  if (n < 2) return `${formatNumber(value)}${unit}`;
  const size = Math.max(Math.abs(value), spread);
  if (size !== 0 && (size < 1e-3 || size >= 1e5))
    return `${value.toExponential(1)} ± ${spread.toExponential(1)}${unit}`;
  const digits = format === "count" || format === "percent" ? 1 : decimals(size);
  return `${value.toFixed(digits)} ± ${spread.toFixed(digits)}${unit}`;
}

/** A difference of means with its confidence interval: `−0.85 [−1.10, −0.60]`. */
export function formatDifference(difference: Summary, format: Measure["format"]): string {
  const { mean, interval } = difference;
  if (!Number.isFinite(mean) || interval === null) return "n/a";
  const show = differenceFormat(interval, format);
  return `${show(mean)} [${interval.map(show).join(", ")}]${format === "percent" ? " pp" : ""}`;
}

/** The same, shorter: `−0.85 ± 0.25`, with a star where the interval excludes zero. */
export function formatShortDifference(difference: Summary, format: Measure["format"]): string {
  const { mean, interval } = difference;
  if (!Number.isFinite(mean) || interval === null) return "n/a";
  const show = differenceFormat(interval, format);
  return `${show(mean)} ± ${show((interval[1] - interval[0]) / 2)}${excludesZero(difference) ? " *" : "  "}`;
}

/** Whether an interval excludes zero. */
export function excludesZero({ interval }: Summary): boolean {
  return interval !== null && (interval[0] > 0 || interval[1] < 0);
}

function differenceFormat(interval: readonly number[], format: Measure["format"]): (value: number) => string {
  const scale = format === "percent" ? 100 : 1;
  const size = Math.max(...interval.map((end) => Math.abs(end * scale)));
  const tiny = size !== 0 && (size < 1e-3 || size >= 1e5);
  const digits = format === "percent" ? 1 : decimals(size);
  return (value) =>
    (tiny ? (value * scale).toExponential(1) : (value * scale).toFixed(digits)).replaceAll("-", "−");
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
  if (size < 1e-3 || size >= 1e5) return value.toExponential(digits - 1);
  return value.toFixed(decimals(size, digits));
}

function decimals(size: number, digits = 3): number {
  if (size === 0) return 0;
  return Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
}
