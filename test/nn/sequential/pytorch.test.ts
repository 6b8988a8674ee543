// Independent: PyTorch's layers and autograd, from reference/networks.py. It names and orders the parameters too.

import { describe, expect, it } from "vitest";
import { hessianVectorProduct, lossAndGradient } from "../../../src/index.js";
import { expectClose, expectNear, parameterName } from "../../oracles/compare.js";
import { type Derivatives, frozenOf, type Problem, problemOf, references } from "./torch-networks.js";

function expectDerivatives({ net, batch, theta, v }: Problem, wanted: Derivatives): void {
  const name = (at: number) => parameterName(net.layout, at);
  expectClose(net.logits(theta, batch.x).data, wanted.logits, 1e-13);
  const { loss, gradient } = lossAndGradient(net, theta, batch);
  expectNear(loss, wanted.loss, 1e-13);
  expectClose(gradient, wanted.gradient, 1e-12, undefined, name);
  expectClose(hessianVectorProduct(net, theta, batch, v), wanted.product, 1e-11, undefined, name);
}

describe("PyTorch agrees on", () => {
  it.each(references)("$name", (reference) => {
    const problem = problemOf(reference);
    const { layout } = problem.net;
    expect(layout.map(({ name, shape }) => `${name} [${shape.join(", ")}]`)).toEqual(reference.names);
    expectDerivatives(problem, reference.train);
  });

  it.each(references.filter((each) => each.eval))("$name, in eval mode", (reference) => {
    const problem = problemOf(reference);
    expectDerivatives({ ...problem, net: frozenOf(problem) }, reference.eval as Derivatives);
  });
});
