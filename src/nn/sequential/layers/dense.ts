import { add, matmul, type Value } from "../../../autodiff/index.js";
import { requireFlag, requireInteger } from "../../../errors.js";
import { type LayerKind, weightAndBias } from "./layer.js";
import { requireFeatures } from "./shapes.js";

/** W x + b: PyTorch's Linear. */
export interface DenseDescription {
  readonly kind: "dense";
  readonly outputs: number;
  /** Default true. */
  readonly bias?: boolean | undefined;
}

export const dense: LayerKind<DenseDescription> = {
  options: ["outputs", "bias"],
  make(description, context) {
    const { bias = true } = description;
    const outputs = requireInteger(`${context.path}.outputs`, description.outputs, 1);
    requireFlag(`${context.path}.bias`, bias);
    const inputs = requireFeatures(context);
    const tap = context.nextTap();
    return {
      output: [outputs],
      parameters: weightAndBias([outputs, inputs], inputs, outputs, bias).map((each) => ({ ...each, tap })),
      footprint: outputs * (bias ? 2 : 1),
      apply(x, [weight, shift], pass) {
        const output = withBias(matmul(x, weight, { transposeB: true }), shift);
        return pass.tap ? pass.tap(tap, x, output) : output;
      },
    };
  },
};

function withBias(product: Value, shift: Value | undefined): Value {
  return shift === undefined ? product : add(product, shift);
}
