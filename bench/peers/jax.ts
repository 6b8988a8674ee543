// jax-js on its WebAssembly backend, in float64 and compiled.
import type { Tensor } from "flatward";
import { oneHot } from "../one-hot.js";
import type { Ways } from "../serve.js";
import type { PeerProblem } from "./problems.js";

// Node lacks two globals that it expects of a browser.
const globals = globalThis as Record<string, unknown>;
globals.navigator ??= {};
globals.Float16Array ??= class extends Uint16Array {};
const { numpy: np, grad, jvp, jit, nn, init, defaultDevice, valueAndGrad } = await import("@jax-js/jax");
await init();
defaultDevice("wasm");

type NetworkProblem = Omit<PeerProblem, "matrix" | "a" | "b">;
type JaxArray = ReturnType<typeof np.array>;
type Function<Result> = (...args: JaxArray[]) => Result;

const array = (data: Float64Array, shape: readonly number[]): JaxArray =>
  np.array(data as Float64Array<ArrayBuffer>, { dtype: np.float64, shape: [...shape] });

/** W1, b1, W2 and b2, of theta or of a vector like it. */
function parts({ inputs, hidden, outputs }: NetworkProblem, flat: Float64Array): JaxArray[] {
  let at = 0;
  return [[hidden, inputs], [hidden], [outputs, hidden], [outputs]].map((shape) => {
    const size = shape.reduce((a, b) => a * b, 1);
    at += size;
    return array(flat.slice(at - size, at), shape);
  });
}

function lossOf({ x, y, outputs }: NetworkProblem): Function<JaxArray> {
  const features = array(x.data, x.shape);
  const { data, shape } = oneHot(y, outputs);
  const targets = array(data, shape);
  return (w1, b1, w2, b2) => {
    const hidden = np.tanh(np.add(np.matmul(features.ref, np.transpose(w1)), b1));
    const logits = np.add(np.matmul(hidden, np.transpose(w2)), b2);
    return np.negative(np.mean(np.sum(np.multiply(targets.ref, nn.logSoftmax(logits)), 1)));
  };
}

const argnums = [0, 1, 2, 3];
const numbers = (arrays: readonly JaxArray[]) => arrays.map((part) => part.dataSync());

export const networkWorks = {
  "loss + gradient": (problem: NetworkProblem): Ways => {
    const run = jit(valueAndGrad(lossOf(problem), { argnums }) as never) as unknown as Function<
      [JaxArray, JaxArray[]]
    >;
    const theta = parts(problem, problem.theta);
    return {
      "jit of valueAndGrad": () => {
        const [value, gradient] = run(...theta.map((part) => part.ref));
        return numbers([value, ...gradient]);
      },
    };
  },
  H·v: (problem: NetworkProblem): Ways => {
    const gradient = grad(lossOf(problem), { argnums }) as unknown as Function<JaxArray[]>;
    const tangents = parts(problem, problem.v);
    const derivative: Function<JaxArray[]> = (...theta) =>
      (jvp as (...args: unknown[]) => [unknown, JaxArray[]])(
        gradient,
        theta,
        tangents.map((part) => part.ref),
      )[1];
    const run = jit(derivative as never) as unknown as Function<JaxArray[]>;
    const theta = parts(problem, problem.theta);
    return { "jit of jvp of grad": () => numbers(run(...theta.map((part) => part.ref))) };
  },
};

export const works: Readonly<Record<string, (problem: PeerProblem) => Ways>> = {
  ...networkWorks,
  product: ({ a, b }) => {
    const factors = [a, b].map(({ data, shape }: Tensor) => array(data, shape));
    const run = jit(((x: JaxArray, y: JaxArray) =>
      np.matmul(x, y)) as never) as unknown as Function<JaxArray>;
    return { "jit of matmul": () => run(...factors.map((factor) => factor.ref)).dataSync() };
  },
};
