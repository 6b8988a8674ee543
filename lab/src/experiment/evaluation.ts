import { type Batch, lossObjective, type Network, type Objective, selectSamples } from "flatward";
import { hasClosedForm } from "./network/make.js";

/** Samples that pass at once through a network whose layers need much memory for each. */
const PIECE = 250;

/** The loss with its products H·v. */
export type LossObjective = Objective & Required<Pick<Objective, "hessianVectorProduct">>;

/** How many samples a batch has. */
export function countOf({ y }: Batch): number {
  return (y as ArrayLike<number>).length;
}

/** A batch as it passes through a network: whole where that has one hidden layer, a few samples at a time elsewhere. */
function piecesOf(net: Network, batch: Batch): Batch[] {
  const count = countOf(batch);
  if (hasClosedForm(net) || count <= PIECE) return [batch];
  return Array.from({ length: Math.ceil(count / PIECE) }, (_, i) =>
    selectSamples(
      batch,
      Array.from({ length: Math.min(PIECE, count - i * PIECE) }, (_, j) => i * PIECE + j),
    ),
  );
}

/**
 * The loss on a batch, as large as it may be.
 * @param net one in which no sample's output depends on the other samples
 */
export function lossOver(net: Network, batch: Batch): LossObjective {
  const parts = piecesOf(net, batch).map((piece) => ({
    share: countOf(piece) / countOf(batch),
    loss: lossObjective(net, piece),
  }));
  if (parts.length === 1) return parts[0].loss;
  const valueAndGradient: Objective["valueAndGradient"] = (theta) => {
    const gradient = new Float64Array(net.size);
    let value = 0;
    for (const { share, loss } of parts) {
      const part = loss.valueAndGradient(theta);
      value += share * part.value;
      accumulate(gradient, share, part.gradient);
    }
    return { value, gradient };
  };
  return {
    size: net.size,
    value: (theta) => parts.reduce((sum, { share, loss }) => sum + share * loss.value(theta), 0),
    gradient: (theta) => valueAndGradient(theta).gradient,
    valueAndGradient,
    hessianVectorProduct(theta, v) {
      const out = new Float64Array(net.size);
      for (const { share, loss } of parts) accumulate(out, share, loss.hessianVectorProduct(theta, v));
      return out;
    },
  };
}

function accumulate(sum: Float64Array, share: number, part: Float64Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] += share * part[i];
}

/** Share of samples whose most probable class is right. */
export function accuracyOf(net: Network, theta: Float64Array, batch: Batch): number {
  let right = 0;
  for (const { x, y } of piecesOf(net, batch)) {
    const labels = y as ArrayLike<number>;
    const { data, shape } = net.predict(theta, x);
    const [count, classes] = shape;
    for (let i = 0; i < count; i++) {
      const row = data.subarray(i * classes, (i + 1) * classes);
      if (row.indexOf(Math.max(...row)) === labels[i]) right++;
    }
  }
  return right / countOf(batch);
}
