// Independent: what is counted are calls inside the engine, whatever the table of methods says.

import { describe, expect, it, vi } from "vitest";
import { loadSource } from "../../src/data/sources.js";
import { runConfigSchema } from "../../src/experiment/config.js";
import { countOf } from "../../src/experiment/measures/evaluation.js";
import {
  defaultMethod,
  gradientsOf,
  type MethodConfig,
  methodNames,
  methods,
  settingsOf,
} from "../../src/experiment/methods.js";
import { networkFor } from "../../src/experiment/network/make.js";
import { prepare } from "../../src/experiment/prepare.js";

const seen = vi.hoisted(() => ({ gradients: 0, samples: 0 }));

/** A module in which a function counts. */
function counting(module: unknown, name: string, worth: number | ((...args: never[]) => number)): object {
  const functions = module as Record<string, (...args: unknown[]) => unknown>;
  const counted = (...args: unknown[]) => {
    seen.gradients += typeof worth === "number" ? worth : worth(...(args as never[]));
    return functions[name](...args);
  };
  return { ...functions, [name]: counted };
}

vi.mock("../../../src/nn/dense/loss-gradient.js", async (original) =>
  // Of some samples it is a part of one.
  counting(
    await original(),
    "lossGradient",
    ({ batch }: { batch: { count: number } }) => batch.count / seen.samples,
  ),
);
vi.mock("../../../src/hessian/chain-pullback.js", async (original) =>
  counting(await original(), "pullBackChain", 1),
);
vi.mock("../../../src/hessian/directional-curvature.js", async (original) =>
  counting(await original(), "curvatureAlong", 1),
);
vi.mock("../../../src/nn/dense/tangents.js", async (original) =>
  counting(await original(), "hessianProduct", 2),
);

const STEPS = 10;
const iris = loadSource({ name: "iris" });

describe("the gradients a step evaluates, H·v counted as two,", () => {
  // What a step of HSR costs depends on the problem, and is told by the engine.
  const told = methodNames.filter((name) => !("stepsOn" in methods[name]));

  it.each(told)("are as many as the table says: %s", (name) => {
    const config = runConfigSchema.parse({
      network: { hidden: 2 },
      method: defaultMethod(name),
      training: { steps: 1 },
      seed: 1,
      measures: ["trainLoss"],
    });
    const net = networkFor(iris, config.network);
    const { train } = prepare(iris, config.training, 1);
    const method = config.method as MethodConfig;
    const settings = settingsOf(method);
    seen.samples = countOf(train);
    const objective = methods[name].objective(net, train, settings, 1);
    const optimizer = methods[name].optimizer(settings);
    let theta = net.init(1);
    let state = optimizer.initialState(net.size);
    seen.gradients = 0;
    // Alternating steps come in pairs, and LookSAM's in fives.
    for (let step = 0; step < STEPS; step++) {
      objective.beginStep?.(step);
      ({ theta, state } = optimizer.step(objective, theta, state));
    }
    // A share of samples is rounded up to whole ones.
    const rounding = name === "esam" ? 1 / seen.samples : 1e-12;
    expect(Math.abs(seen.gradients / STEPS - gradientsOf(method))).toBeLessThan(rounding);
  });
});
