// Activations, losses and layers of the caller's own, where a name would be. What has a name too is compared with it, and
// the closed forms with automatic differentiation.

import { checkGrads, matmul, mean, mul, sub, sum, type Value } from "flatward/autodiff";
import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  activationNames,
  type Batch,
  exactHessian,
  lossAndGradient,
  lossNames,
  multilayerNet,
  randomStream,
  ShapeError,
  sequential,
  spectralMoments,
  tensor,
  threeLayerNet,
  wsUpperBoundAndGradient,
} from "../../src/index.js";
import {
  type Activation,
  activation,
  checkActivation,
  checkLoss,
  type Loss,
  loss,
  type OwnLayer,
} from "../../src/nn/index.js";
import { sampleLosses } from "../../src/nn/sequential/traced-loss.js";
import { denseTargets } from "../cases.js";
import { expectClose } from "../oracles/compare.js";
import { assertDerivative } from "../oracles/finite-differences.js";
import { refusals } from "../refusals.js";

const arctan: Activation = {
  name: "arctan",
  jet(z, out) {
    const slope = 1 / (1 + z * z);
    out[0] = Math.atan(z);
    out[1] = slope;
    out[2] = -2 * z * slope * slope;
    out[3] = (6 * z * z - 2) * slope * slope * slope;
  },
};

/** Successes in five trials: ψ = 5 log(1 + e^u). */
const binomial: Loss = {
  name: "binomial",
  targets: {
    admits: (y, at, outputs) => y.subarray(at, at + outputs).every((count) => count >= 0 && count <= 5),
    expected: "counts in 0 … 5",
  },
  evaluate(u, y, at, outputs, p, r) {
    let value = 0;
    for (let k = at; k < at + outputs; k++) {
      p[k] = 5 / (1 + Math.exp(-u[k]));
      r[k] = p[k] - y[k];
      value += 5 * Math.log1p(Math.exp(u[k])) - y[k] * u[k];
    }
    return value;
  },
  curvature(_u, p, at, outputs, s) {
    s.fill(0, 0, outputs * outputs);
    for (let k = 0; k < outputs; k++) s[k * outputs + k] = p[at + k] * (1 - p[at + k] / 5);
  },
  curvatureAdjoint(p, at, outputs, sBar, pBar) {
    for (let k = 0; k < outputs; k++) pBar[k] += sBar[k * outputs + k] * (1 - (2 * p[at + k]) / 5);
  },
};

const draws = randomStream(5, "own parts");
const x = Array.from({ length: 6 }, () => [draws.normal(), draws.normal()]);
const counts: Batch = { x, y: x.map(() => [draws.integer(6), draws.integer(6)]) };

describe("what has a name, passed as one's own", () => {
  const batchOf = (name: (typeof lossNames)[number]): Batch => ({
    x,
    y: x.map(() => Array.from(denseTargets(name, 2, draws))),
  });

  it.each(activationNames)("%s has the same bits", (name) => {
    const own = { ...activation(name), name: "mine" };
    const batch = batchOf("poisson");
    const [wanted, found] = [name, own].map((each) => {
      const deep = multilayerNet({ sizes: [2, 3, 3, 2], activation: [each, "tanh"], loss: "poisson" });
      const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2, activation: each, loss: "poisson" });
      return [exactHessian(deep, deep.init(3), batch), wsUpperBoundAndGradient(net, net.init(3), batch)];
    });
    expect(found).toEqual(wanted);
  });

  it.each(lossNames)("%s has the same bits, and in layers the same numbers", (name) => {
    const own = { ...loss(name), name: "mine" };
    const batch = batchOf(name);
    const [wanted, found] = [name, own].map((each) => {
      const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2, loss: each });
      return [
        exactHessian(net, net.init(3), batch),
        wsUpperBoundAndGradient(net, net.init(3), batch),
        net.predict(net.init(3), x),
      ];
    });
    expect(found).toEqual(wanted);
    const layers = [{ kind: "dense", outputs: 3 }, { kind: "silu" }, { kind: "dense", outputs: 2 }] as const;
    const [named, mine] = [name, own].map((each) => {
      const net = sequential({ input: 2, layers, loss: each });
      return exactHessian(net, net.init(3), batch).data;
    });
    expectClose(mine, named, 1e-13);
  });
});

describe("what has none", () => {
  it("has one Hessian by closed form and by automatic differentiation", () => {
    const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2, activation: arctan, loss: binomial });
    const layers = sequential({
      input: 2,
      layers: [{ kind: "dense", outputs: 3 }, { kind: arctan }, { kind: "dense", outputs: 2 }],
      loss: binomial,
    });
    const theta = net.init(4);
    const H = exactHessian(net, theta, counts).data;
    expectClose(exactHessian(layers, theta, counts).data, H, 1e-13);
    const { gradient } = lossAndGradient(net, theta, counts);
    expectClose(lossAndGradient(layers, theta, counts).gradient, gradient, 1e-13);
    const { frobeniusSquared } = spectralMoments(net, theta, counts);
    expect(frobeniusSquared / H.reduce((total, entry) => total + entry * entry, 0)).toBeCloseTo(1, 12);
    expect(spectralMoments(layers, theta, counts)).toEqual(spectralMoments(net, theta, counts));
    expect(layers.description.loss).toBe(binomial);
    expect(sequential(layers.description).layout).toEqual(layers.layout);
  });

  it("has derivatives to the third, and refuses the fourth", () => {
    const targets = Float64Array.of(1, 2, 5, 0);
    const at = {
      x: [
        [0.3, -1],
        [0.7, 0.2],
      ],
    };
    const own = { ...loss("softmax-cross-entropy"), name: "mine" };
    for (const each of [binomial, own]) {
      const y = each === own ? Float64Array.of(0.25, 0.75, 1, 0) : targets;
      const report = checkGrads(({ x: u }: { x: Value }) => sum(sampleLosses(each, y)(u)), at, { order: 3 });
      expect(report.passed, report.text).toBe(true);
    }
    expect(() =>
      checkGrads(({ x: u }: { x: Value }) => sum(sampleLosses(binomial, targets)(u)), at, { order: 4 }),
    ).toThrow(/up to the third/);
  });

  it("has layers with parameters, in blocks too, as the named ones have them", () => {
    const mine: OwnLayer = {
      name: "linear",
      make: ({ input: [inputs] }) => ({
        output: [2],
        parameters: [{ name: "weight", role: "weight", shape: [2, inputs], fanIn: inputs, fanOut: 2 }],
        apply: (rows, [weight]) => matmul(rows, weight, { transposeB: true }),
      }),
    };
    const [wanted, found] = [{ kind: "dense", outputs: 2, bias: false } as const, { kind: mine }].map(
      (layer) => {
        const net = sequential({
          input: 2,
          layers: [{ kind: "residual", layers: [layer] }, { kind: "tanh" }, layer],
        });
        const batch = { x, y: [0, 1, 0, 1, 1, 0] };
        return [net.layout, net.init(2), exactHessian(net, net.init(2), batch)] as const;
      },
    );
    const [[layout, theta, hessian], [ownLayout, ownTheta, ownHessian]] = [wanted, found];
    expect([ownLayout, ownTheta]).toEqual([layout, theta]);
    // That of named layers comes from their factors, that of one's own from products.
    expectClose(ownHessian.data, hessian.data, 1e-13);
  });

  const inside = [{ kind: "dense", outputs: 2 }, { kind: "tanh" }] as const;
  const uses: Readonly<Record<string, OwnLayer["make"]>> = {
    "of dense ones applied twice"(context) {
      const layer = context.nested("layers", inside);
      return { ...layer, apply: (rows, own, pass) => layer.apply(layer.apply(rows, own, pass), own, pass) };
    },
    "of a dense one by the squares of its weights"(context) {
      const layer = context.nested("layers", inside);
      return {
        ...layer,
        apply: (rows, [weight, bias], pass) => layer.apply(rows, [mul(weight, weight), bias], pass),
      };
    },
    "of a dense one whose weights stay"(context) {
      const layer = context.nested("layers", inside);
      const fixed = [
        tensor(Float64Array.of(0.5, -1, 0.3, 0.8), [2, 2]),
        tensor(Float64Array.of(0.1, 0.2), [2]),
      ];
      return { output: [2], apply: (rows, _own, pass) => layer.apply(rows, fixed, pass) };
    },
    "whose samples meet": ({ input }) => ({
      output: input,
      apply: (rows) => sub(rows, mean(rows, { axes: [0], keepAxes: true })),
    }),
  };
  it.each(Object.keys(uses))("has the right Hessian with a layer, %s, and no closed form", (use) => {
    const net = sequential({
      input: 2,
      layers: [
        { kind: "dense", outputs: 2 },
        { kind: { name: "mine", make: uses[use] } },
        { kind: "dense", outputs: 2 },
      ],
    });
    const theta = net.init(3);
    const batch = { x, y: [0, 1, 0, 1, 1, 0] };
    const { data } = exactHessian(net, theta, batch);
    assertDerivative({
      f: (at) => lossAndGradient(net, at, batch).gradient,
      at: theta,
      column: (j) => data.subarray(j * net.size, (j + 1) * net.size),
    });
    expect(() => spectralMoments(net, theta, batch)).toThrow(/a network with a closed form/);
  });

  const made = (layer: unknown) => () =>
    sequential({
      input: 2,
      layers: [{ kind: { name: "mine", make: () => layer } as never }, { kind: "dense", outputs: 1 }],
    });
  const apply = (rows: Value): Value => rows;
  refusals(ArgumentError, "invalid-argument", [
    [
      "an activation without a name",
      () => threeLayerNet({ inputs: 1, hidden: 1, outputs: 1, activation: { jet() {} } as never }),
      /threeLayerNet: expected activation\.name/,
    ],
    [
      "an activation without a jet",
      () => threeLayerNet({ inputs: 1, hidden: 1, outputs: 1, activation: { name: "a" } as never }),
      /activation\.jet/,
    ],
    [
      "a jet of two derivatives",
      () =>
        multilayerNet({
          sizes: [1, 1, 1],
          activation: { name: "short", jet: (z, out) => out.set([z, 1, 0]) },
        }),
      /multilayerNet: expected short to write φ, φ′, φ″ and φ‴/,
    ],
    [
      "an incomplete loss",
      () =>
        threeLayerNet({
          inputs: 1,
          hidden: 1,
          outputs: 1,
          loss: { name: "half", targets: binomial.targets, evaluate: binomial.evaluate } as never,
        }),
      /loss\.curvature/,
    ],
    [
      "a loss in layers, incomplete",
      () =>
        sequential({ input: 1, layers: [{ kind: "dense", outputs: 1 }], loss: { name: "half" } as never }),
      /sequential: expected loss\.targets/,
    ],
    [
      "a layer that is none",
      () => sequential({ input: 1, layers: [{ kind: { name: "x" } as never }] }),
      /sequential: expected layers\[0\]\.kind\.make/,
    ],
    ["a layer of nothing", made(undefined), /sequential: expected the layer mine to be an object/],
    ["a layer without a function", made({ output: [2] }), /mine\.apply/],
    ["a layer of no shape", made({ output: 2, apply }), /mine\.output/],
    [
      "a parameter of no role",
      made({ output: [2], apply, parameters: [{ name: "a", shape: [1], fanIn: 1, fanOut: 1 }] }),
      /role of mine\.a/,
    ],
    [
      "two parameters of one name",
      made({
        output: [2],
        apply,
        parameters: ["a", "b", "a"].map((name) => ({ name, role: "scale", shape: [2], fanIn: 1, fanOut: 1 })),
      }),
      /^sequential: expected the parameters of mine to have different names, got "a" twice$/,
    ],
    [
      "options of a layer of one's own",
      () => sequential({ input: 1, layers: [{ kind: arctan, slope: 2 } as never] }),
      /\(arctan\) to have no options/,
    ],
  ]);

  it("is refused where a layer's result is not of the shape that it promised", () => {
    const kind: OwnLayer = { name: "wrong", make: () => ({ output: [3], apply }) };
    const net = sequential({ input: 2, layers: [{ kind }, { kind: "dense", outputs: 1 }] });
    const predict = () => net.predict(net.init(1), [[1, 2]]);
    expect(predict).toThrow(ShapeError);
    expect(predict).toThrow(/layers\[0\] \(wrong\): expected a result of shape \(1,3\), got \(1,2\)/);
  });
});

describe("checks of one's own", () => {
  it("pass what is right", () => {
    checkActivation(arctan);
    checkLoss(binomial, [1, 4]);
    for (const name of activationNames) checkActivation(activation(name));
    for (const name of lossNames) checkLoss(loss(name), denseTargets(name, 3, draws));
  });

  it.each([1, 2, 3])("find derivative %i wrong by a thousandth", (order) => {
    const wrong: Activation = {
      name: "wrong",
      jet(z, out) {
        arctan.jet(z, out);
        out[order] *= 1.001;
      },
    };
    expect(() => checkActivation(wrong)).toThrow(`derivative ${order} of wrong at -3`);
  });

  it("find a wrong residual, curvature or adjoint, and a loss that is not canonical", () => {
    const twisted =
      (part: Partial<Loss>): (() => void) =>
      () =>
        checkLoss({ ...binomial, ...part }, [1, 4]);
    const evaluate =
      (change: (p: Float64Array, r: Float64Array) => void): Loss["evaluate"] =>
      (u, y, at, outputs, p, r) => {
        const value = binomial.evaluate(u, y, at, outputs, p, r);
        change(p, r);
        return value;
      };
    expect(twisted({ evaluate: evaluate((_, r) => (r[1] *= 1.001)) })).toThrow(/the residual of binomial/);
    expect(twisted({ evaluate: evaluate((p) => (p[1] += 0.01)) })).toThrow(/of binomial/);
    expect(twisted({ curvature: (_u, _p, _at, K, s) => s.fill(1, 0, K * K) })).toThrow(
      /residual 0 of binomial/,
    );
    expect(twisted({ curvatureAdjoint: () => {} })).toThrow(/curvatureAdjoint of binomial/);
    expect(() => checkLoss(binomial, [9])).toThrow(/counts in 0 … 5, got \[9\]/);
  });
});
