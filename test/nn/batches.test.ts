import { describe, expect, it } from "vitest";
import { matrixMoments } from "../../src/bounds/index.js";
import {
  type Batch,
  exactHessian,
  hessianOperator,
  hessianVectorProduct,
  lossAndGradient,
  lossObjective,
  sequential,
  spectralMoments,
} from "../../src/index.js";
import { randomStream } from "../../src/random.js";
import { type Case, cases, makeCase } from "../cases.js";
import { expectClose, expectNear, largest } from "../oracles/compare.js";

/** A case's batch in pieces of 1, 2, 3, … samples. */
function pieces({ batch }: Case): Batch[] {
  const { x, y, weights } = batch as { x: number[][]; y: number[]; weights?: number[] };
  const parts: Batch[] = [];
  for (let from = 0, size = 1; from < x.length; from += size++) {
    const cut = <T>(rows: T[]) => rows.slice(from, from + size);
    parts.push({ x: cut(x), y: cut(y), ...(weights ? { weights: cut(weights) } : {}) });
  }
  return parts;
}

/** Makes the batches on the way, every time anew. */
const streamed = (parts: readonly Batch[]): Iterable<Batch> => ({
  *[Symbol.iterator]() {
    for (const part of parts) yield { ...part };
  },
});

describe.each(cases.filter((_, at) => at % 3 === 0))("$name", (problem) => {
  const { net, theta, batch } = problem;
  const parts = pieces(problem);

  it("has in pieces the loss, gradient, Hessian and H·v of the whole", () => {
    const whole = lossAndGradient(net, theta, batch);
    const H = exactHessian(net, theta, batch).data;
    const stream = randomStream(6, "directions");
    const v = Float64Array.from(theta, () => stream.normal());
    const Hv = hessianVectorProduct(net, theta, batch, v);
    const out = new Float64Array(net.size).fill(Number.NaN);
    for (const source of [parts, streamed(parts)]) {
      const objective = lossObjective(net, source);
      const { value, gradient } = objective.valueAndGradient(theta);
      expectNear(value, whole.loss, 1e-14);
      expectNear(objective.value(theta), whole.loss, 1e-14);
      expectClose(gradient, whole.gradient, 1e-13, largest(whole.gradient) + 1e-3);
      expectClose(exactHessian(net, theta, source).data, H, 1e-13, largest(H));
      const scale = largest(H) * largest(v) * net.size;
      expectClose(objective.hessianVectorProduct(theta, v), Hv, 1e-13, scale);
      hessianOperator(net, theta, source).apply(v, out);
      expectClose(out, Hv, 1e-13, scale);
    }
  });

  it("has in one piece the same bits, but for the order of weighing", () => {
    const H = exactHessian(net, theta, batch).data;
    expectClose(exactHessian(net, theta, [batch]).data, H, 1e-14);
    if (batch.weights) expect(exactHessian(net, theta, [batch]).data).toEqual(H);
  });
});

describe("tr H²", () => {
  it("is not a sum over batches, and is taken from the accumulated matrix", () => {
    const problem = makeCase({ size: [20, 2, 4, 3] });
    const { net, theta, batch } = problem;
    const parts = pieces(problem);
    const { frobeniusSquared, trace } = spectralMoments(net, theta, batch);
    const moments = matrixMoments(exactHessian(net, theta, parts));
    expectNear(moments.trace, trace, 1e-13);
    expectNear(moments.frobeniusSquared, frobeniusSquared, 1e-13);
    const share = (part: Batch) => (part.x as number[][]).length / 20;
    const summed = parts.reduce(
      (sum, part) => sum + share(part) * spectralMoments(net, theta, part).frobeniusSquared,
      0,
    );
    expect(summed).toBeGreaterThan(1.05 * frobeniusSquared);
  });
});

describe("batches", () => {
  const problem = makeCase({ size: [7, 4, 2, 3] });
  const { net, theta, batch } = problem;
  const parts = pieces(problem);

  it("may come from a one-shot iterator where one iteration will do", () => {
    const H = exactHessian(net, theta, batch).data;
    expectClose(exactHessian(net, theta, parts.values()).data, H, 1e-13);
    expect(() => hessianOperator(net, theta, parts.values())).toThrow(/iterated over again/);
    expect(() => lossObjective(net, parts.values())).toThrow(/iterated over again/);
  });

  it("are refused when there is none, or when only some have weights", () => {
    expect(() => exactHessian(net, theta, [])).toThrow(/^exactHessian: expected at least one batch/);
    const mixed = [parts[0], { ...parts[1], weights: [1, 1] }];
    for (const order of [mixed, [...mixed].reverse()]) {
      expect(() => lossObjective(net, order).value(theta)).toThrow(
        /^lossObjective: expected weights in every batch or in none/,
      );
    }
    expect(() => lossObjective(net, parts, { dropoutSeed: 1 })).toThrow(
      /^lossObjective: expected dropout on one/,
    );
  });

  it("are not what text is, nor what a batch is where only one will do", () => {
    const text = "Iris" as unknown as Batch;
    expect(() => lossObjective(net, text)).toThrow(
      /^lossObjective: expected batch to be an object, got "Iris"/,
    );
    const several = parts as unknown as Batch;
    for (const source of [several, streamed(parts) as unknown as Batch])
      expect(() => spectralMoments(net, theta, source)).toThrow(
        /^spectralMoments: expected one batch .* take data in pieces$/,
      );
    expect(() => exactHessian(net, theta, [several])).toThrow(/^exactHessian: expected one batch/);
  });

  it("are taken from a network without a closed form as well", () => {
    const layered = sequential({
      input: net.inputs,
      layers: [{ kind: "dense", outputs: 3 }, { kind: "tanh" }, { kind: "dense", outputs: net.outputs }],
      loss: net.loss,
    });
    const at = layered.init(4);
    const whole = exactHessian(layered, at, batch).data;
    expectClose(exactHessian(layered, at, parts).data, whole, 1e-13, largest(whole));
    const { value, gradient } = lossObjective(layered, parts).valueAndGradient(at);
    const { loss, gradient: expected } = lossAndGradient(layered, at, batch);
    expectNear(value, loss, 1e-14);
    expectClose(gradient, expected, 1e-13, largest(expected));
  });

  it("may change between products, and may have any sizes", () => {
    const source = [...parts];
    const operator = hessianOperator(net, theta, source);
    const [first, second] = [new Float64Array(net.size), new Float64Array(net.size)];
    operator.apply(theta, first);
    source.pop();
    operator.apply(theta, second);
    expect(first).not.toEqual(second);
  });
});
