// Independent: PyTorch's layers and autograd, from reference/networks.py. It names and orders the parameters too.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  type Batch,
  hessianVectorProduct,
  lossAndGradient,
  type SequentialNet,
  type SequentialOptions,
  sequential,
  type Tensor,
} from "../../src/index.js";
import { tensor } from "../../src/tensor/index.js";
import { expectClose, expectNear, parameterName } from "../oracles/compare.js";

interface Derivatives {
  readonly logits: number[];
  readonly loss: number;
  readonly gradient: number[];
  readonly product: number[];
}

interface Reference {
  readonly name: string;
  readonly description: SequentialOptions;
  readonly count: number;
  readonly names: string[];
  readonly train: Derivatives;
  readonly eval?: Derivatives;
}

const references = JSON.parse(
  readFileSync(new URL("reference/networks.json", import.meta.url), "utf8"),
) as Reference[];

/** As in networks.py. */
const numbers = (count: number, salt: number, scale: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => ((((7919 * i + salt) % 1009) - 504) / 504) * scale);

function problemOf({ description, count }: Reference) {
  const net = sequential(description);
  const targets = numbers(count * net.outputs, 5, 1).map((each) => (each + 1) / 2 + 0.01);
  const softmax = net.loss === "softmax-cross-entropy";
  const rowSum = (at: number) => {
    const first = at - (at % net.outputs);
    return targets.subarray(first, first + net.outputs).reduce((sum, each) => sum + each, 0);
  };
  const batch = {
    x: tensor(numbers(count * net.inputs, 3, 1.5), [count, net.inputs]),
    y: tensor(
      targets.map((each, at) => (softmax ? each / rowSum(at) : each)),
      [count, net.outputs],
    ),
    weights: numbers(count, 23, 1).map((each) => (each + 1.5) / count),
  };
  return { net, batch, theta: numbers(net.size, 11, 0.6), v: numbers(net.size, 17, 1) };
}

function expectDerivatives(
  net: SequentialNet,
  { batch, theta, v }: { batch: Batch & { x: Tensor }; theta: Float64Array; v: Float64Array },
  wanted: Derivatives,
): void {
  const name = (at: number) => parameterName(net.layout, at);
  expectClose(net.logits(theta, batch.x).data, wanted.logits, 1e-13);
  const { loss, gradient } = lossAndGradient(net, theta, batch);
  expectNear(loss, wanted.loss, 1e-13);
  expectClose(gradient, wanted.gradient, 1e-12, undefined, name);
  expectClose(hessianVectorProduct(net, theta, batch, v), wanted.product, 1e-11, undefined, name);
}

describe("PyTorch agrees on", () => {
  it.each(references)("$name", (reference) => {
    const { net, ...problem } = problemOf(reference);
    expect(net.layout.map(({ name, shape }) => `${name} [${shape.join(", ")}]`)).toEqual(reference.names);
    expectDerivatives(net, problem, reference.train);
  });

  it.each(references.filter((each) => each.eval))("$name, in eval mode", (reference) => {
    const { net, ...problem } = problemOf(reference);
    const { x } = problem.batch;
    const half = Math.floor(reference.count / 2);
    const frozen = net.frozen(problem.theta, tensor(x.data.slice(0, half * net.inputs), [half, net.inputs]));
    expectDerivatives(frozen, problem, reference.eval as Derivatives);
  });
});
