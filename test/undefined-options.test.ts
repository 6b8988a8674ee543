// Options that are left out may be undefined too, also under exactOptionalPropertyTypes: for every function of every entry
// point. The types are checked when the tests are compiled; that undefined is as good as nothing is run here.

import * as root from "flatward";
import type * as autodiff from "flatward/autodiff";
import type * as bounds from "flatward/bounds";
import type * as hessian from "flatward/hessian";
import type * as hsr from "flatward/hsr";
import * as landscape from "flatward/landscape";
import * as linalg from "flatward/linalg";
import type * as nn from "flatward/nn";
import * as optim from "flatward/optim";
import * as regularizers from "flatward/regularizers";
import type * as tensor from "flatward/tensor";
import type * as testing from "flatward/testing";
import type * as threads from "flatward/threads";
import { describe, expect, expectTypeOf, it } from "vitest";

/** What others implement, with methods that they may lack: no options. */
type Implemented = root.Objective | root.Network | root.Optimizer | root.LinearOperator;

/** The optional keys of an options object that do not take undefined. */
type Strict<Options> = Options extends readonly unknown[] | ArrayBufferView | ((...args: never) => unknown)
  ? never
  : Options extends Implemented
    ? never
    : Options extends object
      ? {
          [Key in keyof Options as string extends Key ? never : number extends Key ? never : Key]-?: Record<
            never,
            never
          > extends Pick<Options, Key>
            ? { [Same in Key]: undefined } extends Pick<Options, Key>
              ? never
              : Key
            : never;
        } extends infer Found
        ? Found[keyof Found]
        : never
      : never;

/** The same of all parameters of a module's functions, with the function's name. */
type StrictIn<Module> = {
  [Name in keyof Module]: Module[Name] extends (...args: infer Parameters extends unknown[]) => unknown
    ? Strict<Parameters[number]> extends never
      ? never
      : [Name, Strict<Parameters[number]>]
    : never;
}[keyof Module];

type Modules = [
  typeof root,
  typeof autodiff,
  typeof bounds,
  typeof hessian,
  typeof hsr,
  typeof landscape,
  typeof linalg,
  typeof nn,
  typeof optim,
  typeof regularizers,
  typeof tensor,
  typeof testing,
  typeof threads,
];

/** Each module for itself. */
type StrictInAny<Module> = Module extends unknown ? StrictIn<Module> : never;

const net = root.threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
const theta = net.init(1);
const batch = {
  x: [
    [1, 2],
    [3, 5],
    [-1, 0],
  ],
  y: [0, 1, 1],
};
const objective = root.lossObjective(net, batch);
const operator = root.hessianOperator(net, theta, batch);

/** Calls with nothing left out but said to be undefined, and without. */
const calls: Readonly<Record<string, readonly [given: () => unknown, left: () => unknown]>> = {
  threeLayerNet: [
    () =>
      root
        .threeLayerNet({
          inputs: 2,
          hidden: 3,
          outputs: 2,
          activation: undefined,
          loss: undefined,
          bias: undefined,
        })
        .init(1),
    () => net.init(1),
  ],
  batch: [
    () => root.exactHessian(net, theta, { ...batch, weights: undefined }),
    () => root.exactHessian(net, theta, batch),
  ],
  minimize: [
    () =>
      root.minimize(
        objective,
        theta,
        root.adam({
          learningRate: 0.1,
          beta1: undefined,
          beta2: undefined,
          epsilon: undefined,
          weightDecay: undefined,
        }),
        {
          steps: 3,
          gradientTolerance: undefined,
          from: undefined,
          onStep: undefined,
        },
      ),
    () => root.minimize(objective, theta, root.adam({ learningRate: 0.1 }), { steps: 3 }),
  ],
  sgd: [
    () =>
      root.sgd({
        learningRate: 0.1,
        momentum: undefined,
        dampening: undefined,
        nesterov: undefined,
        weightDecay: undefined,
      }).hyperparameters,
    () => root.sgd({ learningRate: 0.1 }).hyperparameters,
  ],
  objectiveOf: [
    () =>
      root
        .objectiveOf(objective.size, objective.valueAndGradient, {
          value: undefined,
          gradient: undefined,
          hessianVectorProduct: undefined,
          hessianAt: undefined,
          beginStep: undefined,
        })
        .gradient(theta),
    () => objective.gradient(theta),
  ],
  clipped: [
    () => optim.clipped(objective, { norm: 0.1, value: undefined }).gradient(theta),
    () => optim.clipped(objective, { norm: 0.1 }).gradient(theta),
  ],
  lanczos: [
    () =>
      root.lanczos(operator, {
        k: undefined,
        which: undefined,
        tolerance: undefined,
        maxIterations: undefined,
        basisSize: undefined,
        seed: undefined,
      }),
    () => root.lanczos(operator),
  ],
  hutchinsonTrace: [
    () => linalg.hutchinsonTrace(operator, { samples: undefined, seed: undefined }),
    () => linalg.hutchinsonTrace(operator),
  ],
  spectralBounds: [
    () => root.spectralBounds(net, theta, batch, { dense: undefined }),
    () => root.spectralBounds(net, theta, batch),
  ],
  hsrObjective: [
    () =>
      root
        .hsrObjective(net, batch, {
          strength: 1,
          form: undefined,
          scaling: undefined,
          period: undefined,
          targetSharpness: undefined,
          clip: undefined,
          every: undefined,
          samples: undefined,
          batchSize: undefined,
          seed: undefined,
          estimator: undefined,
        })
        .gradient(theta),
    () => root.hsrObjective(net, batch, { strength: 1 }).gradient(theta),
  ],
  gradientNormObjective: [
    () => regularizers.gradientNormObjective(objective, { strength: 1, squared: undefined }).gradient(theta),
    () => regularizers.gradientNormObjective(objective, { strength: 1 }).gradient(theta),
  ],
  curvatureSummary: [
    () =>
      landscape.curvatureSummary(objective, theta, {
        denseLimit: undefined,
        samples: undefined,
        tolerance: undefined,
        seed: undefined,
      }),
    () => landscape.curvatureSummary(objective, theta),
  ],
  isStable: [
    () =>
      optim.isStable(root.sgd({ learningRate: 0.1 }), 3, {
        gradientNorm: undefined,
        preconditioned: undefined,
        tolerance: undefined,
      }),
    () => optim.isStable(root.sgd({ learningRate: 0.1 }), 3),
  ],
};

describe("an option that is undefined", () => {
  it("compiles for every function", () => {
    // An error here names the functions and the keys that refuse it.
    expectTypeOf<StrictInAny<Modules[number]>>().toEqualTypeOf<never>();
    expectTypeOf<StrictIn<{ f(options?: { a?: number; b?: number | undefined }): void }>>().toEqualTypeOf<
      ["f", "a"]
    >();
  });

  it.each(Object.entries(calls))("is one that is left out: %s", (_, [given, left]) => {
    expect(given()).toEqual(left());
  });
});
