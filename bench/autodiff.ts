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
import { type Problem, problemOf, sizes } from "./sizes.js";
import type { Task } from "./tasks.js";

/** One-hot targets, as both autodiff engines take them. */
function oneHot({ net, batch }: Problem): Tensor {
  const labels = batch.y as Int32Array;
  const y = new Float64Array(labels.length * net.outputs);
  labels.forEach((label, i) => {
    y[i * net.outputs + label] = 1;
  });
  return tensor(y, [labels.length, net.outputs]);
}

/** Softmax cross-entropy of a tanh network as a function of theta, in operations. */
function lossOf(problem: Problem): (theta: Value) => Value {
  const y = oneHot(problem);
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

/** jax-js on its WebAssembly backend, in float64 and compiled; Node lacks two globals that it expects of a browser. */
async function jaxGradient(problem: Problem, what: "gradient" | "H·v"): Promise<() => unknown> {
  const globals = globalThis as Record<string, unknown>;
  globals.navigator ??= {};
  globals.Float16Array ??= class extends Uint16Array {};
  const { numpy: np, grad: jaxGrad, jvp, jit, nn, init, defaultDevice } = await import("@jax-js/jax");
  await init();
  defaultDevice("wasm");
  const { net, theta, batch } = problem;
  const array = (data: Float64Array, shape: readonly number[]) =>
    np.array(data as Float64Array<ArrayBuffer>, { dtype: np.float64, shape: [...shape] });
  const x = array((batch.x as Tensor).data, (batch.x as Tensor).shape);
  const targets = oneHot(problem);
  const y = array(targets.data, targets.shape);
  const parts = (flat: Float64Array) =>
    net.layout.map(({ shape, offset }) =>
      array(flat.slice(offset, offset + shape.reduce((a, b) => a * b, 1)), shape),
    );
  type JaxArray = ReturnType<typeof array>;
  const loss = (w1: JaxArray, b1: JaxArray, w2: JaxArray, b2: JaxArray) => {
    const hidden = np.tanh(np.add(np.matmul(x.ref, np.transpose(w1)), b1));
    const logits = np.add(np.matmul(hidden, np.transpose(w2)), b2);
    return np.negative(np.mean(np.sum(np.multiply(y.ref, nn.logSoftmax(logits)), 1)));
  };
  const gradient = jaxGrad(loss, { argnums: [0, 1, 2, 3] }) as unknown as (...args: JaxArray[]) => JaxArray[];
  const parameters = parts(theta);
  const tangents = parts(direction(theta.length));
  const compiled =
    what === "gradient"
      ? jit(gradient as never)
      : jit(
          ((...args: JaxArray[]) =>
            (jvp as (...args: unknown[]) => [unknown, JaxArray[]])(
              gradient,
              args,
              tangents.map((t) => t.ref),
            )[1]) as never,
        );
  const run = () =>
    (compiled as unknown as typeof gradient)(...parameters.map((p) => p.ref)).map((part) => part.dataSync());
  run();
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
    { group, name: "gradient, jax-js", setUp: () => jaxGradient(problem(), "gradient") },
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
    { group, name: "H·v, jax-js", setUp: () => jaxGradient(problem(), "H·v") },
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
