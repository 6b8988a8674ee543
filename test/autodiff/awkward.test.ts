import {
  checkGrads,
  cos,
  erf,
  exp,
  expm1,
  gelu,
  log,
  log1p,
  logSumExp,
  max,
  neg,
  normalCdf,
  operations,
  reciprocal,
  relu,
  sigmoid,
  silu,
  sin,
  softplus,
  sqrt,
  square,
  tanh,
  type Value,
} from "flatward/autodiff";
import { describe, expect, it } from "vitest";

/** Smooth on the whole line: they must be right, or underflow to 0, at every finite point. An ordinary point sets the scale. */
const entire = { sin, cos, tanh, sigmoid, softplus, silu, gelu, erf, normalCdf, square, neg };

describe("derivatives to order 3 at awkward points", () => {
  it.each(Object.entries(entire))("%s at 0, ±700 and 1e-300", (_, f) => {
    const report = checkGrads(f, Float64Array.of(0, 700, -700, 1e-300, 0.5), {
      order: 3,
    });
    expect(report.passed, report.text).toBe(true);
  });

  it.each(Object.entries({ exp, expm1 }))("%s up to ±700, where the values span 608 decades", (_, f) => {
    for (const at of [0, 1e-300, 700, -700]) {
      const report = checkGrads(f, Float64Array.of(at), { order: 3 });
      expect(report.passed, report.text).toBe(true);
    }
  });

  it("log1p near 0 and at 700", () => {
    expect(checkGrads(log1p, Float64Array.of(0, 1e-300, 700), { order: 3 }).passed).toBe(true);
  });

  // Their second derivatives there exceed the largest double.
  it.each([
    ["log", log],
    ["sqrt", sqrt],
    ["reciprocal", reciprocal],
  ] as const)("%s at 1e-300 to the order that doubles can hold", (name, f) => {
    const at = name === "reciprocal" ? 1e-150 : 1e-300;
    const report = checkGrads(f, Float64Array.of(at), { order: 1, relativeStep: true });
    expect(report.passed, report.text).toBe(true);
    expect(checkGrads(f, Float64Array.of(700), { order: 3, relativeStep: true }).passed).toBe(true);
  });

  it("logSumExp of values that would overflow or underflow alone", () => {
    const report = checkGrads((x: Value) => logSumExp(x), Float64Array.of(700, 699, -700, 0), { order: 3 });
    expect(report.passed, report.text).toBe(true);
  });

  // There is no derivative to compare with: but both modes must agree, and stay finite.
  it.each([
    ["max with ties", (x: Value) => max(x), [1, 2, 2]],
    ["relu at 0", relu, [0, 1]],
  ] as const)("%s, forward against reverse", (_, f, at) => {
    const report = checkGrads(f, Float64Array.from(at), { order: 3, numeric: false });
    expect(report.rows.length).toBe(7);
    expect(report.passed, report.text).toBe(true);
    for (const { value } of report.rows) expect(Number.isFinite(value)).toBe(true);
  });

  it("on a table of rows that all have their three parts", () => {
    for (const [name, { run, jvp, vjp }] of Object.entries(operations)) {
      expect([name, typeof run, typeof jvp, typeof vjp]).toEqual([name, "function", "function", "function"]);
    }
  });
});
