import fc from "fast-check";
import { batchFor, parametersFor, sequentialNetwork } from "flatward/testing";
import { describe, expect, it } from "vitest";
import {
  curvatureSummary,
  exactHessian,
  type LayerDescription,
  lossObjective,
  randomStream,
  type SequentialNet,
  sequential,
} from "../../src/index.js";
import {
  adaptiveSharpness,
  basinIsotropy,
  epsilonSharpness,
  hessianMatrix,
  invariances,
  type Normalization,
  normalizedSharpness,
  relativeFlatness,
} from "../../src/landscape/index.js";
import { clipped } from "../../src/optim/index.js";
import { weightDecayObjective } from "../../src/regularizers/index.js";
import { expectClose, expectNear, largest } from "../oracles/compare.js";

const batchOf = (net: SequentialNet, count: number) => {
  const stream = randomStream(net.size, "sequential-landscape");
  return {
    x: Array.from({ length: count }, () => Array.from({ length: net.inputs }, () => stream.normal())),
    y: Array.from({ length: count }, () => stream.integer(net.outputs)),
  };
};

/** theta with the tensors and rows of these names scaled. */
function scaled(net: SequentialNet, theta: Float64Array, factor: (name: string, row: number) => number) {
  const out = theta.slice();
  for (const { name, shape, offset } of net.layout) {
    const width = shape.slice(1).reduce((a, b) => a * b, 1);
    for (let row = 0; row < shape[0]; row++)
      for (let at = 0; at < width; at++) out[offset + row * width + at] *= factor(name, row);
  }
  return out;
}

/** Everything that the table says of a normalization, in one list. */
function readings(net: SequentialNet, theta: Float64Array, normalization: Normalization): number[] {
  const objective = lossObjective(net, batchOf(net, 6));
  const options = { normalization, layout: net.layout };
  return [
    objective.value(theta),
    normalizedSharpness(objective, theta, options).value,
    adaptiveSharpness(objective, theta, { ...options, radius: 0.05, restarts: 0 }).value,
    basinIsotropy(objective, theta, options).participation.value,
  ];
}

describe("on networks of layers", () => {
  it("the Hessian of the objective is the network's, whether products share their work or not", () => {
    fc.assert(
      fc.property(
        sequentialNetwork({ maxLayers: 2 }).chain((net) =>
          fc.record({ net: fc.constant(net), theta: parametersFor(net), batch: batchFor(net) }),
        ),
        ({ net, theta, batch }) => {
          const objective = lossObjective(net, batch);
          const wanted = exactHessian(net, theta, batch).data;
          const { hessianAt: _, ...apart } = objective;
          for (const each of [objective, apart, clipped(objective, { norm: 1 })]) {
            expectClose(hessianMatrix(each, theta).data, wanted, 1e-10, 1e-300 + largest(wanted));
          }
          const decayed = weightDecayObjective(objective, { strength: 0.5 });
          expect(decayed.hessianAt).toBeDefined();
          const sum = wanted.map((entry, i) => entry + (i % (net.size + 1) === 0 ? 0.5 : 0));
          expectClose(hessianMatrix(decayed, theta).data, sum, 1e-10, 1e-300 + largest(sum));
        },
      ),
      { numRuns: 12 },
    );
  });

  const relu: LayerDescription[] = [
    { kind: "dense", outputs: 4 },
    { kind: "relu" },
    { kind: "dense", outputs: 3 },
    { kind: "relu" },
    { kind: "dense", outputs: 2 },
  ];
  const normal: LayerDescription[] = [
    { kind: "conv2d", channels: 2, kernel: 2, bias: false },
    { kind: "batchNorm", epsilon: 1e-14 },
    { kind: "relu" },
    { kind: "flatten" },
    { kind: "dense", outputs: 2 },
  ];

  it.each(["layer", "filter", "element"] as const)(
    "of three layers with ReLU, rescaling between any two is not seen by %s",
    (normalization) => {
      const net = sequential({ input: 2, layers: relu });
      const theta = net.init(2).map((entry, i) => entry + 0.1 * Math.sin(i));
      expect(invariances[`normalizedSharpness/${normalization}`]).toContain("layer rescaling");
      // Layers 0, 2 and 4, by factors whose product is 1; a bias goes with all layers up to its own.
      const factors: Record<string, number> = {
        "0.weight": 2,
        "0.bias": 2,
        "2.weight": 0.2,
        "2.bias": 0.4,
        "4.weight": 2.5,
      };
      const other = scaled(net, theta, (name) => factors[name] ?? 1);
      expectClose(readings(net, other, normalization), readings(net, theta, normalization), 1e-6);
      const before = relativeFlatness(lossObjective(net, batchOf(net, 6)), theta, { layout: net.layout });
      const after = relativeFlatness(lossObjective(net, batchOf(net, 6)), other, { layout: net.layout });
      expectNear(after.value, before.value, 1e-9);
    },
  );

  it.each(["filter", "element"] as const)(
    "filters before batch normalisation may have any length, for all that %s sees",
    (normalization) => {
      const net = sequential({ input: [1, 3, 3], layers: normal });
      const theta = net.init(3);
      const other = scaled(net, theta, (name, row) => (name === "0.weight" ? [3, 0.4][row] : 1));
      const [a, b] = [theta, other].map((at) => readings(net, at, normalization));
      expectClose(b, a, 1e-6);
      const plain = [theta, other].map((at) => readings(net, at, "none"));
      expectNear(plain[1][0], plain[0][0], 1e-12);
      expect(Math.abs(plain[1][1] / plain[0][1] - 1)).toBeGreaterThan(0.05);
    },
  );

  it("estimates agree with what is computed exactly, and sharpness with its model", () => {
    const net = sequential({ input: [1, 3, 3], layers: normal });
    const objective = lossObjective(net, batchOf(net, 6));
    const theta = net.init(3);
    const [exact, estimated] = [500, 0].map((denseLimit) =>
      curvatureSummary(objective, theta, { denseLimit }),
    );
    expectNear(estimated.largest.value, exact.largest.value, 1e-10);
    expectNear(estimated.smallest.value, exact.smallest.value, 1e-10);
    const off = Math.abs(estimated.trace.value - exact.trace.value);
    expect(off).toBeLessThan(5 * estimated.trace.standardError + 1e-10 * exact.largest.value);
    const { value, model } = epsilonSharpness(objective, theta, { radius: 1e-4 });
    expectNear(value, model, 1e-4);
  });
});
