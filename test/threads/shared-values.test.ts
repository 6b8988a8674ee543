import { describe, expect, it } from "vitest";
import { hearing, shareValues } from "../../src/threads/shared-values.js";

const memory = () => new SharedArrayBuffer(1 << 16);

function toldOf(shared: SharedArrayBuffer, value: object, withAdjoints = true) {
  const values = shareValues(shared, value, withAdjoints)!;
  const hear = hearing(shared, (told, end) => ({ told, end }));
  const { told, end } = hear(1, values.at, values.text.length);
  expect(end).toBe(values.end);
  return { values, told };
}

describe("values in shared memory", () => {
  it("are what they were, without functions", () => {
    const value = {
      count: 3,
      data: Float64Array.of(1, Number.NaN, Number.NEGATIVE_INFINITY, -0),
      parts: [{ places: Int32Array.of(3, -1, 7) }, undefined, { empty: new Float64Array(0) }],
      fill: () => undefined,
    };
    expect(toldOf(memory(), value).told).toEqual({
      count: 3,
      data: value.data,
      parts: [value.parts[0], null, value.parts[2]],
    });
  });

  it("are described in texts of any length", () => {
    const value = { names: Array.from({ length: 2000 }, (_, i) => `δ${i}`) };
    expect(toldOf(memory(), value).told).toEqual(value);
  });

  it("lie in one another where the arrays did", () => {
    const data = Float64Array.from({ length: 20 }, (_, i) => i);
    // Beside them, in the same buffer, lies what is not told of.
    const whole = data.subarray(4, 16);
    const shared = memory();
    const { told, values } = toldOf(shared, { whole, part: whole.subarray(3, 5) });
    const { whole: copy, part } = told as { whole: Float64Array; part: Float64Array };
    expect(values.at).toBe(8 * whole.length);
    copy[3] = -1;
    expect([...part]).toEqual([-1, 8]);
    expect(data[7]).toBe(7);
  });

  it("may begin anywhere in a buffer", () => {
    const buffer = new ArrayBuffer(32);
    const value = { places: new Int32Array(buffer, 4, 2), data: new Float64Array(buffer, 16, 2) };
    value.places.set([1, 2]);
    value.data.set([3, 4]);
    expect(toldOf(memory(), value).told).toEqual(value);
  });

  it("go back where they came from, those that are written to alone", () => {
    // Of one memory, whichever comes first.
    const both = Float64Array.of(3, 4, 1, 2);
    const value = { adjoint: both.subarray(0, 2), data: both.subarray(2) };
    const apart = { data: Float64Array.of(5) };
    const { told, values } = toldOf(memory(), { value, apart });
    const { value: copy, apart: other } = told as { value: typeof value; apart: typeof apart };
    other.data[0] = 50;
    copy.adjoint[1] = 40;
    expect(value.adjoint[1]).toBe(4);
    values.takeBack();
    expect([both, apart.data]).toEqual([Float64Array.of(3, 40, 1, 2), Float64Array.of(5)]);
  });

  it("are without adjoints where none are wanted", () => {
    const { told } = toldOf(memory(), { data: Float64Array.of(1), adjoint: Float64Array.of(2) }, false);
    expect(told).toEqual({ data: Float64Array.of(1), adjoint: new Float64Array(0) });
  });

  it("are not shared where there is too little memory", () => {
    expect(shareValues(new SharedArrayBuffer(64), { data: new Float64Array(8) }, true)).toBeUndefined();
  });
});
