import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { framing } from "../src/engine/framing.js";
import { evenly, inPlane, onPlane, planeThrough } from "../src/state/plane.js";

const size = 6;
const point = fc
  .array(fc.integer({ min: -50, max: 50 }), { minLength: size, maxLength: size })
  .map((entries) => Float64Array.from(entries));
const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, entry, i) => sum + entry * b[i], 0);

describe("the plane through three points", () => {
  it("has orthogonal directions of length 1, and holds the points", () => {
    fc.assert(
      fc.property(point, point, point, (origin, a, b) => {
        const plane = planeThrough(origin, a, b);
        const [u, v] = plane.axes;
        expect(dot(u, u)).toBeCloseTo(1, 12);
        expect(dot(v, v)).toBeCloseTo(1, 12);
        expect(Math.abs(dot(u, v))).toBeLessThan(1e-12);
        for (const each of [origin, a, b]) {
          const [x, y] = onPlane(plane, each);
          each.forEach((entry, i) => {
            expect(origin[i] + x * u[i] + y * v[i]).toBeCloseTo(entry, 9);
          });
        }
      }),
    );
  });

  it("is some plane where the points are one", () => {
    const origin = Float64Array.of(1, 2, 3);
    const [u, v] = planeThrough(origin, origin, origin).axes;
    expect([dot(u, u), dot(v, v), dot(u, v)]).toEqual([1, 1, 0]);
  });

  it("has all of its own directions, and nothing of those orthogonal to it", () => {
    const origin = new Float64Array(3);
    const plane = planeThrough(origin, Float64Array.of(2, 0, 0), Float64Array.of(1, 3, 0));
    expect(inPlane(plane, Float64Array.of(0, 1, 0))).toEqual([0, 1]);
    expect(inPlane(plane, Float64Array.of(0, 0, 1))).toEqual([0, 0]);
  });
});

describe("a frame", () => {
  it("holds all points with a margin, in the shape that is asked for", () => {
    const points = fc.array(fc.integer({ min: -99, max: 99 }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(points, (coordinates) => {
        const even = coordinates.slice(0, coordinates.length & ~1);
        const { middle, half } = framing(even, 7 / 6, 0.2);
        expect(half[0] / half[1]).toBeCloseTo(7 / 6, 12);
        even.forEach((value, i) => {
          expect(Math.abs(value - middle[i % 2])).toBeLessThan(half[i % 2]);
        });
      }),
    );
  });

  it("is measured from edge to edge", () => {
    expect(evenly(1, 2, 5)).toEqual([-1, 0, 1, 2, 3]);
  });
});
