import { requireFinite } from "../../../errors.js";
import type { Tensor } from "../../../tensor/view.js";
import type { LayerContext } from "./layer.js";
import { inLayer } from "./shapes.js";

/** An overflow would end in finite values without derivatives. @throws NonFiniteError that names the layer */
export function requireFiniteVariance(context: LayerContext, { data }: Tensor): void {
  inLayer(context, () =>
    requireFinite("the variance to normalise by", data, "lower the learning rate, or scale the inputs"),
  );
}
