import { describe, expect, it } from "vitest";
import { matrixMoments, type SpectralBound } from "../../src/bounds/index.js";
import { hessianBlock } from "../../src/hessian/index.js";
import { layerMoments, splitMoments } from "../../src/hsr/index.js";
import {
  ArgumentError,
  type Batch,
  exactHessian,
  gaussNewtonMatrix,
  parameterRange,
  residualMatrix,
  spectralBounds,
  spectralMoments,
  symmetricEigen,
  type Tensor,
  threeLayerNet,
} from "../../src/index.js";
import { cases, makeCase } from "../cases.js";
import { boundsMargin } from "../oracles/bounds-margin.js";
import { euclidean, expectNear, largest } from "../oracles/compare.js";
import { refusals } from "../refusals.js";
import { net, theta, x, y } from "../small-network.js";

const routes = ["gram", "blocks", "auto"] as const;

const traceOf = ({ data, shape }: Tensor) =>
  Array.from({ length: shape[0] }, (_, i) => data[i * shape[0] + i]).reduce((sum, entry) => sum + entry, 0);

describe.each(cases)("$name", ({ net, theta, batch }) => {
  const n = net.size;
  const H = exactHessian(net, theta, batch);
  const G = gaussNewtonMatrix(net, theta, batch);
  const R = residualMatrix(net, theta, batch);
  const norm = euclidean(H.data);

  it("has bounds that hold, in closed form and from H", () => {
    const { values } = symmetricEigen(H);
    const mean = traceOf(H) / n;
    const deviation = euclidean(values.map((value) => value - mean)) / Math.sqrt(n);
    // G and R may be larger than H, and bounds of G + R have their rounding.
    const parts = euclidean(G.data) + euclidean(R.data);
    const slack = boundsMargin(n, norm, deviation) + 1e-13 * parts;
    const report = spectralBounds(net, theta, batch);
    const closed = spectralBounds(net, theta, batch, { dense: false });
    expect(report.bounds).toHaveLength(10);
    expect(closed.bounds).toEqual(report.bounds.filter(({ cost }) => cost === "closed form"));
    expect(closed.bounds).toHaveLength(5);
    for (const { name, upper, lower = Number.NEGATIVE_INFINITY } of report.bounds) {
      expect(upper, name).toBeGreaterThanOrEqual(values[n - 1] - slack);
      expect(lower, name).toBeLessThanOrEqual(values[n - 1] + slack);
    }
    const upperOf = (wanted: string) => report.bounds.find(({ name }) => name === wanted)?.upper as number;
    expect(upperOf("rank-aware Wolkowicz-Styan")).toBeLessThanOrEqual(upperOf("Wolkowicz-Styan"));
    expect(upperOf("layers")).toBeLessThanOrEqual(upperOf("Frobenius") + slack);
    expect(upperOf("block norms")).toBeLessThanOrEqual(upperOf("Frobenius") + slack);
    expect(report.largest.upper).toBe(upperOf(report.tightest.upper));
    expect(report.largest.upper).toBe(Math.min(...report.bounds.map(({ upper }) => upper)));
    const lowers = report.bounds.map(({ lower = Number.NEGATIVE_INFINITY }) => lower);
    expect(report.largest.lower).toBe(Math.max(...lowers));
  });

  it("has the moments of the dense Gauss-Newton and residual parts, and of each hidden unit", () => {
    const product = G.data.reduce((sum, entry, at) => sum + entry * R.data[at], 0);
    const [sizeG, sizeR] = [euclidean(G.data), euclidean(R.data)];
    for (const route of routes) {
      const { gaussNewton, residual, cross, residualUnits } = splitMoments(net, theta, batch, { route });
      expectNear(gaussNewton.trace, traceOf(G), 1e-13, sizeG * n);
      expectNear(gaussNewton.frobeniusSquared, sizeG * sizeG, 1e-12);
      expectNear(residual.trace, traceOf(R), 1e-13, sizeR * n);
      expectNear(residual.frobeniusSquared, sizeR * sizeR, 1e-12);
      expectNear(cross, product, 1e-13 * n, sizeG * sizeR);
      const whole = spectralMoments(net, theta, batch);
      const sum = gaussNewton.frobeniusSquared + residual.frobeniusSquared + 2 * cross;
      expectNear(sum, whole.frobeniusSquared, 1e-12, sizeG * sizeG + sizeR * sizeR);
      residualUnits?.forEach(({ incoming, mixedSquared }, unit) => {
        const { into, from } = unitIndices(net, unit);
        const part = (rows: number[], columns: number[]) =>
          rows.flatMap((i) => columns.map((j) => R.data[i * n + j]));
        const own = euclidean(part(into, into));
        expect(incoming.size).toBe(into.length);
        expectNear(incoming.frobeniusSquared, own * own, 1e-12);
        expectNear(
          incoming.trace,
          into.reduce((t, i) => t + R.data[i * n + i], 0),
          1e-13,
          own * n,
        );
        const between = euclidean(part(from, into));
        expectNear(mixedSquared, between * between, 1e-12);
      });
    }
  });

  it("has the moments of each layer's block, and of the one between", () => {
    const { from: middle } = parameterRange(net, "layer2");
    const between = euclidean(
      Array.from({ length: n - middle }, (_, i) =>
        Array.from(H.data.subarray((middle + i) * n, (middle + i) * n + middle)),
      ).flat(),
    );
    for (const route of routes) {
      const layers = layerMoments(net, theta, batch, { route });
      for (const layer of ["layer1", "layer2"] as const) {
        const wanted = matrixMoments(hessianBlock(net, theta, batch, layer));
        expect(layers[layer].size).toBe(wanted.size);
        expectNear(layers[layer].trace, wanted.trace, 1e-13, norm * n);
        expectNear(layers[layer].frobeniusSquared, wanted.frobeniusSquared, 1e-12);
      }
      expectNear(layers.mixedSquared, between * between, 1e-12, norm * norm);
    }
  });
});

/** Parameters into and out of a hidden unit: its row of W1 and b1, its column of W2. */
function unitIndices(net: (typeof cases)[number]["net"], unit: number) {
  const { inputs: d, hidden: h, outputs: K, bias } = net;
  const into = Array.from({ length: d }, (_, c) => unit * d + c);
  if (bias) into.push(h * d + unit);
  const { from } = parameterRange(net, "W2");
  return { into, from: Array.from({ length: K }, (_, k) => from + k * h + unit) };
}

describe("splitMoments", () => {
  it("keep their relative accuracy where residuals all but vanish", () => {
    const { net, theta, batch } = makeCase({ size: [20, 3, 4, 2], loss: "mean-squared-error" });
    const p = net.predict(theta, batch.x);
    const y = { ...p, data: p.data.map((value, at) => value + 1e-9 * Math.sin(at)) };
    const { residual, cross } = splitMoments(net, theta, { x: batch.x, y });
    const R = residualMatrix(net, theta, { x: batch.x, y });
    const G = gaussNewtonMatrix(net, theta, { x: batch.x, y });
    const product = G.data.reduce((sum, entry, at) => sum + entry * R.data[at], 0);
    expectNear(residual.frobeniusSquared, euclidean(R.data) * euclidean(R.data), 1e-12);
    expectNear(cross, product, 1e-12, euclidean(R.data) * euclidean(G.data));
    expect(largest(R.data)).toBeLessThan(1e-8);
    const interpolated = splitMoments(net, theta, { x: batch.x, y: p });
    expect([interpolated.residual.trace, interpolated.residual.frobeniusSquared, interpolated.cross]).toEqual(
      [0, 0, 0],
    );
  });
});

describe("the bounds of networks", () => {
  const extents = { inputs: 1, hidden: 3, outputs: 1, bias: false } as const;
  const net = threeLayerNet({ ...extents, activation: "identity", loss: "mean-squared-error" });
  const closed = (theta: Float64Array, batch: Batch) => {
    const { bounds } = spectralBounds(net, theta, batch, { dense: false });
    return (wanted: string) => bounds.find(({ name }) => name === wanted) as SpectralBound;
  };

  it("are attained by G at interpolation, of one sample: H = JᵀJ", () => {
    // u = w₂ᵀw₁ x, so J = (w₂ x, w₁ x), whose square is the only eigenvalue that is not 0.
    const theta = Float64Array.of(0.5, -1, 2, 1, 0.25, 0.3);
    const x = 1.7;
    const u = (0.5 * 1 - 1 * 0.25 + 2 * 0.3) * x;
    const wanted = x * x * theta.reduce((sum, weight) => sum + weight * weight, 0);
    const bound = closed(theta, { x: [[x]], y: [[u]] });
    for (const name of ["Gauss-Newton + residual", "layers", "Frobenius"]) {
      // tr H² − (tr H)² vanishes: the deviations of layers and of G allow for rounding.
      expectNear(bound(name).upper, wanted, 1e-7);
    }
    expectNear(bound("Gauss-Newton + residual").lower as number, wanted, 1e-14);
  });

  it("are attained by R at the origin, where G = 0 and every unit has the eigenvalues ±yx", () => {
    const bound = closed(new Float64Array(6), { x: [[1.5]], y: [[2]] });
    expectNear(bound("Gauss-Newton + residual").upper, 3, 1e-14);
    // ‖H‖_F counts all three units.
    expectNear(bound("Frobenius").upper, 3 * Math.sqrt(6), 1e-14);
    expectNear(bound("layers").upper, 3 * Math.sqrt(3), 1e-14);
    expectNear(bound("Wolkowicz-Styan").upper, 3 * Math.sqrt(5), 1e-14);
  });
});

describe("the bound on G + R", () => {
  it("is sharper than Wolkowicz-Styan's before training, where the labels depend on the data", () => {
    const { net, batch } = makeCase({ size: [60, 4, 8, 3] });
    const x = batch.x as number[][];
    const y = x.map((row) => (row[0] > 0.5 ? 2 : row[0] > -0.5 ? 1 : 0));
    const { bounds, tightest } = spectralBounds(net, net.init(7), { x, y }, { dense: false });
    const upperOf = (wanted: string) => bounds.find(({ name }) => name === wanted)?.upper as number;
    expect(upperOf("Gauss-Newton + residual")).toBeLessThan(0.8 * upperOf("Wolkowicz-Styan"));
    expect(tightest.upper).toBe("Gauss-Newton + residual");
    expect(bounds.every(({ source }) => source.length > 10)).toBe(true);
  });
});

describe("spectralBounds refuses", () => {
  refusals(ArgumentError, "invalid-argument", [
    [
      "dense that is neither",
      () => spectralBounds(net, theta, { x, y }, { dense: 1 as never }),
      /spectralBounds.*dense to be true or false, got 1/,
    ],
    [
      "an unknown route",
      () => spectralBounds(net, theta, { x, y }, { route: "fast" as never }),
      /spectralBounds.*route to be one of/,
    ],
  ]);
});
