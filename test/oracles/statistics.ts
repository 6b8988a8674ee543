import { expect } from "vitest";

/** 97.5 % points of Student's t, from tables, by degrees of freedom. */
export const studentT975: Readonly<Record<number, number>> = { 9: 2.262157, 29: 2.04523, 49: 2.009575 };

export interface Interval {
  readonly value: number;
  readonly standardError: number;
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value / values.length, 0);

export function variance(values: readonly number[]): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
}

/** The share of intervals value ± quantile·standardError that hold the truth. */
const coverage = (estimates: readonly Interval[], truth: number, quantile: number): number =>
  estimates.filter(({ value, standardError }) => Math.abs(value - truth) <= quantile * standardError).length /
  estimates.length;

/**
 * Of 95 % intervals from independent runs, 95 % hold the truth, up to three standard deviations of the binomial; and so
 * does the 99 % interval of the grand mean, whose width is from the scatter of the runs, not from their standard errors.
 */
export function expectCoverage(estimates: readonly Interval[], truth: number, quantile: number): void {
  const slack = 3 * Math.sqrt((0.95 * 0.05) / estimates.length);
  const share = coverage(estimates, truth, quantile);
  expect(share).toBeGreaterThanOrEqual(0.95 - slack);
  expect(share).toBeLessThanOrEqual(0.95 + slack);
  const values = estimates.map(({ value }) => value);
  const spread = Math.sqrt(variance(values) / values.length);
  expect(Math.abs(mean(values) - truth)).toBeLessThanOrEqual(2.576 * spread);
}

/** Of 95 % intervals, 95 % hold the truth, up to three standard deviations of the binomial. */
export function expectIntervals(
  intervals: readonly { readonly lower: number; readonly upper: number }[],
  truth: number,
): void {
  const slack = 3 * Math.sqrt((0.95 * 0.05) / intervals.length);
  const share = intervals.filter(({ lower, upper }) => lower <= truth && truth <= upper).length;
  expect(Math.abs(share / intervals.length - 0.95)).toBeLessThanOrEqual(slack);
}

/** The slope of y over x by least squares. */
export function slope(x: readonly number[], y: readonly number[]): number {
  const [centreX, centreY] = [mean(x), mean(y)];
  const products = x.map((xi, i) => (xi - centreX) * (y[i] - centreY));
  const squares = x.map((xi) => (xi - centreX) ** 2);
  return mean(products) / mean(squares);
}
