import type { LayerMoments } from "../bounds/facts.js";
import type { SpectralMoments } from "../bounds/wolkowicz-styan.js";
import { inFunction } from "../errors.js";
import type { Batch } from "../nn/batch.js";
import type { FinishedHiddenPass } from "../nn/dense/one-hidden-layer.js";
import { hiddenEvaluationAt } from "../nn/dense/one-hidden-layer.js";
import type { Network } from "../nn/network.js";
import { optionsOf } from "../options.js";
import { checkRoute, contract, type Route, type RouteOptions } from "./contract.js";
import { checkMoments, layerTrace } from "./moments.js";
import { createTerms, fillTerms, type Term } from "./terms.js";

/**
 * The summands of `spectralMoments` that belong to each layer: tr H is the sum of the two traces, and tr H² of the two
 * squares and twice `mixedSquared`. In closed form, at the same cost; H is never formed.
 * @param theta (n) @throws ShapeError, LabelError, NonFiniteError, ArgumentError for an unknown route
 */
export function layerMoments(
  net: Network,
  theta: Float64Array,
  batch: Batch,
  options: RouteOptions = {},
): LayerMoments {
  return inFunction("layerMoments", () => {
    const route = checkRoute(optionsOf(options, ["route"]).route);
    return evaluateLayerMoments(hiddenEvaluationAt(net, theta, batch), route);
  });
}

/** The same for a finished forward pass. */
export function evaluateLayerMoments(finished: FinishedHiddenPass, route: Route): LayerMoments {
  const { net, batch, pass } = finished;
  const { inputs, weights } = batch;
  const terms = createTerms(finished, false);
  fillTerms(finished, terms);

  const { hidden, output, list } = terms;
  const square = (belongs: (term: Term) => boolean) =>
    contract(finished, { ...terms, list: list.filter(belongs) }, route, false);
  const fanIn = net.inputs + (net.bias ? 1 : 0);
  const layer1: SpectralMoments = {
    size: net.hidden * fanIn,
    trace: layerTrace(hidden, net.hidden, inputs, weights),
    frobeniusSquared: square(({ f }) => f === hidden),
  };
  const layer2: SpectralMoments = {
    size: net.size - layer1.size,
    trace: layerTrace(output, net.outputs, pass.activations, weights),
    frobeniusSquared: square(({ f }) => f === output),
  };
  const mixedSquared = 0.5 * square(({ f }) => f !== output && f !== hidden);
  checkMoments(layer1);
  checkMoments({ ...layer2, frobeniusSquared: layer2.frobeniusSquared + mixedSquared });
  return { layer1, layer2, mixedSquared };
}
