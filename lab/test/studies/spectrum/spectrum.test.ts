import {
  exactHessian,
  type LossName,
  selectSamples,
  sequential,
  symmetricEigen,
  threeLayerNet,
} from "flatward";
import { hessianBlock } from "flatward/hessian";
import { describe, expect, it } from "vitest";
import { loadSource } from "../../../src/data/sources.js";
import { prepare } from "../../../src/experiment/prepare.js";
import { analyzeSpectrum, type SpectrumResult } from "../../../src/studies/spectrum/analyze.js";
import type { SpectrumInput, SpectrumOptions } from "../../../src/studies/spectrum/input.js";
import { hasRatios } from "../../../src/studies/spectrum/page/bounds-figure.js";
import { spectrumFacts, spectrumFinding } from "../../../src/studies/spectrum/page/facts.js";
import { spectrumTables } from "../../../src/studies/spectrum/page/tables.js";
import { pointOf } from "../../../src/studies/spectrum/point.js";

const options: SpectrumOptions = {
  top: 4,
  denseLimit: 3000,
  samples: 60,
  probes: 8,
  lanczosSteps: 30,
  seed: 3,
};

const iris = loadSource({ name: "iris" });

function spectrumInput(hidden: number, loss: LossName, bias = true): SpectrumInput {
  const net = threeLayerNet({ inputs: 4, hidden, outputs: 3, loss, bias });
  return {
    net,
    theta: net.init(5),
    ...prepare(iris, { testFraction: 0.25, labelNoise: 0, scaling: "standardize" }, 2),
  };
}

/** Of a network whose closed forms leave nothing out. */
function whole(given: SpectrumInput, changes: Partial<SpectrumOptions> = {}): Required<SpectrumResult> {
  return analyzeSpectrum(given, { ...options, ...changes }) as Required<SpectrumResult>;
}

const inputs = [
  ["softmax", spectrumInput(5, "softmax-cross-entropy")],
  ["squares, without biases", spectrumInput(4, "mean-squared-error", false)],
] as const;

describe.each(inputs)("the analysis of a spectrum (%s)", (_, given) => {
  const { net, theta, train } = given;
  const result = whole(given);
  const { values } = symmetricEigen(exactHessian(net, theta, train));
  const norm = Math.max(Math.abs(values[0]), Math.abs(values[values.length - 1]));
  const square = values.reduce((sum, value) => sum + value * value, 0);

  it("finds by Lanczos what the dense matrix has", () => {
    const { largest, smallest, status } = result.extremes;
    expect(status).toBe("converged");
    expect(largest).toHaveLength(options.top);
    largest.forEach(({ value, residual }, i) => {
      expect(Math.abs(value - values[values.length - 1 - i])).toBeLessThan(1e-10 * norm);
      expect(residual).toBeLessThan(1e-9 * norm);
    });
    smallest.forEach(({ value }, i) => {
      expect(Math.abs(value - values[i])).toBeLessThan(1e-10 * norm);
    });
    expect(result.dense?.eigenvalues).toEqual(Array.from(values));
    expect(result.lambdaMax).toBe(values[values.length - 1]);
  });

  it("estimates traces to within five standard errors of the closed form", () => {
    const { trace, frobeniusSquared, estimates } = result.traces;
    expect(trace).toBeCloseTo(
      values.reduce((sum, value) => sum + value, 0),
      10,
    );
    expect(frobeniusSquared / square).toBeCloseTo(1, 12);
    expect(estimates.map(({ quantity, method }) => `${quantity} ${method}`)).toEqual([
      "tr H Hutchinson",
      "tr H Hutch++",
      "tr H SLQ",
      "tr H² Hutchinson",
      "tr H² SLQ",
    ]);
    for (const { standardErrorsOff = 0, relativeError = Number.NaN } of estimates) {
      expect(Math.abs(standardErrorsOff)).toBeLessThan(5);
      expect(Math.abs(relativeError)).toBeLessThan(1);
    }
  });

  it("compares every bound with the truth", () => {
    const { bounds, tightest, eigenvalues } = result.bounds;
    const slack = 1e-12 * norm;
    expect(bounds).toHaveLength(10);
    for (const { upper, lower = Number.NEGATIVE_INFINITY, upperRatio } of bounds) {
      expect(upper).toBeGreaterThanOrEqual(result.lambdaMax - slack);
      expect(lower).toBeLessThanOrEqual(result.lambdaMax + slack);
      expect(upperRatio).toBe(upper / result.lambdaMax);
    }
    expect(Math.min(...bounds.map(({ upper }) => upper))).toBe(
      bounds.find(({ name }) => name === tightest.upper)?.upper,
    );
    for (const { k, value, lower, upper } of eigenvalues) {
      expect(value).toBe(values[values.length - k]);
      expect(value).toBeGreaterThanOrEqual(lower - slack);
      expect(value).toBeLessThanOrEqual(upper + slack);
    }
    expect(result.dense?.effectiveRank).toBeLessThanOrEqual(result.rankBound);
    expect(result.dense?.negative).toBe(values.filter((value) => value < -1e-8 * norm).length);
  });

  it("takes H apart, by parts and by blocks, and nothing is lost", () => {
    const { gaussNewton, residual, crossShare } = result.parts;
    expect(gaussNewton.trace + residual.trace).toBeCloseTo(result.traces.trace, 10);
    expect(gaussNewton.frobeniusShare + residual.frobeniusShare + crossShare).toBeCloseTo(1, 12);
    expect(result.blocks.map(({ name }) => name)).toEqual(
      net.closedForm?.layers[0].bias
        ? ["W1", "b1", "layer1", "W2", "b2", "layer2"]
        : ["W1", "layer1", "W2", "layer2"],
    );
    for (const block of result.blocks) {
      const { data, shape } = hessianBlock(net, theta, train, block.name);
      const own = symmetricEigen({ data, shape }).values;
      expect(block.size).toBe(shape[0]);
      expect(block.trace).toBeCloseTo(
        own.reduce((sum, value) => sum + value, 0),
        10,
      );
      expect(block.frobeniusShare).toBeCloseTo(
        data.reduce((sum, entry) => sum + entry * entry, 0) / square,
        10,
      );
      expect(Math.abs(block.largest.value - own[own.length - 1])).toBeLessThan(1e-10 * norm);
      expect(Math.abs(block.smallest.value - own[0])).toBeLessThan(1e-10 * norm);
    }
  });

  it("has a density that integrates to one, and comes near that of all eigenvalues", () => {
    const { grid, density, standardErrors, exact = [] } = result.density;
    const step = grid[1] - grid[0];
    for (const curve of [density, exact])
      expect(step * curve.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 2);
    const scale = Math.max(...exact);
    density.forEach((value, i) => {
      expect(Math.abs(value - exact[i])).toBeLessThan(6 * standardErrors[i] + 0.05 * scale);
    });
  });

  it("forms nothing beyond the dense limit, and says the same of the rest", () => {
    const { dense, bounds, density, negative, lambdaMax, lambdaMin, ...rest } = whole(given, {
      denseLimit: net.size - 1,
    });
    expect(dense).toBeUndefined();
    expect(density.exact).toBeUndefined();
    expect(bounds.bounds.every(({ cost }) => cost === "closed form")).toBe(true);
    expect(Math.abs(lambdaMax - result.lambdaMax)).toBeLessThan(1e-10 * norm);
    expect(Math.abs(lambdaMin - result.lambdaMin)).toBeLessThan(1e-10 * norm);
    expect(negative).toBeLessThanOrEqual(result.negative);
    expect(rest.traces).toEqual(result.traces);
    expect(rest.blocks).toEqual(result.blocks);
    expect(rest.parts).toEqual(result.parts);
  });

  it("is the same bits for the same seed, and plain JSON", () => {
    expect(analyzeSpectrum(given, options)).toEqual(result);
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
    expect(JSON.stringify(result)).not.toContain("null");
    const other = analyzeSpectrum(given, { ...options, seed: 4 });
    expect(other.traces.estimates[0].value).not.toBe(result.traces.estimates[0].value);
    expect(other.traces.trace).toBe(result.traces.trace);
  });
});

describe("the spectrum of a network of layers", () => {
  const [, closed] = inputs[0];
  const chain = [{ kind: "dense", outputs: 5 }, { kind: "tanh" }, { kind: "dense", outputs: 3 }] as const;
  // The same function of the same theta: dropout of nothing has no closed form.
  const layers = [...chain, { kind: "dropout", rate: 0 }] as const;
  const layered = { ...closed, net: sequential({ input: 4, layers: [...layers] }) };
  const untapped = { ...layered, net: { ...layered.net, tapped: null } };
  const known = whole(closed);

  it("is that of the same network with one hidden layer, where its parameters enter through dense layers alone", () => {
    const result = whole(layered);
    expect(result.traces.trace).toBeCloseTo(known.traces.trace, 12);
    expect(result.traces.frobeniusSquared).toBeCloseTo(known.traces.frobeniusSquared, 12);
    expect(result.parts.gaussNewton.frobeniusSquared).toBeCloseTo(
      known.parts.gaussNewton.frobeniusSquared,
      12,
    );
    expect(result.parts.residual.largest.value).toBeCloseTo(known.parts.residual.largest.value, 9);
    expect(result.blocks.map(({ name }) => name)).toEqual([
      "0.weight",
      "0.bias",
      "0",
      "2.weight",
      "2.bias",
      "2",
    ]);
    expect(result.bounds.bounds.map(({ name }) => name)).toEqual(known.bounds.bounds.map(({ name }) => name));
  });

  it("is exact, with every part and block, of one with shortcuts and layer normalisation", () => {
    const inside = [
      { kind: "layerNorm", affine: false },
      { kind: "dense", outputs: 3 },
      { kind: "tanh" },
    ] as const;
    const net = sequential({
      input: 4,
      layers: [
        { kind: "dense", outputs: 3 },
        { kind: "residual", layers: [...inside] },
        { kind: "dense", outputs: 3 },
      ],
    });
    const theta = net.init(3);
    const result = whole({ ...closed, net, theta });
    const { values } = symmetricEigen(exactHessian(net, theta, closed.train));
    const sum = (f: (value: number) => number) => values.reduce((total, value) => total + f(value), 0);
    expect(result.traces.trace).toBeCloseTo(
      sum((value) => value),
      12,
    );
    expect(result.traces.frobeniusSquared).toBeCloseTo(
      sum((value) => value * value),
      12,
    );
    expect(result.bounds.bounds).toHaveLength(10);
    const shares = [result.parts.gaussNewton.frobeniusShare, result.parts.residual.frobeniusShare];
    expect(shares[0] + shares[1] + result.parts.crossShare).toBeCloseTo(1, 12);
    expect(result.rankBound).toBeLessThan(net.size);
    expect(result.blocks.map(({ name }) => name)).toEqual([
      "0.weight",
      "0.bias",
      "0",
      "1.layers.1.weight",
      "1.layers.1.bias",
      "1.layers.1",
      "2.weight",
      "2.bias",
      "2",
    ]);
    // Beyond the dense limit nothing is lost but what needs H.
    const matrixFree = analyzeSpectrum({ ...closed, net, theta }, { ...options, denseLimit: 0 });
    expect(matrixFree.traces).toEqual(result.traces);
    expect(matrixFree.bounds?.bounds).toHaveLength(5);
  });

  it("is that of the same network with one hidden layer, as far as it goes", () => {
    const result = analyzeSpectrum(untapped, options);
    const near = (a: number | undefined, b: number) =>
      expect(Math.abs((a ?? Number.NaN) - b)).toBeLessThan(1e-9 * known.lambdaMax);
    near(result.lambdaMax, known.lambdaMax);
    near(result.lambdaMin, known.lambdaMin);
    near(result.traces.trace, known.traces.trace);
    near(result.stableRank, known.stableRank);
    expect(result.traces.exact).toBe(true);
    for (const { name, upper } of result.bounds?.bounds ?? [])
      near(upper, known.bounds.bounds.find((bound) => bound.name === name)?.upper as number);
    expect(result.bounds?.bounds.length).toBeGreaterThan(3);
    expect([result.parts, result.blocks, result.rankBound]).toEqual([undefined, undefined, undefined]);
  });

  it("has the blocks of its layers, by their names, where it is a chain of dense layers", () => {
    const { blocks } = analyzeSpectrum(
      { ...closed, net: sequential({ input: 4, layers: [...chain] }) },
      options,
    );
    expect(blocks?.map(({ name }) => name)).toEqual(["0.weight", "0.bias", "0", "2.weight", "2.bias", "2"]);
    blocks?.forEach(({ frobeniusSquared }, at) => {
      expect(frobeniusSquared).toBeCloseTo(known.blocks[at].frobeniusSquared, 12);
    });
  });

  it("is estimated alone beyond the dense limit, within its errors", async () => {
    const result = analyzeSpectrum(untapped, { ...options, denseLimit: 0 });
    expect(result.traces.exact).toBe(false);
    expect([result.dense, result.bounds]).toEqual([undefined, undefined]);
    for (const { quantity, value, standardError, relativeError } of result.traces.estimates) {
      expect(relativeError).toBeUndefined();
      const exact = quantity === "tr H" ? known.traces.trace : known.traces.frobeniusSquared;
      expect(Math.abs(value - exact)).toBeLessThan(5 * standardError + 1e-9);
    }
    const text = JSON.stringify([spectrumTables(result), spectrumFacts(result), spectrumFinding(result)]);
    expect(text).not.toMatch(/NaN|undefined|null/);
    expect(spectrumTables(result).map(({ title }) => title)).toEqual([
      "Eigenvalues at either end",
      "Traces: random estimates",
    ]);
  });

  it("is taken on the samples of curvature, where a cell has such", () => {
    const sample = selectSamples(closed.train, [0, 30, 60, 90]);
    const result = analyzeSpectrum({ ...layered, sample }, options);
    const { values } = symmetricEigen(exactHessian(closed.net, closed.theta, sample));
    expect(result.lambdaMax).toBeCloseTo(values.at(-1) as number, 9);
    expect(result.point.fit.trainLoss).toBeCloseTo(known.point.fit.trainLoss, 12);
  });
});

describe("special spectra", () => {
  it("smaller than what is asked for are listed once, from both ends", () => {
    const small = spectrumInput(1, "softmax-cross-entropy");
    const result = analyzeSpectrum(small, { ...options, top: 8 });
    expect(result.parameters).toBe(11);
    const [extremes] = spectrumTables(result);
    expect(extremes.rows.map(([name]) => name)).toEqual(Array.from({ length: 11 }, (_, i) => `λ_${i + 1}`));
  });

  it("without a positive λ_max have no ratio, and no picture of ratios", () => {
    const bounds = [{ name: "Frobenius", upper: 1, source: "", cost: "closed form" }] as const;
    expect(hasRatios(bounds)).toBe(false);
    expect(hasRatios([{ ...bounds[0], upperRatio: 2 }])).toBe(true);
    const result = {
      parameters: 2,
      lambdaMax: -1,
      lambdaMin: -2,
      bounds: { bounds, tightest: { upper: "Frobenius" } },
    } as unknown as SpectrumResult;
    expect(spectrumFinding(result)).toContain("λ_max is not positive");
  });

  it("tell a minimum from a saddle and from a slope", () => {
    const fit = (gradientNorm: number) => ({ trainLoss: 1, gradientNorm });
    expect(pointOf(fit(2 ** -12), 2, 0)).toMatchObject({ kind: "minimum", predictedDecrease: 2 ** -26 });
    expect(pointOf(fit(1e-5), 2, 1).kind).toBe("saddle");
    expect(pointOf(fit(1), 2, 1).kind).toBe("slope");
    expect(pointOf(fit(0), 0, 0).kind).toBe("minimum");
    expect(pointOf(fit(1), 0, 0).kind).toBe("slope");
  });
});
