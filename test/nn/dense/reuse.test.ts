// What public functions return must be the caller's to keep, whatever is called next.

import { describe, expect, it } from "vitest";
import {
  exactHessian,
  gaussNewtonMoments,
  hessianOperator,
  hessianVectorProduct,
  hsrObjective,
  lossAndGradient,
  lossObjective,
  multilayerNet,
  spectralMoments,
  wsUpperBoundAndGradient,
} from "../../../src/index.js";
import { activation } from "../../../src/nn/own-parts.js";
import { deepCase } from "../../any-depth-cases.js";

type Problem = Pick<ReturnType<typeof deepCase>, "net" | "theta" | "batch">;

const functions: Readonly<Record<string, (problem: Problem) => unknown>> = {
  spectralMoments: ({ net, theta, batch }) => spectralMoments(net, theta, batch),
  gaussNewtonMoments: ({ net, theta, batch }) => gaussNewtonMoments(net, theta, batch),
  wsUpperBoundAndGradient: ({ net, theta, batch }) => wsUpperBoundAndGradient(net, theta, batch),
  exactHessian: ({ net, theta, batch }) => exactHessian(net, theta, batch).data,
  lossAndGradient: ({ net, theta, batch }) => lossAndGradient(net, theta, batch),
  hessianVectorProduct: ({ net, theta, batch }) => hessianVectorProduct(net, theta, batch, theta),
  "lossObjective's products": ({ net, theta, batch }) => {
    const product = lossObjective(net, batch).hessianAt(theta);
    const out = new Float64Array(net.size);
    product(theta, out);
    return out;
  },
  hsrObjective: ({ net, theta, batch }) =>
    hsrObjective(net, batch, { strength: 0.3, every: 1, samples: "all" }).valueAndGradient(theta),
};

describe("memory that is used again", () => {
  it("changes no result, in whatever order functions are called", () => {
    const problems = [3, 4, 12, 13].map(deepCase);
    const calls = Object.values(functions).flatMap((call) => problems.map((problem) => () => call(problem)));
    const first = calls.map((call) => structuredClone(call()));
    const kept = calls.map((call) => call());
    for (const call of [...calls].reverse()) call();
    expect(kept).toEqual(first);
  });

  it("is not an operator's, nor an objective's", () => {
    const { net, theta, batch } = deepCase(4);
    const operator = hessianOperator(net, theta, batch);
    const objective = hsrObjective(net, batch, { strength: 0.3, every: 1, samples: "all" });
    const found = () => {
      const out = new Float64Array(net.size);
      operator.apply(theta, out);
      return [out, objective.valueAndGradient(theta)];
    };
    const before = found();
    for (const call of Object.values(functions)) call(deepCase(4));
    expect(found()).toEqual(before);
  });

  it("is left alone where an activation is the caller's own, which may compute meanwhile", () => {
    const { theta, batch, ...rest } = deepCase(4);
    const calls: unknown[] = [];
    const inner = deepCase(4);
    const { jet } = activation("tanh");
    const meddling = {
      name: "meddling",
      jet(z: number, out: Float64Array) {
        if (calls.length < 3) calls.push(hsrObjective(inner.net, inner.batch, { strength: 1 }));
        spectralMoments(inner.net, inner.theta, inner.batch);
        jet(z, out);
      },
    };
    const { sizes, biases } = rest.net;
    const options = { sizes, bias: biases, loss: rest.net.loss };
    const [plain, own] = ["tanh" as const, meddling].map((each) =>
      wsUpperBoundAndGradient(multilayerNet({ ...options, activation: each }), theta, batch),
    );
    expect(own).toEqual(plain);
  });

  it("is left alone where the caller's own lossOn may keep a loss", () => {
    const { net, theta, batch } = deepCase(4);
    const kept = new Map<unknown, ReturnType<typeof net.lossOn>>();
    const keeping = {
      ...net,
      lossOn(each: typeof batch) {
        const loss = kept.get(each) ?? net.lossOn(each);
        kept.set(each, loss);
        return loss;
      },
    };
    const calls = [
      () => lossAndGradient(keeping, theta, batch),
      () => hessianVectorProduct(keeping, theta, batch, theta),
    ];
    const first = calls.map((call) => structuredClone(call()));
    for (const call of Object.values(functions))
      call({ net, theta: net.init(1), batch: { ...batch, x: batch.x } });
    const other = deepCase(9);
    for (const call of Object.values(functions)) call(other);
    expect(calls.map((call) => call())).toEqual(first);
  });
});
