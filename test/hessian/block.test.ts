import { describe, expect, it } from "vitest";
import { hessianBlock, hessianBlockOperator } from "../../src/hessian/index.js";
import { exactHessian, parameterRange } from "../../src/index.js";
import { randomStream } from "../../src/random.js";
import { cases, makeCase } from "../cases.js";
import { expectClose, largest } from "../oracles/compare.js";

describe.each(cases.filter((_, at) => at % 3 === 0))("$name", ({ net, theta, batch }) => {
  const n = net.size;
  const H = exactHessian(net, theta, batch).data;
  const names = [...net.layout.map(({ name }) => name), "layer1", "layer2"];

  it("has blocks that are cut from the Hessian, to the bit, and operators that multiply like them", () => {
    for (const name of names) {
      const { from, to } = parameterRange(net, name);
      const size = to - from;
      const block = hessianBlock(net, theta, batch, name);
      expect(block.shape).toEqual([size, size]);
      const cut = Array.from({ length: size }, (_, i) =>
        H.subarray((from + i) * n + from, (from + i) * n + to),
      );
      expect(block.data, name).toEqual(Float64Array.from(cut.flatMap((row) => Array.from(row))));

      const stream = randomStream(5, name);
      const v = Float64Array.from({ length: size }, () => stream.normal());
      const wanted = cut.map((row) => row.reduce((sum, entry, j) => sum + entry * v[j], 0));
      const operator = hessianBlockOperator(net, theta, batch, name);
      const out = new Float64Array(size).fill(Number.NaN);
      operator.apply(v, out);
      expect(operator.size).toBe(size);
      expectClose(out, wanted, 1e-13, largest(H) * largest(v) * size);
    }
  });

  it("has blocks that follow each other through theta, and make up the layers", () => {
    const ranges = net.layout.map(({ name }) => parameterRange(net, name));
    expect(ranges.map(({ from }) => from)).toEqual([0, ...ranges.slice(0, -1).map(({ to }) => to)]);
    expect(ranges[ranges.length - 1].to).toBe(n);
    const [layer1, layer2] = (["layer1", "layer2"] as const).map((name) => parameterRange(net, name));
    expect([layer1.from, layer1.to, layer2.to]).toEqual([0, layer2.from, n]);
  });
});

describe("a block", () => {
  const { net, theta, batch } = makeCase({ size: [5, 2, 3, 2], bias: false });

  it("that the network does not have is refused", () => {
    expect(() => hessianBlock(net, theta, batch, "b1")).toThrow(
      /^hessianBlock: expected name to be one of W1, W2, layer1, layer2, got "b1"; the net was made without biases/,
    );
    expect(() => parameterRange(net, "W3" as never)).toThrow(/^parameterRange: expected name/);
  });

  it("has an operator that checks its vectors", () => {
    const operator = hessianBlockOperator(net, theta, batch, "W2");
    expect(() => operator.apply(new Float64Array(5), new Float64Array(6))).toThrow(
      /v to be a Float64Array of length 6/,
    );
    expect(() => operator.apply(new Float64Array(6), new Float64Array(5))).toThrow(
      /out to be a Float64Array of length 6/,
    );
    expect(() => operator.apply(new Float64Array(6).fill(Number.NaN), new Float64Array(6))).toThrow(
      /v to be finite/,
    );
  });
});
