// Independent: PyTorch's dense Hessian and its eigenvalues, from test/nn/sequential/reference/networks.py.

import { describe, expect, it } from "vitest";
import { exactHessian, hessianOperator, lanczos, powerIteration, symmetricEigen } from "../../src/index.js";
import { frozenOf, problemOf, references } from "../nn/sequential/torch-networks.js";
import { expectNear } from "../oracles/compare.js";

const cases = references.flatMap((reference) => {
  const problem = problemOf(reference);
  const { name, train } = reference;
  return [
    { name, problem, extremes: train.extremes },
    ...(reference.eval
      ? [
          {
            name: `${name}, in eval mode`,
            problem: { ...problem, net: frozenOf(problem) },
            extremes: reference.eval.extremes,
          },
        ]
      : []),
  ];
});

describe("the extreme eigenvalues are PyTorch's, by the dense Hessian, by Lanczos and by power iteration", () => {
  it.each(cases)("$name", ({ problem: { net, theta, batch }, extremes: [smallest, largest] }) => {
    const norm = Math.max(Math.abs(smallest), Math.abs(largest));
    const { values } = symmetricEigen(exactHessian(net, theta, batch));
    expectNear(values[0], smallest, 1e-12, norm);
    expectNear(values[values.length - 1], largest, 1e-12, norm);

    const operator = hessianOperator(net, theta, batch);
    const ends = lanczos(operator, { which: "both" });
    expect(ends.status).toBe("converged");
    expectNear(ends.values[0], smallest, 1e-12, norm);
    expectNear(ends.values[1], largest, 1e-12, norm);

    const power = powerIteration(operator, { tolerance: 1e-6, maxIterations: 5000 });
    expect(power.status).toBe("converged");
    expectNear(power.value, -smallest > largest ? smallest : largest, 1e-8, norm);
  });
});
