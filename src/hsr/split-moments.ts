import type { ResidualUnit, SplitMoments } from "../bounds/facts.js";
import type { SpectralMoments } from "../bounds/wolkowicz-styan.js";
import { inFunction } from "../errors.js";
import { type FactoredLoss, factoredLossAt } from "../hessian/factored.js";
import type { Batch } from "../nn/batch.js";
import type { CurvaturePart } from "../nn/dense/tangents.js";
import type { Network } from "../nn/network.js";
import { optionsOf } from "../options.js";
import { type Contraction, createContraction } from "./contraction/contraction.js";
import { checkRoute, type Route, type RouteOptions } from "./contraction/route.js";
import { checkMoment, checkMoments } from "./finite-moments.js";
import { residualUnitsOf } from "./residual-units.js";

/**
 * The moments of the Gauss–Newton part G and the residual part R of the loss Hessian in closed form; no matrix is formed,
 * and nothing is got by subtraction, so that tr R² and tr GR keep their relative accuracy as residuals vanish: the factors
 * are linear in the loss's curvature S and the residuals r, G has those of r = 0, R those of S = 0, and tr GR is the inner
 * product of the two. docs/theory/closed-form.md.
 * @param theta (n) @returns traces and squares of G and R, and tr GR
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError for an unknown route, or a network whose parameters do not all
 * enter through dense layers
 * @example
 * import { spectralMoments, threeLayerNet } from "flatward";
 * import { splitMoments } from "flatward/hsr";
 * const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
 * const batch = { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] };
 * const theta = net.init(1);
 * const { gaussNewton, residual } = splitMoments(net, theta, batch);
 * const sum = gaussNewton.trace + residual.trace;
 * console.log(Math.abs(sum - spectralMoments(net, theta, batch).trace) < 1e-14); // → true
 */
export function splitMoments(
  net: Network,
  theta: Float64Array,
  batch: Batch,
  options: RouteOptions = {},
): SplitMoments {
  return inFunction("splitMoments", () => {
    const route = checkRoute(optionsOf(options, ["route"]).route);
    const loss = factoredLossAt(net, theta, batch);
    return evaluateSplitMoments(loss, createContraction(loss, false), route);
  });
}

/** `splitMoments` at a contraction's theta. */
export function evaluateSplitMoments(
  { finished }: FactoredLoss,
  contraction: Contraction,
  route: Route,
): SplitMoments {
  const momentsOf = (part: CurvaturePart): SpectralMoments => ({
    size: contraction.size,
    trace: contraction.trace(part),
    frobeniusSquared: contraction.squares(route, false, part).total,
  });
  const gaussNewton = momentsOf("gauss-newton");
  const residual = momentsOf("residual");
  const cross = contraction.inner(route, "gauss-newton", "residual");
  const residualUnits: readonly ResidualUnit[] | undefined = finished && residualUnitsOf(finished);
  checkMoments(gaussNewton);
  checkMoments(residual);
  checkMoment("tr GR", cross);
  return { gaussNewton, residual, cross, ...(residualUnits && { residualUnits }) };
}
