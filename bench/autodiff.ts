import { exactHessian, lossAndGradient, lossObjective, type Tensor, tensor } from "flatward";
import {
  add,
  dot,
  grad,
  hessian,
  hvp,
  jvp,
  jvps,
  logSoftmax,
  matmul,
  mean,
  mul,
  neg,
  reshape,
  slice,
  stack,
  sum,
  tanh,
  type Value,
} from "flatward/autodiff";
import { oneHot } from "./one-hot.js";
import { type Problem, problemOf, sizes } from "./sizes.js";
import type { Task } from "./tasks.js";

/** Softmax cross-entropy of a tanh network as a function of theta, in operations. */
function lossOf(problem: Problem): (theta: Value) => Value {
  const y = oneHot(problem.batch.y as Int32Array, problem.net.outputs);
  return (theta) => {
    const [w1, b1, w2, b2] = problem.net.layout.map(({ shape, offset }) => {
      const size = shape.reduce((product, extent) => product * extent, 1);
      return reshape(slice(theta, [offset], [offset + size]), shape);
    });
    const hidden = tanh(add(matmul(problem.batch.x as Tensor, w1, { transposeB: true }), b1));
    const logits = add(matmul(hidden, w2, { transposeB: true }), b2);
    return neg(mean(sum(mul(y, logSoftmax(logits)), { axes: 1 })));
  };
}

const direction = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => Math.sin(i));

async function jax(work: "loss + gradient" | "H·v", { net, theta, batch }: Problem): Promise<() => unknown> {
  const { networkWorks } = await import("./peers/jax.js");
  const { inputs, hidden, outputs } = net;
  const { x, y } = batch as { x: Tensor; y: Int32Array };
  const [run] = Object.values(
    networkWorks[work]({ inputs, hidden, outputs, theta, x, y, v: direction(theta.length) }),
  );
  return run;
}

function sizeTasks(size: string): Task[] {
  const problem = () => problemOf(sizes[size]);
  const group = `autodiff ${size}`;
  return [
    {
      group,
      name: "gradient, by hand",
      isUnit: true,
      setUp: () => {
        const { net, theta, batch } = problem();
        return () => lossAndGradient(net, theta, batch);
      },
    },
    {
      group,
      name: "gradient, autodiff",
      setUp: () => {
        const p = problem();
        const gradient = grad(lossOf(p));
        return () => gradient(p.theta);
      },
    },
    { group, name: "gradient, jax-js", setUp: () => jax("loss + gradient", problem()) },
    {
      group,
      name: "H·v, closed form",
      setUp: () => {
        const { net, theta, batch } = problem();
        const objective = lossObjective(net, batch);
        const v = direction(theta.length);
        return () => objective.hessianVectorProduct(theta, v);
      },
    },
    {
      group,
      name: "H·v, autodiff",
      setUp: () => {
        const p = problem();
        const v = direction(p.theta.length);
        const loss = lossOf(p);
        return () => hvp(loss, p.theta, v);
      },
    },
    { group, name: "H·v, jax-js", setUp: () => jax("H·v", problem()) },
    {
      group,
      name: "Hessian, closed form",
      setUp: () => {
        const { net, theta, batch } = problem();
        return () => exactHessian(net, theta, batch);
      },
    },
    {
      group,
      name: "Hessian, autodiff",
      setUp: () => {
        const p = problem();
        const matrix = hessian(lossOf(p));
        return () => matrix(p.theta);
      },
    },
  ];
}

/** Gradients through chains of n operations, all too long for the young generation of the heap: their cost must grow linearly. */
const chainLengths = [4_000, 16_000, 64_000, 256_000];

const chainTasks = chainLengths.map(
  (length): Task => ({
    group: "chain",
    name: `${length} operations`,
    isUnit: length === chainLengths[0],
    growth: { series: "gradient", of: "length", extent: length, operations: length },
    setUp: () => {
      const start = direction(8);
      const chain = (x: Value): Value => {
        let value = x;
        for (let i = 0; i < length; i++) value = tanh(value);
        return dot(value, value);
      };
      const gradient = grad(chain);
      return () => gradient(start);
    },
  }),
);

/** 32 tangents of the gradient by what is added to the inputs, through the network of S2, one at a time and together. */
const COUNT = 32;

function tangentProblem() {
  const { net, theta, batch } = problemOf(sizes.S2);
  const x = batch.x as Tensor;
  const [first] = net.layout;
  const w = tensor(theta.slice(0, first.shape[0] * first.shape[1]), first.shape);
  const f = (shift: Value): Value =>
    grad((s: Value) => sum(tanh(matmul(tanh(matmul(add(x, s), w, { transposeB: true })), w))))(shift);
  const shifts = Array.from({ length: COUNT }, (_, t) =>
    tensor(direction(x.data.length + t).subarray(t), x.shape),
  );
  return { f, at: tensor(new Float64Array(x.data.length), x.shape), shifts };
}

const tangentTasks: readonly Task[] = [
  {
    group: "tangents",
    name: `${COUNT} of a gradient, one at a time`,
    isUnit: true,
    setUp: () => {
      const { f, at, shifts } = tangentProblem();
      return () => shifts.map((shift) => jvp(f, at, shift));
    },
  },
  {
    group: "tangents",
    name: `${COUNT} of a gradient, together`,
    setUp: () => {
      const { f, at, shifts } = tangentProblem();
      const stacked = stack(shifts);
      return () => jvps(f, at, stacked);
    },
  },
];

export const autodiffTasks: readonly Task[] = [
  ...["S1", "S2", "S3"].flatMap(sizeTasks),
  ...chainTasks,
  ...tangentTasks,
];
