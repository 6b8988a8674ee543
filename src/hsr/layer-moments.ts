import type { LayerMoments } from "../bounds/facts.js";
import type { SpectralMoments } from "../bounds/wolkowicz-styan.js";
import { inFunction } from "../errors.js";
import { factoredLossAt } from "../hessian/factored.js";
import { type Tap, widthOf } from "../hessian/factors.js";
import type { Batch } from "../nn/batch.js";
import type { Network } from "../nn/network.js";
import { optionsOf } from "../options.js";
import { type Contraction, createContraction } from "./contraction/contraction.js";
import { blockAt, checkRoute, type Route, type RouteOptions } from "./contraction/route.js";
import { checkMoments } from "./finite-moments.js";

/**
 * The summands of `spectralMoments` that belong to each layer: tr H is the sum of the layers' traces, and tr H² of their
 * squares and twice `mixedSquared`. In closed form, at the same cost; H is never formed. docs/theory/closed-form.md.
 * @param theta (n) @returns a trace and a square for each layer, and for each pair of layers the square of their block, ≥ 0
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError for an unknown route, or a network whose parameters do not all
 * enter through dense layers
 * @example
 * import { spectralMoments, threeLayerNet } from "flatward";
 * import { layerMoments } from "flatward/hsr";
 * const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
 * const batch = { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] };
 * const theta = net.init(1);
 * const { layer1, layer2 } = layerMoments(net, theta, batch);
 * const sum = layer1.trace + layer2.trace;
 * console.log(Math.abs(sum - spectralMoments(net, theta, batch).trace) < 1e-14); // → true
 */
export function layerMoments(
  net: Network,
  theta: Float64Array,
  batch: Batch,
  options: RouteOptions = {},
): LayerMoments {
  return inFunction("layerMoments", () => {
    const route = checkRoute(optionsOf(options, ["route"]).route);
    const loss = factoredLossAt(net, theta, batch);
    return evaluateLayerMoments(createContraction(loss, false), loss.taps, route);
  });
}

/** `layerMoments` at a contraction's theta. */
export function evaluateLayerMoments(
  contraction: Contraction,
  taps: readonly Tap[],
  route: Route,
): LayerMoments {
  const { squares } = contraction.squares(route);
  const traces = contraction.traces();
  const layers = taps.map(
    (tap, l): SpectralMoments => ({
      size: tap.units * widthOf(tap),
      trace: traces[l],
      frobeniusSquared: Math.max(squares[blockAt({ m: l, l })], 0),
    }),
  );
  const betweenSquared = taps.map((_, m) =>
    Array.from({ length: m }, (_, l) => Math.max(squares[blockAt({ m, l })], 0)),
  );
  const mixedSquared = betweenSquared.flat().reduce((sum, each) => sum + each, 0);
  const [layer1] = layers;
  const named = Object.fromEntries(layers.map((layer, l) => [`layer${l + 1}`, layer]));
  const moments: LayerMoments = { ...named, layer1, betweenSquared, mixedSquared };
  checkMoments(wholeOf(moments));
  return moments;
}

/** n, tr H and tr H² again. */
export function wholeOf(moments: LayerMoments): SpectralMoments {
  let [size, trace, frobeniusSquared] = [0, 0, 2 * moments.mixedSquared];
  moments.betweenSquared.forEach((_, l) => {
    const layer = moments[`layer${l + 1}`];
    size += layer.size;
    trace += layer.trace;
    frobeniusSquared += layer.frobeniusSquared;
  });
  return { size, trace, frobeniusSquared };
}
