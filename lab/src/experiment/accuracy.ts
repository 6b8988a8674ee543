import type { Batch, ThreeLayerNet } from "flatward";

/** Share of samples whose most probable class is right. */
export function accuracyOf(net: ThreeLayerNet, theta: Float64Array, { x, y }: Batch): number {
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
