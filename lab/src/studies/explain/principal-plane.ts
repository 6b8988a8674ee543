import { lanczos, productOperator, type Tensor } from "flatward";
import type { Given } from "./given.js";

/** Points of a plane, and what its axes are. */
export interface Plane {
  readonly points: readonly { readonly x: number; readonly y: number }[];
  readonly axes: readonly [string, string];
}

/** Samples (N,d) in the plane of their first two principal components; with two features in theirs, as the data have them. */
export function principalPlane(x: Tensor, { features, rows }: Given): Plane {
  const [count, width] = x.shape;
  const all = Array.from({ length: count }, (_, i) => i);
  if (width <= 2) {
    return {
      points: rows.map(([first, second = 0]) => ({ x: first, y: second })),
      axes: [features[0], features[1] ?? ""],
    };
  }
  const means = Array.from(
    { length: width },
    (_, c) => all.reduce((sum, i) => sum + x.data[i * width + c], 0) / count,
  );
  const centred = Float64Array.from(x.data, (entry, at) => entry - means[at % width]);
  const projected = (v: Float64Array) =>
    all.map((i) => v.reduce((sum, each, c) => sum + each * centred[i * width + c], 0));
  const covariance = productOperator(width, (v, out) => {
    out.fill(0);
    projected(v).forEach((score, i) => {
      for (let c = 0; c < width; c++) out[c] += (score * centred[i * width + c]) / count;
    });
  });
  const { values, vectors } = lanczos(covariance, { k: 2, seed: 1 });
  const total = centred.reduce((sum, entry) => sum + entry * entry, 0) / count;
  // Eigenvalues ascend.
  const columnOf = (k: number) => values.length - 1 - k;
  const component = (k: number) =>
    projected(Float64Array.from({ length: width }, (_, c) => vectors.data[c * values.length + columnOf(k)]));
  const [first, second] = [component(0), component(1)];
  const name = (k: number) => {
    // Samples may be all the same.
    const part = total > 0 ? values[columnOf(k)] / total : 0;
    return `principal component ${k + 1} (${(100 * part).toFixed(0)} % of the variance)`;
  };
  return { points: all.map((i) => ({ x: first[i], y: second[i] })), axes: [name(0), name(1)] };
}
