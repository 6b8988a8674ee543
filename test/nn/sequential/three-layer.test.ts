// Independent: threeLayerNet, whose derivatives are written out by hand. Both share losses.ts and the matrix product.

import { describe, expect, it } from "vitest";
import { hessianBlockOperator } from "../../../src/hessian/index.js";
import {
  exactHessian,
  hessianOperator,
  hessianVectorProduct,
  lossAndGradient,
  lossObjective,
  parameterRange,
  randomStream,
  threeLayerNet,
} from "../../../src/index.js";
import { smoothLabels } from "../../../src/regularizers/index.js";
import { cases, makeCase } from "../../cases.js";
import { euclidean, expectClose, expectNear, parameterName } from "../../oracles/compare.js";
import { layered } from "../../oracles/sequential-chain.js";

describe("a network with one hidden layer, as layers,", () => {
  it.each(cases.filter((_, at) => at % 5 === 0))("is threeLayerNet: $name", ({ net, theta, batch }) => {
    const other = layered(net);
    const name = (at: number) => parameterName(net.layout, at);
    expect(other.size).toBe(net.size);
    expect(other.layout.map(({ shape, offset }) => ({ shape, offset }))).toEqual(
      net.layout.map(({ shape, offset }) => ({ shape, offset })),
    );
    const wanted = lossAndGradient(net, theta, batch);
    const got = lossAndGradient(other, theta, batch);
    expectNear(got.loss, wanted.loss, 1e-13, Math.max(1, Math.abs(wanted.loss)));
    expectClose(got.gradient, wanted.gradient, 1e-13, Math.max(1, euclidean(wanted.gradient)), name);

    const H = exactHessian(net, theta, batch).data;
    const size = euclidean(H);
    // By products: its exact Hessian is the same closed form.
    expectClose(hessianOperator(other, theta, batch).toMatrix().data, H, 1e-13, size);

    const draws = randomStream(3);
    const v = theta.map(() => draws.normal());
    const product = hessianVectorProduct(net, theta, batch, v);
    expectClose(hessianVectorProduct(other, theta, batch, v), product, 1e-13, size * euclidean(v));
    expectClose(other.predict(theta, batch.x).data, net.predict(theta, batch.x).data, 1e-14);
  });

  it("stays accurate where the softmax saturates", () => {
    const { net, theta, batch } = makeCase({ size: [4, 2, 3, 3], targets: "dense" });
    const large = theta.map((each) => 40 * each);
    const H = exactHessian(net, large, batch).data;
    expectClose(hessianOperator(layered(net), large, batch).toMatrix().data, H, 1e-13, euclidean(H));
    const { gradient } = lossAndGradient(net, large, batch);
    expectClose(lossAndGradient(layered(net), large, batch).gradient, gradient, 1e-13);
  });

  it("has the same objective, operators and blocks", () => {
    const { net, theta, batch } = makeCase({ size: [9, 3, 4, 3], weighted: true });
    const other = layered(net);
    const v = net.init(5);
    const [wanted, got] = [net, other].map((each) => {
      const objective = lossObjective(each, batch);
      const operator = hessianOperator(each, theta, batch);
      const out = new Float64Array(net.size);
      operator.apply(v, out);
      return {
        size: [objective.size, operator.size],
        value: [objective.value(theta), objective.valueAndGradient(theta).value],
        gradient: [...objective.gradient(theta), ...objective.valueAndGradient(theta).gradient],
        product: [...objective.hessianVectorProduct(theta, v), ...out],
      };
    });
    expect(got.size).toEqual(wanted.size);
    expectClose(got.value, wanted.value, 1e-14);
    expectClose(got.gradient, wanted.gradient, 1e-14);
    expectClose(got.product, wanted.product, 1e-14);

    expect(parameterRange(other, "0")).toEqual(parameterRange(net, "layer1"));
    expect(parameterRange(other, "2.weight")).toEqual(parameterRange(net, "W2"));
    const blocks = [
      hessianBlockOperator(net, theta, batch, "W2"),
      hessianBlockOperator(other, theta, batch, "2.weight"),
    ];
    const [block, own] = blocks.map((operator) => {
      const out = new Float64Array(operator.size);
      operator.apply(v.subarray(0, operator.size), out);
      return out;
    });
    expectClose(own, block, 1e-14);
  });

  it("takes smoothed labels", () => {
    const { net, theta, batch } = makeCase({ size: [5, 2, 3, 3] });
    const [wanted, got] = [net, layered(net)].map((each) =>
      lossAndGradient(each, theta, smoothLabels(each, batch, { smoothing: 0.1 })),
    );
    expectNear(got.loss, wanted.loss, 1e-14);
  });

  it("starts on the same ranges", () => {
    const net = threeLayerNet({ inputs: 100, hidden: 25, outputs: 40 });
    const [a, b] = [net.init(7), layered(net).init(7)];
    for (const { offset, shape } of net.layout) {
      const end = offset + shape.reduce((product, extent) => product * extent, 1);
      const [x, y] = [a, b].map((theta) => Math.max(...theta.subarray(offset, end).map(Math.abs)));
      expectNear(y, x, 0.06);
    }
  });

  it("keeps a theta that the caller changes out of an operator", () => {
    const { net, theta, batch } = makeCase({ size: [4, 2, 3, 2] });
    const changing = theta.slice();
    const operator = hessianOperator(layered(net), changing, batch);
    changing.fill(0);
    const out = new Float64Array(net.size);
    operator.apply(theta, out);
    expectClose(out, hessianVectorProduct(net, theta, batch, theta), 1e-13);
  });
});
