import { mul } from "../../../autodiff/index.js";
import { requireNumber } from "../../../errors.js";
import { sizeOf, tensor } from "../../../tensor/view.js";
import type { LayerKind } from "./layer.js";

/** In training, sets entries to 0 with probability `rate` and divides the others by 1 − rate (Srivastava et al. 2014). */
export interface DropoutDescription {
  readonly kind: "dropout";
  /** In [0, 1). */
  readonly rate: number;
}

export const dropout: LayerKind<DropoutDescription> = {
  options: ["rate"],
  make(description, context) {
    const { input } = context;
    const rate = requireNumber(`${context.path}.rate`, description.rate, { atLeast: 0, below: 1 });
    const index = context.nextDropout();
    const size = sizeOf(input);
    return {
      output: input,
      parameters: [],
      footprint: 2 * size,
      apply(x, _parameters, pass) {
        if (pass.dropout === undefined || rate === 0) return x;
        const draws = pass.dropout.stream(index);
        const [count] = x.shape;
        const mask = new Float64Array(count * size);
        for (let i = 0; i < count; i++) {
          // A stream for every sample: its mask does not depend on how the batch is cut into pieces.
          const sample = draws.stream(pass.firstSample + i);
          for (let j = i * size; j < (i + 1) * size; j++)
            mask[j] = sample.uniform() < rate ? 0 : 1 / (1 - rate);
        }
        return mul(x, tensor(mask, x.shape));
      },
    };
  },
};
