import { describe, expect, it } from "vitest";
import { hessianOperator, hessianVectorProduct, NonFiniteError, ShapeError } from "../../src/index.js";
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
