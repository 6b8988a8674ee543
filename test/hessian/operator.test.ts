import { describe, expect, it } from "vitest";
import {
  hessianOperator,
  hessianVectorProduct,
  multilayerNet,
  NonFiniteError,
  type Operator,
  randomStream,
  ShapeError,
  threeLayerNet,
} from "../../src/index.js";
import { expectClose } from "../oracles/compare.js";
import { refusals } from "../refusals.js";
import { net, theta, x, y } from "../small-network.js";

describe("products with H refuse", () => {
  refusals(NonFiniteError, "non-finite", [
    [
      "NaN in v",
      () =>
        hessianVectorProduct(
          net,
          theta,
          { x, y },
          theta.map(() => Number.NaN),
        ),
      /hessianVectorProduct: expected v to be finite/,
    ],
  ]);
  refusals(ShapeError, "shape-mismatch", [
    [
      "too short a v",
      () => hessianVectorProduct(net, theta, { x, y }, theta.slice(1)),
      /hessianVectorProduct.*v of length/,
    ],
  ]);

  it("vectors of the wrong length or with NaN in an operator's product", () => {
    const operator = hessianOperator(net, theta, { x, y });
    const out = new Float64Array(net.size);
    expect(() => operator.apply(new Float64Array(3), out)).toThrow(/v to be a Float64Array of length 17/);
    expect(() => operator.apply(new Float64Array(17), new Float64Array(3))).toThrow(
      /out to be a Float64Array of length 17/,
    );
    expect(() => operator.apply(new Float64Array(17).fill(Number.NaN), out)).toThrow(/v to be finite/);
  });
});

/** N samples of standard normal features, in classes 0 … K − 1 by turns. */
function samples(count: number, inputs: number, outputs: number) {
  const draws = randomStream(count, "samples");
  return {
    x: Array.from({ length: count }, () => Array.from({ length: inputs }, () => draws.normal())),
    y: Array.from({ length: count }, (_, i) => i % outputs),
  };
}

/** Products with H along some directions, by one operator. */
function productsWith(operator: Operator, directions: readonly Float64Array[]): Float64Array[] {
  return directions.map((v) => {
    const out = new Float64Array(operator.size);
    operator.apply(v, out);
    return out;
  });
}

describe("an operator's products", () => {
  it.each([3, 4])(
    "have the bits of a single one, whatever it keeps from the ones before, %i classes",
    (classes) => {
      const deep = multilayerNet({ sizes: [9, 7, 5, classes], bias: [true, false, true] });
      const batch = samples(300, 9, classes);
      const at = deep.init(1);
      const directions = [2, 3, 4, 5].map((seed) => deep.init(seed));
      const single = directions.map((v) => hessianVectorProduct(deep, at, batch, v));
      expect(productsWith(hessianOperator(deep, at, batch), directions)).toEqual(single);
    },
  );

  it("are sums over samples, also where their curvature takes too much memory to be kept", () => {
    const wide = threeLayerNet({ inputs: 2, hidden: 2, outputs: 240 });
    const batch = samples(40, 2, 240);
    const halves = [0, 20].map((from) => ({
      x: batch.x.slice(from, from + 20),
      y: batch.y.slice(from, from + 20),
    }));
    const at = wide.init(1);
    const directions = [wide.init(2), wide.init(3)];
    const whole = productsWith(hessianOperator(wide, at, batch), directions);
    const [first, second] = halves.map((half) => productsWith(hessianOperator(wide, at, half), directions));
    whole.forEach((product, k) => {
      expectClose(
        product,
        product.map((_, i) => 0.5 * (first[k][i] + second[k][i])),
        1e-13,
      );
    });
  });
});
