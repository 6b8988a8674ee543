import { describe, expect, it } from "vitest";
import { exactHessian, hessianOperator, hessianVectorProduct, lossAndGradient } from "../../src/index.js";
import { randomStream } from "../../src/random.js";
import { cases, isExactByDifferences } from "../cases.js";
import { expectClose, largest, parameterName } from "../oracles/compare.js";
import { assertDerivative } from "../oracles/finite-differences.js";

describe.each(cases)("$name", (problem) => {
  const { net, theta, batch } = problem;
  const n = net.size;
  const H = exactHessian(net, theta, batch);

  it("has the Hessian that differences of the gradient approach", () => {
    const name = (at: number) => parameterName(net.layout, at);
    const claim = {
      f: (at: Float64Array) => lossAndGradient(net, at, batch).gradient,
      at: theta,
      column: (j: number) => H.data.subarray(j * n, (j + 1) * n),
      name: (i: number, j: number) => `H[${i},${j}] (${name(i)}, ${name(j)})`,
    };
    expect(H.shape).toEqual([n, n]);
    assertDerivative(claim, isExactByDifferences(problem));
  });

  it("has a Hessian that is symmetric to the bit", () => {
    const asymmetric: string[] = [];
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) {
        if (H.data[i * n + j] !== H.data[j * n + i]) asymmetric.push(`[${i},${j}]`);
      }
    }
    expect(asymmetric).toEqual([]);
  });

  it("has Hessian-vector products equal to H·v, by either function", () => {
    const stream = randomStream(1, "directions", n);
    const v = Float64Array.from({ length: n }, () => stream.normal());
    const wanted = Float64Array.from(v, (_, i) => {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += H.data[i * n + j] * v[j];
      return sum;
    });
    // Both sides sum n + N products of about max|h|·max|v| at most.
    const scale = largest(H.data) * largest(v);
    expectClose(hessianVectorProduct(net, theta, batch, v), wanted, 1e-13, scale);
    const out = new Float64Array(n).fill(Number.NaN);
    hessianOperator(net, theta, batch).apply(v, out);
    expectClose(out, wanted, 1e-13, scale);
  });
});
