import fc from "fast-check";
import {
  batchFor,
  multilayerNetwork,
  multilayerProblem,
  network,
  parametersFor,
  problem,
  sequentialNetwork,
  spectrum,
  symmetricMatrix,
} from "flatward/testing";
import { describe, expect, it } from "vitest";
import {
  activationNames,
  hessianVectorProduct,
  type LayerDescription,
  lossAndGradient,
  lossNames,
  symmetricEigen,
  threeLayerNet,
} from "../src/index.js";
import { layerNames } from "../src/nn/index.js";
import { euclidean, largest } from "./oracles/compare.js";

/** What a property that always fails shrinks to. */
function smallest<T>(arbitrary: fc.Arbitrary<T>, fails: (value: T) => boolean = () => true): T {
  const details = fc.check(fc.property(arbitrary, (value) => !fails(value)));
  if (!details.counterexample) throw new Error("no counterexample was found");
  return details.counterexample[0];
}

describe("symmetricMatrix", () => {
  const samples = fc.sample(symmetricMatrix({ minSize: 2, maxSize: 6 }), 500);

  it("draws square matrices that are symmetric to the bit and finite, of every size asked for", () => {
    for (const { data, shape } of samples) {
      const n = shape[0];
      expect(shape).toEqual([n, n]);
      expect(data.every((entry, at) => entry === data[(at % n) * n + Math.floor(at / n)])).toBe(true);
      expect(data.every(Number.isFinite)).toBe(true);
    }
    expect(new Set(samples.map(({ shape }) => shape[0]))).toEqual(new Set([2, 3, 4, 5, 6]));
  });

  it("draws zero, diagonal, rank-one, clustered, indefinite, tiny and huge ones among them", () => {
    const spectra = samples.map((a) => ({ a, values: symmetricEigen(a).values, size: euclidean(a.data) }));
    const share = (holds: (sample: (typeof spectra)[number]) => boolean) =>
      spectra.filter(holds).length / 500;
    const tiny = (value: number, size: number) => Math.abs(value) < 1e-12 * size;
    expect(share(({ size }) => size === 0)).toBeGreaterThan(0.05);
    expect(
      share(({ a, size }) => size > 0 && a.data.every((e, at) => e === 0 || at % (a.shape[0] + 1) === 0)),
    ).toBeGreaterThan(0.05);
    expect(
      share(({ values, size }) => values.filter((value) => !tiny(value, size)).length === 1),
    ).toBeGreaterThan(0.03);
    expect(
      share(({ values, size }) => size > 0 && values[values.length - 1] - values[0] < 1e-3 * size),
    ).toBeGreaterThan(0.05);
    expect(share(({ values }) => values[0] < 0 && values[values.length - 1] > 0)).toBeGreaterThan(0.2);
    expect(share(({ size }) => size > 0 && size < 1e-4)).toBeGreaterThan(0.05);
    expect(share(({ size }) => size > 1e6)).toBeGreaterThan(0.05);
  });

  it("shrinks to the smallest matrix of short numbers, and prints as rows", () => {
    expect(fc.stringify(smallest(symmetricMatrix({ minSize: 2 })))).toBe("1 * [[0, 0], [0, 0]]");
    const big = smallest(symmetricMatrix({ minSize: 2 }), ({ data }) => largest(data) > 3);
    expect(big.shape).toEqual([2, 2]);
  });
});

describe("spectrum", () => {
  const samples = fc.sample(spectrum({ minSize: 1, maxSize: 6 }), 1000);
  const share = (holds: (values: readonly number[], size: number) => boolean) =>
    samples.filter((values) => holds(values, largest(values))).length / 1000;

  it("draws finite numbers, as many as are asked for", () => {
    expect(new Set(samples.map((values) => values.length))).toEqual(new Set([1, 2, 3, 4, 5, 6]));
    expect(samples.every((values) => values.every(Number.isFinite))).toBe(true);
  });

  it("draws zeros, equal, clustered, indefinite, badly scaled, tiny and huge ones among them", () => {
    expect(share((values) => values.includes(0) && values.some((value) => value !== 0))).toBeGreaterThan(0.1);
    expect(share((values) => values.length > 1 && new Set(values).size === 1)).toBeGreaterThan(0.02);
    const span = (values: readonly number[]) => Math.max(...values) - Math.min(...values);
    expect(share((values, size) => span(values) > 0 && span(values) < 1e-4 * size)).toBeGreaterThan(0.03);
    expect(share((values) => Math.min(...values) < 0 && Math.max(...values) > 0)).toBeGreaterThan(0.2);
    expect(share((values, size) => values.some((v) => v !== 0 && Math.abs(v) < 1e-6 * size))).toBeGreaterThan(
      0.05,
    );
    expect(share((_, size) => size > 0 && size < 1e-6)).toBeGreaterThan(0.05);
    expect(share((_, size) => size > 1e7)).toBeGreaterThan(0.05);
  });

  it("shrinks to few zeros", () => {
    expect(smallest(spectrum({ minSize: 2 }))).toEqual([0, 0]);
  });
});

describe("network", () => {
  it("draws every activation, loss, bias and extent", () => {
    const nets = fc.sample(network({ maxExtent: 3 }), 500);
    expect(new Set(nets.map((net) => net.activation))).toEqual(new Set(activationNames));
    expect(new Set(nets.map((net) => net.loss))).toEqual(new Set(lossNames));
    expect(new Set(nets.map((net) => net.bias))).toEqual(new Set([true, false]));
    for (const extent of ["inputs", "hidden", "outputs"] as const) {
      expect(new Set(nets.map((net) => net[extent]))).toEqual(new Set([1, 2, 3]));
    }
  });

  it("draws only the activations and losses that are asked for", () => {
    const nets = fc.sample(network({ activations: ["sin"], losses: ["poisson"] }), 50);
    expect(nets.every((net) => net.activation === "sin" && net.loss === "poisson")).toBe(true);
  });

  it("shrinks to one unit in each layer, and prints as the call that makes it", () => {
    const net = smallest(network());
    expect([net.inputs, net.hidden, net.outputs]).toEqual([1, 1, 1]);
    expect(fc.stringify(net)).toMatch(
      /^threeLayerNet\(\{"inputs":1,"hidden":1,"outputs":1,"activation":"tanh"/,
    );
  });
});

describe("multilayerNetwork", () => {
  it("draws every depth, activation, loss, extent, and biases in some layers alone", () => {
    const nets = fc.sample(multilayerNetwork({ maxExtent: 3 }), 500);
    expect(new Set(nets.map((net) => net.sizes.length - 1))).toEqual(new Set([1, 2, 3, 4, 5]));
    expect(new Set(nets.flatMap((net) => net.activations))).toEqual(new Set(activationNames));
    expect(new Set(nets.map((net) => net.loss))).toEqual(new Set(lossNames));
    expect(new Set(nets.flatMap((net) => net.sizes))).toEqual(new Set([1, 2, 3]));
    expect(nets.some((net) => new Set(net.biases).size === 2)).toBe(true);
  });

  it("draws no more layers than are asked for", () => {
    const nets = fc.sample(multilayerNetwork({ maxDepth: 2 }), 100);
    expect(new Set(nets.map((net) => net.sizes.length - 1))).toEqual(new Set([1, 2]));
  });

  it("shrinks to one layer of one unit, and prints as the call that makes it", () => {
    const net = smallest(multilayerNetwork());
    expect(net.sizes).toEqual([1, 1]);
    expect(fc.stringify(net)).toBe(
      'multilayerNet({"sizes":[1,1],"activation":[],"loss":"softmax-cross-entropy","bias":[false]})',
    );
  });

  it("has problems whose loss and curvature are finite", () => {
    fc.assert(
      fc.property(multilayerProblem(), ({ net, theta, batch }) => {
        hessianVectorProduct(net, theta, batch, theta);
      }),
    );
  });
});

describe("sequentialNetwork", () => {
  const kindsIn = (layers: readonly LayerDescription[]): string[] =>
    layers.flatMap((layer) =>
      typeof layer.kind !== "string"
        ? [layer.kind.name]
        : layer.kind === "residual"
          ? [layer.kind, ...kindsIn(layer.layers), ...kindsIn(layer.shortcut ?? [])]
          : [layer.kind],
    );

  it("draws every kind of layer and loss, on features and on images", () => {
    const nets = fc.sample(sequentialNetwork({ normalized: true }), 800);
    expect(new Set(nets.flatMap((net) => kindsIn(net.description.layers)))).toEqual(new Set(layerNames));
    expect(new Set(nets.map((net) => net.loss))).toEqual(new Set(lossNames));
    expect(new Set(nets.map((net) => typeof net.description.input))).toEqual(new Set(["number", "object"]));
    expect(nets.every((net) => net.outputs <= 3)).toBe(true);
  });

  it("draws what has a finite loss on the batches that it admits", () => {
    const problems = sequentialNetwork({ normalized: true }).chain((net) =>
      fc.record({ net: fc.constant(net), theta: parametersFor(net), batch: batchFor(net, { minCount: 2 }) }),
    );
    for (const { net, theta, batch } of fc.sample(problems, 200))
      expect(Number.isFinite(lossAndGradient(net, theta, batch).loss)).toBe(true);
  });

  it("draws only what is asked for", () => {
    const nets = fc.sample(sequentialNetwork({ smooth: true, maxLayers: 2, losses: ["poisson"] }), 300);
    const kinds = new Set(nets.flatMap((net) => kindsIn(net.description.layers)));
    for (const kind of ["relu", "maxPool2d", "batchNorm"]) expect(kinds).not.toContain(kind);
    // Before flatten and the last layer.
    expect(Math.max(...nets.map((net) => net.description.layers.length))).toBe(4);
    expect(nets.every((net) => net.loss === "poisson")).toBe(true);
  });

  it("shrinks to one dense layer, and prints as the call that makes it", () => {
    expect(fc.stringify(smallest(sequentialNetwork()))).toBe(
      'sequential({"input":1,"loss":"softmax-cross-entropy","layers":[{"kind":"dense","outputs":1}]})',
    );
  });
});

describe("batchFor, parametersFor and problem", () => {
  it("draw what the network admits: the loss and its gradient are finite", () => {
    for (const { net, theta, batch } of fc.sample(problem(), 500)) {
      expect(theta).toHaveLength(net.size);
      expect(Number.isFinite(lossAndGradient(net, theta, batch).loss)).toBe(true);
    }
  });

  it.each(lossNames)("draw class indices and targets, with and without weights: %s", (loss) => {
    const net = threeLayerNet({ inputs: 2, hidden: 2, outputs: 3, loss });
    const batches = fc.sample(batchFor(net, { maxCount: 4 }), 200);
    const kinds = batches.map(
      ({ y, weights }) => `${typeof (y as unknown[])[0]} ${weights ? "weighted" : "plain"}`,
    );
    expect(new Set(kinds)).toEqual(
      new Set(["number plain", "number weighted", "object plain", "object weighted"]),
    );
    expect(new Set(batches.map(({ x }) => (x as unknown[]).length))).toEqual(new Set([1, 2, 3, 4]));
  });

  it("shrink to one sample of zeros, no weights and zero parameters", () => {
    const net = threeLayerNet({ inputs: 2, hidden: 1, outputs: 2 });
    expect(smallest(batchFor(net))).toEqual({ x: [[0, 0]], y: [0] });
    expect(smallest(parametersFor(net))).toEqual(new Float64Array(7));
    const found = smallest(problem(), ({ theta }) => largest(theta) > 0.5);
    expect(found.net.size).toBeLessThanOrEqual(4);
    expect(found.batch.x).toHaveLength(1);
  });
});
