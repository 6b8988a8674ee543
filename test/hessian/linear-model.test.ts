// Independent of differences and of the general closed form: with φ = identity, ½‖u − y‖² and d = h = K = 1,
// everything can be written down by hand; with any h and K the output block is that of linear regression.

import { describe, expect, it } from "vitest";
import {
  exactHessian,
  randomStream,
  spectralMoments,
  threeLayerNet,
  wsBounds,
  wsUpperBoundAndGradient,
} from "../../src/index.js";
import { expectClose, expectNear } from "../oracles/compare.js";

const stream = randomStream(9, "linear");

describe("the loss ½(w₂w₁x − y)² of two numbers", () => {
  const net = threeLayerNet({
    inputs: 1,
    hidden: 1,
    outputs: 1,
    activation: "identity",
    loss: "mean-squared-error",
    bias: false,
  });
  const [w1, w2, x, y] = [0.8, -1.3, 1.7, 0.4];
  const theta = Float64Array.of(w1, w2);
  const batch = { x: [[x]], y: [[y]] };
  const mixed = 2 * w1 * w2 * x * x - y * x;

  it("has the Hessian [[w₂²x², 2w₁w₂x² − yx], [·, w₁²x²]]", () => {
    expectClose(
      exactHessian(net, theta, batch).data,
      [w2 * w2 * x * x, mixed, mixed, w1 * w1 * x * x],
      1e-15,
    );
  });

  it("has its larger eigenvalue as the bound, by the quadratic formula, and that one's gradient", () => {
    // λ = (a + c)/2 + √(((a − c)/2)² + b²): at n = 2 the bound is attained.
    const [a, c] = [w2 * w2 * x * x, w1 * w1 * x * x];
    const root = Math.hypot((a - c) / 2, mixed);
    const { value, gradient } = wsUpperBoundAndGradient(net, theta, batch);
    expectNear(value, (a + c) / 2 + root, 1e-14);
    const slope = (da: number, dc: number, db: number) =>
      (da + dc) / 2 + (((a - c) / 4) * (da - dc) + mixed * db) / root;
    const wanted = [slope(0, 2 * w1 * x * x, 2 * w2 * x * x), slope(2 * w2 * x * x, 0, 2 * w1 * x * x)];
    expectClose(gradient, wanted, 1e-14);
  });

  it("has the eigenvalues at the origin ±yx", () => {
    const moments = spectralMoments(net, new Float64Array(2), batch);
    expectClose([moments.trace, moments.frobeniusSquared], [0, 2 * y * x * y * x], 1e-15);
    expectNear(wsBounds(moments).largest.upper, y * x, 1e-15);
  });
});

describe("a linear network's output layer", () => {
  it("has the Hessian I ⊗ ÃᵀÃ/N of linear regression on its hidden values", () => {
    const [N, d, h, K] = [11, 2, 3, 2];
    const net = threeLayerNet({
      inputs: d,
      hidden: h,
      outputs: K,
      activation: "identity",
      loss: "mean-squared-error",
    });
    const theta = net.init(3);
    const x = Array.from({ length: N }, () => [stream.normal(), stream.normal()]);
    const y = x.map(() => [stream.normal(), stream.normal()]);
    const H = exactHessian(net, theta, { x, y }).data;
    const hidden = x.map((row) => [
      ...Array.from(
        { length: h },
        (_, m) => theta[m * d] * row[0] + theta[m * d + 1] * row[1] + theta[h * d + m],
      ),
      1,
    ]);
    // Column j < h of output k is W2[k,j]; column h is b2[k].
    const place = (k: number, j: number) => (j < h ? h * (d + 1) + k * h + j : h * (d + 1) + K * h + k);
    const got: number[] = [];
    const wanted: number[] = [];
    for (let k = 0; k < K; k++) {
      for (let l = 0; l < K; l++) {
        for (let i = 0; i <= h; i++) {
          for (let j = 0; j <= h; j++) {
            got.push(H[place(k, i) * net.size + place(l, j)]);
            wanted.push(k === l ? hidden.reduce((sum, a) => sum + (a[i] * a[j]) / N, 0) : 0);
          }
        }
      }
    }
    expect(got).toHaveLength((K * (h + 1)) ** 2);
    expectClose(got, wanted, 1e-14);
  });
});
