import type { Batch } from "../nn/batch.js";
import { evaluationOn } from "../nn/dense/evaluation.js";
import { checkParameters } from "../nn/layout.js";
import type { CurvatureForm, Network } from "../nn/network.js";
import { plusScaled } from "../tensor/elementwise.js";
import { powerOfTwoNear } from "../tensor/power-of-two.js";
import { norm } from "../tensor/reduce.js";
import { curvatureAlong, type DirectionalCurvature } from "./directional-curvature.js";
import { lossCurvatureOn } from "./loss-curvature.js";

/**
 * The form vᵀHw of any network's loss on a batch, with its gradient, at one theta after another, which must stay as it is
 * meanwhile.
 * @throws ShapeError, LabelError, NonFiniteError; ArgumentError for a network of the caller's own that has none
 */
export function curvatureFormOn(net: Network, batch: Batch): (theta: Float64Array) => CurvatureForm {
  if (net.closedForm) {
    const evaluation = evaluationOn(net, batch, 3);
    return (theta) => {
      evaluation.value(theta);
      return polarized((v) => curvatureAlong(evaluation, checkParameters("v", net, v)));
    };
  }
  return lossCurvatureOn(net, batch);
}

/**
 * vᵀHw from a quadratic form, as (‖v + w‖²_H − ‖v − w‖²_H)/4. Before, w is scaled to about the length of v: otherwise the
 * difference would cancel.
 */
function polarized(along: (v: Float64Array) => DirectionalCurvature): CurvatureForm {
  return (v, w) => {
    if (v === w) return along(v);
    const [length, other] = [norm(v), norm(w)];
    const scale = length > 0 && other > 0 ? powerOfTwoNear(length) / powerOfTwoNear(other) : 1;
    const sum = along(plusScaled(v, scale, w));
    const difference = along(plusScaled(v, -scale, w));
    const share = 0.25 / scale;
    return {
      value: share * (sum.value - difference.value),
      gradient: sum.gradient.map((entry, i) => share * (entry - difference.gradient[i])),
    };
  };
}
