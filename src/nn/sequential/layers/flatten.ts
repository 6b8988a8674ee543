import { reshape } from "../../../autodiff/index.js";
import { sizeOf } from "../../../tensor/view.js";
import type { LayerKind } from "./layer.js";

/** An image as features, channel by channel, row by row. */
export interface FlattenDescription {
  readonly kind: "flatten";
}

export const flatten: LayerKind<FlattenDescription> = {
  options: [],
  make(_description, { input }) {
    const features = sizeOf(input);
    return { output: [features], parameters: [], footprint: 0, apply: (x) => reshape(x, [-1, features]) };
  },
};
