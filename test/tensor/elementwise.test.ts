import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gate, positivePart } from "../../src/tensor/elementwise.js";
import { largestInWindows, selectLargest } from "../../src/tensor/pooling.js";
import { slidingWindows } from "../../src/tensor/windows.js";

/** Zeros of both signs, infinities, NaN and denormal numbers among the others; compared bit for bit. */
const numbers = fc.array(
  fc.oneof(fc.double(), fc.constantFrom(0, -0, 5e-324, -5e-324, Infinity, -Infinity, NaN, Number.MAX_VALUE)),
  { minLength: 1, maxLength: 40 },
);

describe("positivePart and gate", () => {
  it("are max(x, 0), and x where another number is positive, for every number", () => {
    fc.assert(
      fc.property(numbers, numbers, (signs, values) => {
        const by = Float64Array.from(signs);
        const out = new Float64Array(by.length);
        positivePart(out, by);
        expect(Array.from(out)).toEqual(signs.map((x) => Math.max(x, 0)));
        const x = Float64Array.from({ length: 2 * by.length }, (_, i) => values[i % values.length]);
        const gated = new Float64Array(x.length);
        gate(gated, x, by);
        expect(Array.from(gated)).toEqual(
          Array.from(x, (entry, i) => (signs[i % signs.length] > 0 ? entry : 0)),
        );
      }),
    );
  });
});

describe("largestInWindows and selectLargest", () => {
  // Few values, so that windows tie; stride 1, so that they overlap.
  const images = fc.array(fc.constantFrom(-Infinity, -1, -0, 0, 1, 2, Infinity, NaN), {
    minLength: 25,
    maxLength: 25,
  });

  it("find the largest of every window, and everywhere that it stands", () => {
    fc.assert(
      fc.property(
        images,
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 3 }),
        (pixels, size, stride) => {
          const windows = slidingWindows([1, 1, 5, 5], size, size, stride);
          const data = Float64Array.from(pixels);
          const largest = new Float64Array(windows.corners.length);
          largestInWindows(largest, data, windows);
          const { starts, elements } = selectLargest(data, largest, windows);
          windows.corners.forEach((corner, i) => {
            const places = Array.from(windows.taps, (tap) => corner + tap);
            const most = Math.max(...places.map((at) => data[at]));
            expect(largest[i]).toBe(most);
            expect(Array.from(elements.subarray(starts[i], starts[i + 1]))).toEqual(
              places.filter((at) => !(data[at] < most)),
            );
          });
        },
      ),
    );
  });
});
