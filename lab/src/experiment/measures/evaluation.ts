import type { Batch, Network } from "flatward";

/** How many samples a batch of class indices has. */
export function countOf({ y }: Batch): number {
  return (y as ArrayLike<number>).length;
}

/** Share of samples whose most probable class is right. */
export function accuracyOf(net: Network, theta: Float64Array, { x, y }: Batch): number {
  const labels = y as ArrayLike<number>;
  const { data, shape } = net.predict(theta, x);
  const [count, classes] = shape;
  let right = 0;
  for (let i = 0; i < count; i++) {
    const row = data.subarray(i * classes, (i + 1) * classes);
    if (row.indexOf(Math.max(...row)) === labels[i]) right++;
  }
  return right / count;
}
