import fc from "fast-check";
import { batchFor, parametersFor, sequentialNetwork } from "flatward/testing";
import { describe, expect, it } from "vitest";
import {
  exactHessian,
  lossAndGradient,
  parameterRange,
  type SequentialNet,
  sequential,
} from "../../../src/index.js";
import type { InitializationName } from "../../../src/nn/index.js";
import { sizeOf } from "../../../src/tensor/view.js";
import { expectNear, largest, parameterName } from "../../oracles/compare.js";
import { examineDerivative } from "../../oracles/finite-differences.js";

const halved = (channels: number) =>
  [{ kind: "conv2d", channels, kernel: 5 }, { kind: "relu" }, { kind: "maxPool2d", size: 2 }] as const;
const lenet = sequential({
  input: [1, 28, 28],
  layers: [...halved(10), ...halved(20), { kind: "flatten" }, { kind: "dense", outputs: 10 }],
});

describe("sequential", () => {
  it("lays theta out layer by layer, named as PyTorch names the parameters of nn.Sequential", () => {
    expect(lenet.layout).toEqual([
      { name: "0.weight", shape: [10, 1, 5, 5], offset: 0 },
      { name: "0.bias", shape: [10], offset: 250 },
      { name: "3.weight", shape: [20, 10, 5, 5], offset: 260 },
      { name: "3.bias", shape: [20], offset: 5260 },
      { name: "7.weight", shape: [10, 320], offset: 5280 },
      { name: "7.bias", shape: [10], offset: 8480 },
    ]);
    expect(lenet).toMatchObject({ size: 8490, inputs: 784, outputs: 10, mode: "train" });
    expect(lenet.loss).toBe("softmax-cross-entropy");
  });

  it("finds tensors, layers and blocks of layers in theta", () => {
    const net = sequential({
      input: 2,
      layers: [
        { kind: "dense", outputs: 2 },
        {
          kind: "residual",
          layers: [{ kind: "dense", outputs: 3 }],
          shortcut: [{ kind: "dense", outputs: 3, bias: false }],
        },
      ],
    });
    expect(net.layout.map(({ name }) => name)).toEqual([
      "0.weight",
      "0.bias",
      "1.layers.0.weight",
      "1.layers.0.bias",
      "1.shortcut.0.weight",
    ]);
    expect(parameterRange(net, "1.layers")).toEqual({ from: 6, to: 15 });
    expect(parameterRange(net, "1")).toEqual({ from: 6, to: 21 });
    expect(parameterRange(net, "0.bias")).toEqual({ from: 4, to: 6 });
    expect(() => parameterRange(net, "2")).toThrow(/name to be one of 0\.weight.*1\.shortcut\.0.*got "2"/);
  });

  it("is made again by its description, which is plain JSON", () => {
    const again = sequential(JSON.parse(JSON.stringify(lenet.description)));
    expect(again.layout).toEqual(lenet.layout);
    expect(again.init(3)).toEqual(lenet.init(3));
    expect(again.description).toEqual(lenet.description);
    expect(lenet.description).toMatchObject({ loss: "softmax-cross-entropy", initialization: "pytorch" });
  });

  it("keeps what describes it from being written to, and its own description from the caller's", () => {
    const layers = [{ kind: "dense", outputs: 2 }] as { kind: "dense"; outputs: number }[];
    const net = sequential({ input: 3, layers, initialization: "he" });
    const theta = net.init(1);
    layers[0].outputs = 5;
    expect(net.description.layers).toEqual([{ kind: "dense", outputs: 2 }]);
    const writes: readonly (() => void)[] = [
      () => Object.assign(net.description, { initialization: "pytorch" }),
      () => Object.assign(net.description.layers[0], { outputs: 3 }),
      () => Object.assign(net.layout[0], { offset: 1 }),
      () => Object.assign(net.layout[0].shape, [9]),
    ];
    for (const write of writes) expect(write).toThrow(TypeError);
    expect(net.init(1)).toEqual(theta);
  });

  it("has derivatives that differences converge to, whatever the layers", () => {
    const problems = sequentialNetwork({ smooth: true, maxLayers: 3 }).chain((net) =>
      fc.record({ net: fc.constant(net), theta: parametersFor(net), batch: batchFor(net, { maxCount: 3 }) }),
    );
    fc.assert(
      fc.property(problems, ({ net, theta, batch }) => {
        const { gradient } = lossAndGradient(net, theta, batch);
        const H = exactHessian(net, theta, batch).data;
        const name = (_: number, j: number) => parameterName(net.layout, j);
        const first = examineDerivative({
          f: (at) => [lossAndGradient(net, at, batch).loss],
          at: theta,
          column: (j) => [gradient[j]],
          name,
        });
        expect(first.complaints).toEqual([]);
        const second = examineDerivative({
          f: (at) => lossAndGradient(net, at, batch).gradient,
          at: theta,
          column: (j) => H.subarray(j * net.size, (j + 1) * net.size),
          name,
        });
        expect(second.complaints).toEqual([]);
        // The half that is mirrored was not compared with differences of its own.
        const mirror = (at: number) => (at % net.size) * net.size + Math.floor(at / net.size);
        expect(H.every((entry, at) => entry === H[mirror(at)])).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  it("predicts means of its logits", () => {
    const x = Array.from({ length: 3 }, (_, i) =>
      Float64Array.from({ length: 784 }, (_, j) => Math.sin(i + j)),
    );
    const theta = lenet.init(1);
    const logits = lenet.logits(theta, x);
    const means = lenet.predict(theta, x);
    expect([logits.shape, means.shape]).toEqual([
      [3, 10],
      [3, 10],
    ]);
    for (let i = 0; i < 3; i++) {
      const row = logits.data.subarray(10 * i, 10 * i + 10).map(Math.exp);
      const total = row.reduce((sum, each) => sum + each, 0);
      row.forEach((each, k) => {
        expectNear(means.data[10 * i + k], each / total, 1e-13);
      });
    }
  });

  it("is without a residual block whose branch is zero", () => {
    const [before, after] = [{ kind: "dense", outputs: 4 } as const, { kind: "dense", outputs: 2 } as const];
    const branch = [{ kind: "tanh" } as const, { kind: "dense", outputs: 4 } as const];
    const plain = sequential({ input: 3, layers: [before, { kind: "tanh" }, after] });
    const net = sequential({
      input: 3,
      layers: [before, { kind: "tanh" }, { kind: "residual", layers: branch }, after],
    });
    const theta = net.init(2);
    const { from, to } = parameterRange(net, "2");
    theta.fill(0, from, to);
    const rest = Float64Array.from([...theta.subarray(0, from), ...theta.subarray(to)]);
    const batch = {
      x: [
        [1, 2, 3],
        [-1, 0.5, 0],
      ],
      y: [0, 1],
    };
    const [got, wanted] = [lossAndGradient(net, theta, batch), lossAndGradient(plain, rest, batch)];
    expect(got.loss).toBe(wanted.loss);
    expect([...got.gradient.subarray(0, from), ...got.gradient.subarray(to)]).toEqual([...wanted.gradient]);
  });
});

describe("initial parameters", () => {
  const net = (initialization: InitializationName) =>
    sequential({
      input: [3, 12, 12],
      initialization,
      layers: [
        { kind: "conv2d", channels: 16, kernel: 5 },
        { kind: "batchNorm" },
        { kind: "flatten" },
        { kind: "dense", outputs: 50 },
      ],
    });
  const block = ({ layout }: SequentialNet, theta: Float64Array, name: string) => {
    const { offset, shape } = layout.find((each) => each.name === name)!;
    return Array.from(theta.subarray(offset, offset + sizeOf(shape)));
  };
  const mean = (values: number[]) => values.reduce((sum, each) => sum + each, 0) / values.length;
  const [convFanIn, convFanOut, denseFanIn] = [75, 400, 1024];

  it("are those of PyTorch's layers by default: uniform on ±1/√fan-in, biases too", () => {
    const own = net("pytorch");
    const theta = own.init(7);
    for (const [name, limit] of [
      ["0.weight", 1 / Math.sqrt(convFanIn)],
      ["0.bias", 1 / Math.sqrt(convFanIn)],
      ["3.weight", 1 / Math.sqrt(denseFanIn)],
      ["3.bias", 1 / Math.sqrt(denseFanIn)],
    ] as const) {
      const values = block(own, theta, name);
      expect(largest(values)).toBeLessThanOrEqual(limit);
      expect(largest(values)).toBeGreaterThan(0.9 * limit);
      // Four standard errors of the mean of x² on a uniform range.
      const error = (4 * limit * limit * Math.sqrt(4 / 45)) / Math.sqrt(values.length);
      expect(Math.abs(mean(values.map((each) => each * each)) - (limit * limit) / 3)).toBeLessThan(error);
    }
    expect(theta).toEqual(own.init(7));
    expect(theta).not.toEqual(own.init(8));
    expect(theta).toEqual(sequential({ ...own.description, initialization: "pytorch" }).init(7));
  });

  it("have He's variance 2/fan-in, and normal tails", () => {
    const own = net("he");
    const theta = own.init(7);
    for (const [name, fanIn] of [
      ["0.weight", convFanIn],
      ["3.weight", denseFanIn],
    ] as const) {
      const values = block(own, theta, name).map((each) => each * Math.sqrt(fanIn / 2));
      expect(Math.abs(mean(values))).toBeLessThan(4 / Math.sqrt(values.length));
      expect(Math.abs(mean(values.map((each) => each * each)) - 1)).toBeLessThan(
        4 * Math.sqrt(2 / values.length),
      );
      const beyond = values.filter((each) => Math.abs(each) > 1.959964).length / values.length;
      expect(Math.abs(beyond - 0.05)).toBeLessThan(4 * Math.sqrt((0.05 * 0.95) / values.length));
    }
    for (const name of ["0.bias", "3.bias"]) expect(new Set(block(own, theta, name))).toEqual(new Set([0]));
  });

  it("have Glorot's range √(6/(fan-in + fan-out))", () => {
    const own = net("glorot");
    const theta = own.init(7);
    for (const [name, fans] of [
      ["0.weight", convFanIn + convFanOut],
      ["3.weight", denseFanIn + 50],
    ] as const) {
      const limit = Math.sqrt(6 / fans);
      const values = block(own, theta, name).map(Math.abs);
      expect(largest(values)).toBeLessThanOrEqual(limit);
      expect(largest(values)).toBeGreaterThan(0.99 * limit);
      expect(Math.abs(mean(values) / limit - 0.5)).toBeLessThan(4 / Math.sqrt(12 * values.length));
    }
    for (const name of ["0.bias", "3.bias"]) expect(new Set(block(own, theta, name))).toEqual(new Set([0]));
  });

  it("begin batch normalisation as the identity, and give every tensor draws of its own", () => {
    for (const name of ["pytorch", "he", "glorot"] as const) {
      const own = net(name);
      const theta = own.init(1);
      expect(new Set(block(own, theta, "1.weight"))).toEqual(new Set([1]));
      expect(new Set(block(own, theta, "1.bias"))).toEqual(new Set([0]));
    }
    const narrow = sequential({
      input: 3,
      layers: [
        { kind: "dense", outputs: 4 },
        { kind: "dense", outputs: 1 },
      ],
    });
    const wide = sequential({
      input: 3,
      layers: [
        { kind: "dense", outputs: 4 },
        { kind: "dense", outputs: 9 },
      ],
    });
    expect(narrow.init(5).subarray(0, 16)).toEqual(wide.init(5).subarray(0, 16));
  });
});
