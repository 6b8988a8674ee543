import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { useBackend } from "../../../src/index.js";
import { jets, type Order } from "../../../src/nn/dense/jets.js";
import { chosenBackend } from "../../setup.js";

afterAll(() => useBackend(chosenBackend));

/** tanh(z), and its derivatives behind one another. */
function tanhOf(points: Float64Array, order: Order, name: "wasm" | "plain"): Float64Array[] {
  useBackend(name);
  const [z, first, second, third] = [0, 1, 2, 3].map((k) =>
    k === 0 ? points.slice() : new Float64Array(points.length).fill(0),
  );
  jets.tanh(z, first, second, third, order);
  return [z, first, second, third];
}

describe("tanh of many numbers", () => {
  const orders = fc.constantFrom<Order>(0, 1, 2, 3);
  const points = fc.float64Array({ minLength: 0, maxLength: 200 });
  const moderate = fc
    .array(fc.double({ min: -400, max: 400, noNaN: true }), { maxLength: 200 })
    .map((values) => Float64Array.from(values));

  it("has the same bits by WebAssembly and by plain TypeScript, with its derivatives", () => {
    fc.assert(
      fc.property(fc.oneof(points, moderate), orders, (z, order) => {
        expect(tanhOf(z, order, "wasm")).toEqual(tanhOf(z, order, "plain"));
      }),
    );
  });

  it("has them for more numbers than a kernel takes at a time, too", () => {
    const z = Float64Array.from({ length: 5001 }, (_, i) => Math.sin(i) * (i % 7));
    expect(tanhOf(z, 3, "wasm")).toEqual(tanhOf(z, 3, "plain"));
    expect(tanhOf(z, 3, "wasm")[0][5000]).toBeCloseTo(Math.tanh(z[5000]), 14);
  });
});
