// The oracles are the functions that are called once, to the bit: what is prepared may forget nothing of an earlier theta.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  exactHessian,
  lossAndGradient,
  multilayerNet,
  type Network,
  type PreparedCurvature,
  prepareCurvature,
  randomStream,
  sequential,
  spectralMoments,
  symmetricEigen,
  threeLayerNet,
  wsBounds,
  wsUpperBoundAndGradient,
} from "../../src/index.js";
import { multilayerProblem } from "../../src/testing/index.js";

/** What every quantity is, by the functions that are called once, and how it is asked for. */
const quantities: Readonly<
  Record<
    string,
    readonly [
      once: (...problem: readonly [Network, Float64Array, Parameters<typeof prepareCurvature>[1]]) => unknown,
      prepared: (curvature: PreparedCurvature, theta: Float64Array) => unknown,
    ]
  >
> = {
  loss: [(...p) => lossAndGradient(...p).loss, (c, theta) => c.loss(theta)],
  lossAndGradient: [
    (...p) => {
      const { loss, gradient } = lossAndGradient(...p);
      return [loss, gradient];
    },
    into((c, theta, gradient) => c.lossAndGradient(theta, gradient)),
  ],
  moments: [(...p) => spectralMoments(...p), (c, theta) => c.moments(theta)],
  wsUpperBound: [
    (...p) => wsBounds(spectralMoments(...p)).largest.upper,
    (c, theta) => c.wsUpperBound(theta),
  ],
  wsUpperBoundAndGradient: [
    (...p) => {
      const { value, gradient } = wsUpperBoundAndGradient(...p);
      return [value, gradient];
    },
    into((c, theta, gradient) => c.wsUpperBoundAndGradient(theta, gradient)),
  ],
  hessian: [
    (...p) => exactHessian(...p).data,
    (c, theta) => {
      const out = new Float64Array(c.size * c.size).fill(Number.NaN);
      c.hessian(theta, out);
      return out;
    },
  ],
  eigenvalues: [
    (...p) => symmetricEigen(exactHessian(...p)).values,
    (c, theta) => into((_, at, out) => c.eigenvalues(at, out))(c, theta)[1],
  ],
};

function into(ask: (curvature: PreparedCurvature, theta: Float64Array, out: Float64Array) => unknown) {
  return (curvature: PreparedCurvature, theta: Float64Array) => {
    const out = new Float64Array(curvature.size).fill(Number.NaN);
    return [ask(curvature, theta, out), out];
  };
}

describe("a prepared curvature", () => {
  it("has the bits of the functions that are called once, in any order, at one theta after another", () => {
    const names = Object.keys(quantities);
    const asked = fc.array(fc.record({ name: fc.constantFrom(...names), at: fc.nat(2) }), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(multilayerProblem(), asked, fc.boolean(), ({ net, theta, batch }, calls, inPlace) => {
        const curvature = prepareCurvature(net, batch);
        const moving = theta.slice();
        for (const { name, at } of calls) {
          const there = theta.map((entry) => entry * (1 + at / 4));
          // Also where theta is moved in its own memory.
          if (inPlace) moving.set(there);
          const [once, prepared] = quantities[name];
          expect(prepared(curvature, inPlace ? moving : there)).toEqual(once(net, there, batch));
        }
      }),
      { numRuns: 60 },
    );
  });

  it("takes networks whose parameters enter through dense layers alone", () => {
    const dense = { kind: "dense", outputs: 3 };
    const block = { kind: "residual", layers: [dense, { kind: "tanh" }] };
    const net = sequential({
      input: 3,
      layers: [dense, block, { kind: "layerNorm", affine: false }, dense],
    } as never);
    const draws = randomStream(2, "x");
    const x = Array.from({ length: 5 }, () => [draws.normal(), draws.normal(), draws.normal()]);
    const batch = { x, y: [0, 1, 2, 0, 1] };
    const theta = net.init(3);
    const curvature = prepareCurvature(net, batch);
    for (const [name, [once, prepared]] of Object.entries(quantities))
      expect(prepared(curvature, theta), name).toEqual(once(net, theta, batch));
  });

  it("forgets earlier thetas where pairs of many samples are summed, too", () => {
    const net = threeLayerNet({ inputs: 1, hidden: 2, outputs: 2 });
    const x = Array.from({ length: 550 }, (_, i) => [Math.sin(i)]);
    const batch = { x, y: x.map(([entry]) => Number(entry > 0)) };
    const curvature = prepareCurvature(net, batch, { route: "gram" });
    for (const seed of [1, 2]) {
      const theta = net.init(seed);
      const { value, gradient } = wsUpperBoundAndGradient(net, theta, batch, { route: "gram" });
      const prepared = new Float64Array(net.size);
      expect(curvature.wsUpperBoundAndGradient(theta, prepared)).toBe(value);
      expect(prepared).toEqual(gradient);
    }
  });

  it("goes on after a theta at which the loss overflows", () => {
    const net = threeLayerNet({ inputs: 1, hidden: 2, outputs: 1, loss: "poisson" });
    const batch = { x: [[1]], y: [[1]] };
    const theta = net.init(1);
    const curvature = prepareCurvature(net, batch);
    const before = curvature.moments(theta);
    const far = theta.map(() => 1e3);
    expect(() => curvature.moments(far)).toThrow(/prepareCurvature.*finite loss/s);
    expect(() => curvature.moments(far)).toThrow(/finite loss/);
    expect(curvature.moments(theta)).toEqual(before);
  });

  it("refuses networks without a closed form, and routes that there are not", () => {
    const net = sequential({
      input: 2,
      layers: [{ kind: "dense", outputs: 2 }, { kind: "batchNorm" }],
    } as never);
    const batch = { x: [[1, 2], [3, 4]], y: [0, 1] }; // biome-ignore format: short
    expect(() => prepareCurvature(net, batch)).toThrow(/prepareCurvature: expected a chain of dense layers/);
    const chain = multilayerNet({ sizes: [2, 2] });
    expect(() => prepareCurvature(chain, batch, { route: "other" as never })).toThrow(/route/);
  });
});
