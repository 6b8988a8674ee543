import { type Tensor, tensor } from "flatward";

/** Labels as targets (N,K), as automatic differentiation takes them. */
export function oneHot(labels: Int32Array, classes: number): Tensor {
  const targets = new Float64Array(labels.length * classes);
  labels.forEach((label, i) => {
    targets[i * classes + label] = 1;
  });
  return tensor(targets, [labels.length, classes]);
}
