import { centralMomentsOf } from "../bounds/central-moments.js";
import { boundsFrom, type SpectralBounds } from "../bounds/report.js";
import { spreadOfMoments } from "../bounds/wolkowicz-styan.js";
import { inFunction, requireFlag } from "../errors.js";
import { assembled } from "../hessian/exact.js";
import { factoredLossAt } from "../hessian/factored.js";
import { rankBoundOn } from "../hessian/rank.js";
import type { Batch } from "../nn/batch.js";
import { rangeOf } from "../nn/layout.js";
import type { Network } from "../nn/network.js";
import { optionsOf } from "../options.js";
import { createContraction } from "./contraction/contraction.js";
import { checkRoute, type RouteOptions } from "./contraction/route.js";
import { evaluateLayerMoments, wholeOf } from "./layer-moments.js";
import { withDeviation } from "./moments.js";
import { evaluateSplitMoments } from "./split-moments.js";

/** Whether `spectralBounds` forms H, and how it adds up tr H². */
export interface SpectralBoundsOptions extends RouteOptions {
  /** Whether to form H for the bounds that need it: n² memory, n³ time. Default true. */
  readonly dense?: boolean | undefined;
}

/**
 * Every bound on λ_max of the loss Hessian that this package knows: from tr H and tr H² in closed form, and, unless
 * `dense` is false, from the matrix itself. docs/theory/bounds.md derives them.
 * @param theta (n)
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError, as for a network without a closed form
 * @example
 * import { exactHessian, spectralBounds, symmetricEigen, threeLayerNet } from "flatward";
 * const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
 * const batch = { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] };
 * const theta = net.init(7);
 * const largest = symmetricEigen(exactHessian(net, theta, batch)).values[net.size - 1];
 * const { bounds, tightest } = spectralBounds(net, theta, batch);
 * console.log(bounds.length, bounds.every(({ upper }) => upper >= largest)); // → 10 true
 * console.log(tightest.upper); // → four moments
 * console.log(spectralBounds(net, theta, batch, { dense: false }).bounds.length); // → 5
 */
export function spectralBounds(
  net: Network,
  theta: Float64Array,
  batch: Batch,
  options: SpectralBoundsOptions = {},
): SpectralBounds {
  return inFunction("spectralBounds", () => {
    const { dense = true, route: wanted } = optionsOf(options, ["route", "dense"]);
    requireFlag("dense", dense);
    const route = checkRoute(wanted);
    const loss = factoredLossAt(net, theta, batch);
    const contraction = createContraction(loss, false);
    const layers = evaluateLayerMoments(contraction, loss.taps, route);
    const split = evaluateSplitMoments(loss, contraction, route);
    const ranks = rankBoundOn(net, batch);
    const entries = dense ? assembled(loss, "hessian") : undefined;
    return boundsFrom({
      size: net.size,
      spread: spreadOfMoments(withDeviation(wholeOf(layers), contraction)),
      rank: ranks.hessian,
      network: { layers, split, ranks },
      ...(entries ? { matrix: { entries, central: centralMomentsOf(entries) } } : {}),
      blocks: net.layout.map((block) => rangeOf(net, block.name)),
    });
  });
}
