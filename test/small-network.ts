import { type Batch, lossAndGradient, threeLayerNet } from "../src/index.js";

/** A small network with a valid theta and batch, to be spoiled. */
export const extents = { inputs: 2, hidden: 3, outputs: 2 };
export const net = threeLayerNet(extents);
export const theta = net.init(1);
export const x = [
  [1, 2],
  [3, 4],
];
export const y = [0, 1];

/** lossAndGradient with parts of the valid batch replaced. */
export const loss = (batch: Partial<Record<keyof Batch, unknown>>, at = theta) =>
  lossAndGradient(net, at, { x, y, ...batch } as Batch);

/** lossAndGradient under another loss, with these targets. */
export const under = (lossName: string, targets: unknown) =>
  lossAndGradient(threeLayerNet({ ...extents, loss: lossName as never }), theta, {
    x,
    y: targets as number[][],
  });
