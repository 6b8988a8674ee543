import type { Measure } from "../experiment/measure.js";
import type { Summary } from "../experiment/statistics.js";

/** A number in a table: three significant digits, or as many as its standard deviation warrants. */
export function formatSummary({ mean, deviation, n }: Summary, format: Measure["format"]): string {
  const scale = format === "percent" ? 100 : 1;
  const value = mean * scale;
  const spread = deviation * scale;
  const unit = format === "percent" ? " %" : "";
  if (!Number.isFinite(value)) return "n/a";
  if (n < 2) return `${formatNumber(value)}${unit}`;
  const size = Math.max(Math.abs(value), spread);
  if (size !== 0 && (size < 1e-3 || size >= 1e5))
    return `${value.toExponential(1)} ± ${spread.toExponential(1)}${unit}`;
  const digits = format === "count" || format === "percent" ? 1 : decimals(size);
  return `${value.toFixed(digits)} ± ${spread.toFixed(digits)}${unit}`;
}

/** A difference of means with its confidence interval: `−0.85 [−1.10, −0.60]`. */
export function formatDifference({ mean, interval }: Summary, format: Measure["format"]): string {
  if (!Number.isFinite(mean) || interval === null) return "n/a";
  const scale = format === "percent" ? 100 : 1;
  const [low, high] = interval.map((end) => end * scale);
  const size = Math.max(Math.abs(low), Math.abs(high));
  const tiny = size !== 0 && (size < 1e-3 || size >= 1e5);
  const show = (value: number) =>
    (tiny ? value.toExponential(1) : value.toFixed(format === "percent" ? 1 : decimals(size))).replace(
      "-",
      "−",
    );
  return `${show(mean * scale)} [${show(low)}, ${show(high)}]${format === "percent" ? " pp" : ""}`;
}

/** Over how many seeds the means of groups are. */
export function spreadText(groups: readonly { readonly cells: readonly unknown[] }[]): string {
  const counts = groups.map(({ cells }) => cells.length).filter((count) => count > 0);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  if (most === 1) return "One seed";
  return `Mean ± standard deviation over ${least === most ? most : `${least} to ${most}`} seeds`;
}

/** `1 cell`, `2 cells`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
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
