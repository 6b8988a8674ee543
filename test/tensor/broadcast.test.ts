// Independent: every element is found by its index, one axis at a time.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { broadcastShapes, broadcastTo, maxTo, sumTo, zip } from "../../src/tensor/broadcast.js";
import { rowMajor, sizeOf, type Tensor } from "../../src/tensor/view.js";

type Shape = readonly number[];

/** The index of the element at a flat place. */
const indexOf = (shape: Shape, at: number): number[] =>
  shape.map((extent, axis) => Math.floor(at / sizeOf(shape.slice(axis + 1))) % extent);

/** Where a tensor of shape `from`, stretched, has the element of that index. */
const placeIn = (from: Shape, index: readonly number[]): number =>
  from.reduce((place, extent, axis) => {
    const i = index[index.length - from.length + axis];
    return place * extent + (extent === 1 ? 0 : i);
  }, 0);

const whole = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 5 });

/** A shape that stretches to another: axes may be missing in front, and extents be 1. */
const smallerThan = (shape: Shape): fc.Arbitrary<number[]> =>
  fc
    .record({
      lead: fc.integer({ min: 0, max: shape.length }),
      kept: fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }),
    })
    .map(({ lead, kept }) => shape.map((extent, axis) => (kept[axis] ? extent : 1)).slice(lead));

/** Distinct whole numbers, so that sums are exact and a wrong place shows. */
const counting = (shape: Shape): Tensor =>
  rowMajor(
    Float64Array.from({ length: sizeOf(shape) }, (_, i) => 3 * i + 1),
    shape,
  );

describe("stretching", () => {
  const pair = whole.chain((shape) => fc.tuple(fc.constant(shape), smallerThan(shape)));

  it("reads every element where its index says", () => {
    fc.assert(
      fc.property(pair, ([shape, from]) => {
        const small = counting(from);
        const { data } = broadcastTo(small, shape);
        expect(Array.from(data)).toEqual(
          Array.from({ length: sizeOf(shape) }, (_, at) => small.data[placeIn(from, indexOf(shape, at))]),
        );
      }),
    );
  });

  it("has a sum for its adjoint, and a largest element, over the same groups", () => {
    fc.assert(
      fc.property(pair, ([shape, to]) => {
        const large = counting(shape);
        const sums = new Array<number>(sizeOf(to)).fill(0);
        const most = new Array<number>(sizeOf(to)).fill(Number.NEGATIVE_INFINITY);
        large.data.forEach((value, at) => {
          const place = placeIn(to, indexOf(shape, at));
          sums[place] += value;
          most[place] = Math.max(most[place], value);
        });
        expect(Array.from(sumTo(large, to).data)).toEqual(sums);
        expect(Array.from(maxTo(large, to).data)).toEqual(most);
      }),
    );
  });

  it("of two tensors to one shape reads both where the index says", () => {
    const triple = whole.chain((shape) => fc.tuple(smallerThan(shape), smallerThan(shape)));
    fc.assert(
      fc.property(triple, ([first, second]) => {
        const [a, b] = [counting(first), counting(second)];
        const shape = broadcastShapes(first, second);
        const out = zip(a, b, (to, start, end, x, xAt, xStep, y, yAt, yStep) => {
          for (let i = start; i < end; i++, xAt += xStep, yAt += yStep) to[i] = 1000 * x[xAt] + y[yAt];
        });
        expect(out.shape).toEqual(shape);
        expect(Array.from(out.data)).toEqual(
          Array.from({ length: sizeOf(shape) }, (_, at) => {
            const index = indexOf(shape, at);
            return 1000 * a.data[placeIn(first, index)] + b.data[placeIn(second, index)];
          }),
        );
      }),
    );
  });
});
