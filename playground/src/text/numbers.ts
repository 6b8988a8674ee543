import { formatNumber } from "../../../lab/src/report/format.js";

/** Three significant digits, with a true minus. */
export function number(value: number, digits = 3): string {
  return Number.isFinite(value) ? formatNumber(value, digits).replaceAll("-", "−") : "none";
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** With thin spaces between thousands. */
export function count(value: number): string {
  return `${value}`.replace(/\B(?=(\d{3})+$)/g, "\u202f");
}
