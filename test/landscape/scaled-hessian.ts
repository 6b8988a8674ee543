import { exactHessian, lossObjective, symmetricEigen } from "../../src/index.js";
import { makeCase } from "../cases.js";
import { euclidean } from "../oracles/compare.js";
import { symmetric } from "../oracles/plain-matrix.js";

export const { net, theta, batch } = makeCase({ size: [20, 2, 4, 3], seed: 3 });
export const objective = lossObjective(net, batch);
export const H = exactHessian(net, theta, batch);
export const { values } = symmetricEigen(H);
export const n = net.size;

/** T by its definition: root mean squares over the whole, the tensors, their rows, or alone. */
export function scalesOf(normalization: string): Float64Array {
  const out = theta.map(Math.abs);
  const fill = (from: number, to: number) =>
    out.fill(euclidean(theta.subarray(from, to)) / Math.sqrt(to - from), from, to);
  if (normalization === "network") fill(0, n);
  if (normalization === "layer" || normalization === "filter") {
    for (const { shape, offset } of net.layout) {
      const size = shape.reduce((a, b) => a * b, 1);
      const width = normalization === "layer" ? size : (shape[1] ?? 1);
      for (let at = offset; at < offset + size; at += width) fill(at, at + width);
    }
  }
  return out;
}
export const kinds = ["network", "layer", "filter", "element"] as const;
export const scaled = (normalization: string) => {
  const t = scalesOf(normalization);
  return symmetric(n, (i, j) => t[i] * H.data[i * n + j] * t[j]);
};
