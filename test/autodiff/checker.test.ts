import { type Tensor, tensor } from "flatward";
import {
  checkGrads,
  cos,
  defineOperation,
  mul,
  neg,
  type Operation,
  sin,
  square,
  type Value,
} from "flatward/autodiff";
import { describe, expect, it } from "vitest";

/** sin, written as a user would, with a place for a fault. */
function sine(faults: { jvp?: number; vjp?: number; derivative?: (x: Value) => Value }): (x: Value) => Value {
  const derivative = faults.derivative ?? cos;
  const operation: Operation = {
    name: "sine",
    run: ([{ data, shape }]) => tensor(data.map(Math.sin), shape),
    jvp: ([dx], [x]) => mul(dx as Value, mul(derivative(x), faults.jvp ?? 1)),
    vjp: (_index, g, [x]) => mul(g, mul(derivative(x), faults.vjp ?? 1)),
  };
  const define = defineOperation(operation);
  return (x) => define([x], undefined);
}

const at = Float64Array.of(0.4, -1.1, 2.3);

describe("the checker", () => {
  it("passes a right operation of the user's own, to order 3", () => {
    const report = checkGrads(sine({}), at, { order: 3 });
    expect(report.passed, report.text).toBe(true);
  });

  it("catches 0.1 % in both rules, and names entry, values and ratio", () => {
    const report = checkGrads(sine({ jvp: 1.001, vjp: 1.001 }), at, { order: 1 });
    expect(report.passed).toBe(false);
    const [, forward] = report.rows;
    expect(forward.ratio).toBeCloseTo(1.001, 6);
    expect(forward.slope).toBeLessThan(0.5);
    expect(report.text).toMatch(
      /FAIL forward\(f\) against finite differences: \[\d\] .* vs .*, ratio 1\.00100/,
    );
  });

  it("catches 0.1 % in jvp alone, by finite differences and by the other mode", () => {
    const { rows } = checkGrads(sine({ jvp: 1.001 }), at, { order: 1 });
    expect(rows.map(({ passed }) => passed)).toEqual([false, false, true]);
  });

  it("catches a fault of 0.1 % that shows at order 2 only", () => {
    // Right in value, wrong in its own derivative.
    const cosine = defineOperation({
      name: "cosine",
      run: ([{ data, shape }]: readonly Tensor[]) => tensor(data.map(Math.cos), shape),
      jvp: ([dx], [x]) => mul(dx as Value, mul(neg(sin(x)), 1.001)),
      vjp: (_index, g, [x]) => mul(g, mul(neg(sin(x)), 1.001)),
    });
    const faulty = sine({ derivative: (x) => cosine([x], undefined) });
    expect(checkGrads(faulty, at, { order: 1 }).passed).toBe(true);
    expect(checkGrads(faulty, at, { order: 2 }).passed).toBe(false);
  });

  it("catches a rule that saved memory in its forward pass: right once, constant to the next order", () => {
    let saved = tensor(new Float64Array(3), [3]);
    const frozen = defineOperation({
      name: "frozen",
      run([{ data, shape }]: readonly Tensor[]) {
        saved = tensor(data.map(Math.cos), shape);
        return tensor(data.map(Math.sin), shape);
      },
      jvp: ([dx]) => mul(dx as Value, saved),
      vjp: (_index, g) => mul(g, saved),
    });
    expect(checkGrads((x: Value) => frozen([x], undefined), at, { order: 1 }).passed).toBe(true);
    expect(checkGrads((x: Value) => frozen([x], undefined), at, { order: 2 }).passed).toBe(false);
  });

  it("measures a slope of 2 where the derivative is right", () => {
    const { rows } = checkGrads((x: Value) => square(sin(x)), at, { order: 2 });
    const slopes = rows.map(({ slope }) => slope).filter((slope) => !Number.isNaN(slope));
    expect(slopes.length).toBeGreaterThan(3);
    for (const slope of slopes) expect(Math.abs(slope - 2)).toBeLessThan(0.05);
  });
});
