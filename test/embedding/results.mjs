// The same few computations wherever they run: every number, and a digest of all bits. No import but flatward's.

import {
  adam,
  backend,
  exactHessian,
  lanczos,
  lossObjective,
  minimize,
  objectiveOf,
  sgd,
  symmetricEigen,
  threeLayerNet,
  useBackend,
  wsUpperBoundAndGradient,
} from "flatward";
import { grad, hvp, matmul, sum } from "flatward/autodiff";
import { matrixOperator } from "flatward/linalg";

export { useBackend } from "flatward";

const x = Float64Array.of(0, 0, 0, 1, 1, 0, 1, 1);
const batch = { x: { data: x, shape: [4, 2] }, y: Int32Array.of(0, 1, 1, 0) };
const targets = { x: batch.x, y: [[0], [1], [1], [0]] };

/** Made of + − × ÷ √ alone: IEEE arithmetic says their bits. */
function arithmetic() {
  const net = threeLayerNet({
    inputs: 2,
    hidden: 3,
    outputs: 1,
    activation: "identity",
    loss: "mean-squared-error",
  });
  const theta = Float64Array.from({ length: net.size }, (_, i) => ((7 * i) % 11) / 11 - 0.4);
  const run = minimize(lossObjective(net, targets), theta, sgd({ learningRate: 0.1, momentum: 0.9 }), {
    steps: 50,
  });
  const quadratic = (v) => sum(matmul(v, v));
  const direction = { data: Float64Array.of(1, 2, 3, 4), shape: [2, 2] };
  return [
    run.theta,
    symmetricEigen(exactHessian(net, run.theta, targets)).values,
    grad(quadratic)(direction).data,
    hvp(quadratic, direction, direction).data,
  ];
}

/** With exp, log, tanh, sine and cosine, whose last bits are the engine's own. */
function functions() {
  const net = threeLayerNet({ inputs: 2, hidden: 4, outputs: 2 });
  const run = minimize(lossObjective(net, batch), net.init(7), adam({ learningRate: 0.05 }), { steps: 50 });
  const H = exactHessian(net, run.theta, batch);
  const plain = objectiveOf(2, ([a, b]) => ({
    value: a * a + b * b,
    gradient: Float64Array.of(2 * a, 2 * b),
  }));
  return [
    net.init(7),
    run.theta,
    H.data,
    wsUpperBoundAndGradient(net, run.theta, batch).gradient,
    lanczos(matrixOperator(H), { k: 2 }).values,
    minimize(plain, Float64Array.of(1, -1), sgd({ learningRate: 0.1 }), { steps: 5 }).theta,
  ];
}

/** FNV-1a of the bits, in 64 bits. */
function digestOf(arrays) {
  let hash = 0xcbf29ce484222325n;
  for (const values of arrays)
    for (const byte of new Uint8Array(Float64Array.from(values).buffer))
      hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, "0");
}

/** On the platform's own backend, after plain TypeScript has given the same bits. */
export function results() {
  useBackend("plain");
  const plain = [arithmetic(), functions()].map(digestOf);
  useBackend("auto");
  const [exact, rounded] = [arithmetic(), functions()];
  const found = [exact, rounded].map(digestOf);
  if (found.join() !== plain.join()) throw new Error(`${backend()} has bits of its own`);
  return {
    backend: backend(),
    arithmetic: found[0],
    functions: found[1],
    numbers: rounded.flatMap((values) => Array.from(values)),
  };
}
