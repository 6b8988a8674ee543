import {
  hessianOperator,
  hsrObjective,
  lossAndGradient,
  randomStream,
  sequential,
  spectralMoments,
  wsUpperBoundAndGradient,
} from "flatward";
import { directionalCurvature } from "flatward/hessian";
import { tensor } from "flatward/tensor";
import type { Task } from "./tasks.js";

/** A smooth convolutional network on images of 28×28, with or without normalisation of its batch. */
function problem(normalized: boolean) {
  const net = sequential({
    input: [1, 28, 28],
    layers: [
      { kind: "conv2d", channels: 8, kernel: 5 },
      ...(normalized ? ([{ kind: "batchNorm" }] as const) : []),
      { kind: "silu" },
      { kind: "maxPool2d", size: 4 },
      { kind: "flatten" },
      { kind: "dense", outputs: 10 },
    ],
  });
  const draws = randomStream(1, "bench");
  const samples = 64;
  const x = tensor(
    Float64Array.from({ length: samples * net.inputs }, () => draws.normal()),
    [samples, net.inputs],
  );
  const y = Int32Array.from({ length: samples }, (_, i) => i % net.outputs);
  const v = Float64Array.from({ length: net.size }, () => draws.normal());
  return { net, theta: net.init(1), batch: { x, y }, v };
}

const estimate = { method: "estimate", samples: 10 } as const;

/** In units of one product H·v of an operator that has its forward pass behind it. */
export const estimateTasks: readonly Task[] = [false, true].flatMap((normalized) => {
  type Problem = ReturnType<typeof problem>;
  const task = (name: string, run: (problem: Problem) => unknown): Task => ({
    group: normalized ? "batch norm" : "estimates",
    name,
    setUp() {
      const made = problem(normalized);
      return () => run(made);
    },
  });
  return [
    {
      ...task("H·v", () => undefined),
      isUnit: true,
      setUp() {
        const { net, theta, batch, v } = problem(normalized);
        const operator = hessianOperator(net, theta, batch);
        const out = new Float64Array(net.size);
        return () => operator.apply(v, out);
      },
    },
    task("loss + gradient", ({ net, theta, batch }) => lossAndGradient(net, theta, batch)),
    task("∇(vᵀHv)", ({ net, theta, batch, v }) => directionalCurvature(net, theta, batch, v)),
    task("moments, 10 probes", ({ net, theta, batch }) => spectralMoments(net, theta, batch, estimate)),
    task("WS gradient, 10", ({ net, theta, batch }) => wsUpperBoundAndGradient(net, theta, batch, estimate)),
    task("HSR step, 2 probes", ({ net, theta, batch }) =>
      hsrObjective(net, batch, { strength: 0.1, ...estimate, samples: 2 }).gradient(theta),
    ),
  ];
});
