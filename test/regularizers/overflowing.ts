import { threeLayerNet } from "../../src/index.js";
import { extents, theta } from "../small-network.js";

/** Loss and gradient are finite here, the curvature by W1 is not: (W2 x)² with both about 1e80. */
export const steep = threeLayerNet({ ...extents, loss: "mean-squared-error" });
export const far = theta.map((_, i) => (i < steep.layout[2].offset ? 0 : 1e80));
export const distant = {
  x: [
    [1e80, 1],
    [1, 1e80],
  ],
  y: [
    [0, 1],
    [1, 0],
  ],
};
export const overflows = { strength: 1 };
