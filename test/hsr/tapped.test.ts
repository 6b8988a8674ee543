// Independent: H by products, reverse over reverse through the whole network, knows no taps; chains come by recursion.

import { describe, expect, it } from "vitest";
import { layerMoments, splitMoments } from "../../src/hsr/index.js";
import {
  gaussNewtonMatrix,
  hessianOperator,
  hsrObjective,
  multilayerNet,
  randomStream,
  residualMatrix,
  type SpectralMoments,
  sequential,
  spectralMoments,
  wsUpperBoundAndGradient,
} from "../../src/index.js";
import { frobeniusObjective, traceObjective } from "../../src/regularizers/index.js";
import { tensor } from "../../src/tensor/index.js";
import { expectClose, expectNear } from "../oracles/compare.js";
import { assertDerivative } from "../oracles/finite-differences.js";

const dense = (outputs: number) => ({ kind: "dense", outputs }) as const;
const norm = { kind: "layerNorm", affine: false, epsilon: 0.1 } as const;
const net = sequential({
  input: 3,
  layers: [
    dense(3),
    { kind: "residual", layers: [norm, dense(4), { kind: "silu" }, dense(3)] },
    { kind: "residual", layers: [dense(2), { kind: "tanh" }], shortcut: [dense(2)] },
    { kind: "sin" },
    dense(2),
  ],
});
const draws = randomStream(5);
const normals = (length: number) => Float64Array.from({ length }, () => draws.normal());
const batch = { x: tensor(normals(18), [6, 3]), y: [0, 1, 1, 0, 1, 0] };
const theta = normals(net.size).map((each) => 0.6 * each);

/** Compares a gradient with differences along three directions. */
function assertGradient(f: (at: Float64Array) => number, gradient: Float64Array): void {
  const directions = [0, 1, 2].map(() => normals(net.size));
  assertDerivative({
    f: (t) => [f(theta.map((each, j) => directions.reduce((sum, v, k) => sum + t[k] * v[j], each)))],
    at: new Float64Array(3),
    column: (k) => [inner(gradient, directions[k])],
  });
}

const inner = (a: Float64Array, b: Float64Array) => a.reduce((sum, each, at) => sum + each * b[at], 0);
const trace = (a: Float64Array) =>
  Array.from({ length: net.size }, (_, i) => a[i * (net.size + 1)]).reduce((sum, each) => sum + each, 0);

describe("of a network with shortcuts and layer normalisation", () => {
  const h = hessianOperator(net, theta, batch).toMatrix().data;

  it.each(["gram", "blocks", "auto"] as const)("tr H and tr H² are those of H: %s", (route) => {
    const moments = spectralMoments(net, theta, batch, { route });
    expectNear(moments.trace, trace(h), 1e-13);
    expectNear(moments.frobeniusSquared, inner(h, h), 1e-13);
  });

  it.each(["gram", "blocks"] as const)(
    "the bound's gradient is what differences converge to: %s",
    (route) => {
      const bound = wsUpperBoundAndGradient(net, theta, batch, { route });
      assertGradient((at) => wsUpperBoundAndGradient(net, at, batch, { route }).value, bound.gradient);
    },
  );

  it("G and R, and their moments, add up", () => {
    const g = gaussNewtonMatrix(net, theta, batch).data;
    const r = residualMatrix(net, theta, batch).data;
    expectClose(
      g.map((each, at) => each + r[at]),
      h,
      1e-13,
    );
    const { gaussNewton, residual, cross, residualUnits } = splitMoments(net, theta, batch);
    expectNear(gaussNewton.frobeniusSquared, inner(g, g), 1e-13);
    expectNear(residual.frobeniusSquared, inner(r, r), 1e-13);
    expectNear(cross, inner(g, r), 1e-12, inner(g, g));
    expect(residualUnits).toBeUndefined();
  });

  it("layers are its taps", () => {
    const { mixedSquared, betweenSquared: _, ...layers } = layerMoments(net, theta, batch);
    const whole = spectralMoments(net, theta, batch);
    const parts = Object.values(layers as Record<string, SpectralMoments>);
    expect(parts.map(({ size }) => size)).toEqual([12, 16, 15, 8, 8, 6]);
    const sum = parts.reduce((total, each) => total + each.frobeniusSquared, 2 * mixedSquared);
    expectNear(sum, whole.frobeniusSquared, 1e-13);
  });

  it("objectives with a penalty have the gradients that differences converge to", () => {
    for (const objective of [
      hsrObjective(net, batch, { strength: 0.3, every: 1, samples: "all" }),
      traceObjective(net, batch, { strength: 0.2 }),
      frobeniusObjective(net, batch, { strength: 0.1 }),
    ]) {
      const { value, gradient } = objective.valueAndGradient(theta);
      expectNear(objective.value(theta), value, 1e-14);
      assertGradient((at) => objective.value(at), gradient);
    }
  });
});

it("a chain made of layers has the moments and the bound of multilayerNet", () => {
  const chain = multilayerNet({ sizes: [3, 4, 3, 2], activation: ["tanh", "gelu"] });
  const layers = [dense(4), { kind: "tanh" }, dense(3), { kind: "gelu" }, dense(2)] as const;
  const same = sequential({ input: 3, layers });
  const at = chain.init(2);
  const [a, b] = [chain, same].map((each) => wsUpperBoundAndGradient(each, at, batch));
  expectNear(b.value, a.value, 1e-14);
  expectClose(b.gradient, a.gradient, 1e-13);
  expectNear(b.moments.frobeniusSquared, a.moments.frobeniusSquared, 1e-14);
});

it("a network with a kink has no closed form", () => {
  const kinked = sequential({ input: 3, layers: [dense(3), { kind: "relu" }, dense(2)] });
  expect(() => spectralMoments(kinked, kinked.init(1), batch)).toThrow(
    /spectralMoments: expected a network with a closed form/,
  );
  expect(() => splitMoments(kinked, kinked.init(1), batch)).toThrow(/splitMoments: expected a chain/);
});
