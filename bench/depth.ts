import {
  exactHessian,
  hessianOperator,
  hsrObjective,
  type MultilayerNet,
  multilayerNet,
  randomStream,
  spectralMoments,
  tensor,
  wsUpperBoundAndGradient,
} from "flatward";
import type { Task } from "./tasks.js";

interface Deep {
  readonly net: MultilayerNet;
  readonly theta: Float64Array;
  readonly batch: { readonly x: ReturnType<typeof tensor>; readonly y: Int32Array };
}

/** A chain at its initial parameters, and normal features with random labels. */
export function deepProblem(sizes: readonly number[], samples: number): Deep {
  const draws = randomStream(1, "bench");
  const net = multilayerNet({ sizes });
  const x = Float64Array.from({ length: samples * net.inputs }, () => draws.normal());
  const y = Int32Array.from({ length: samples }, () => draws.integer(net.outputs));
  return { net, theta: net.init(1), batch: { x: tensor(x, [samples, net.inputs]), y } };
}

/** Everything in units of one product H·v. */
function depthTasks(sizes: readonly number[], samples: number): Task[] {
  const group = `depth ${sizes.join("-")}, ${samples}`;
  const problem = () => deepProblem(sizes, samples);
  const product = (times: number) => () => {
    const { net, theta, batch } = problem();
    const operator = hessianOperator(net, theta, batch);
    const v = net.init(2);
    const out = new Float64Array(net.size);
    return () => {
      for (let i = 0; i < times; i++) operator.apply(v, out);
    };
  };
  const { size } = multilayerNet({ sizes });
  return [
    { group, name: "H·v", isUnit: true, setUp: product(1) },
    {
      group,
      name: "moments",
      setUp() {
        const { net, theta, batch } = problem();
        return () => spectralMoments(net, theta, batch);
      },
    },
    {
      group,
      name: "WS gradient",
      setUp() {
        const { net, theta, batch } = problem();
        return () => wsUpperBoundAndGradient(net, theta, batch);
      },
    },
    {
      group,
      name: "HSR gradient",
      setUp() {
        const { net, theta, batch } = problem();
        const objective = hsrObjective(net, batch, { strength: 0.1 });
        return () => objective.gradient(theta);
      },
    },
    ...(size > 10_000
      ? []
      : [
          { group, name: "n products H·v", setUp: product(size) },
          {
            group,
            name: "exact Hessian",
            setUp() {
              const { net, theta, batch } = problem();
              return () => exactHessian(net, theta, batch);
            },
          },
        ]),
  ];
}

export const deepTasks: readonly Task[] = [
  ...depthTasks([64, 32, 32, 10], 32),
  ...depthTasks([64, 32, 32, 10], 128),
  ...depthTasks([784, 64, 64, 10], 64),
];
