import type { FactoredLoss } from "../../hessian/factored.js";
import type { FactorSource, Factors } from "../../hessian/factors.js";
import { dot } from "../../tensor/reduce.js";
import type { Contraction } from "../contraction/contraction.js";
import type { Route } from "../contraction/route.js";
import { bendsOf, residualUnitsOf } from "../residual-units.js";

/** The Gauss–Newton part G of H = G + R, as far as shares need it. */
interface GaussNewtonPart {
  /** tr G. @param whole tr H */
  trace(whole: number): number;
  /** Σ ω_i⟨G_i, H⟩ of these samples: ½⟨X, X̄⟩ with their X in G, whose δ is 0. @param whole the same with their X in H */
  product(factors: Factors, from: number, whole: number): number;
  /** tr GR from ⟨G, H⟩ and ⟨R, H⟩. */
  cross(ofGaussNewton: number, ofResidual: number): number;
}

/** A source of factors, and of a chain its forward pass. */
export type ExplainedSource = FactorSource & Pick<FactoredLoss, "finished">;

/** With one hidden layer R has few entries: X of H but for a diagonal is that of G, and tr R² costs less than tr G². */
export function createGaussNewtonPart(
  source: ExplainedSource,
  contraction: Contraction,
  route: Route,
): GaussNewtonPart {
  const { finished } = source;
  const bends = finished && bendsOf(finished);
  return bends ? fromResidual(finished, bends) : ofItsOwn(contraction, route);
}

function ofItsOwn(contraction: Contraction, route: Route): GaussNewtonPart {
  const beside = contraction.beside();
  return {
    trace: () => beside.trace("gauss-newton"),
    product({ taps, count, curvature }, from) {
      const ofPart = beside.factorsFrom(from, "gauss-newton").curvature;
      let sum = 0;
      taps.forEach(({ units }, m) => {
        for (let l = 0; l < m; l++) sum += dot(ofPart[m][l].data, curvature[m][l].adjoint);
        // Of X with itself the upper triangle counts: p ≤ q.
        const { data } = ofPart[m][m];
        const { adjoint } = curvature[m][m];
        for (let q = 0, line = 0; q < units; q++)
          for (let i = 0; i < count; i++, line += units)
            for (let at = line; at <= line + q; at++) sum += data[at] * adjoint[at];
      });
      return sum / 2;
    },
    cross: (ofGaussNewton) => ofGaussNewton - beside.squares(route, false, "gauss-newton").total,
  };
}

function fromResidual(finished: NonNullable<FactoredLoss["finished"]>, bends: Float64Array): GaussNewtonPart {
  const [{ units }] = finished.net.layers;
  const residual = residualUnitsOf(finished, bends) ?? [];
  return {
    trace: (whole) => residual.reduce((rest, { incoming }) => rest - incoming.trace, whole),
    product({ count, curvature: [[{ adjoint }]] }, from, whole) {
      let sum = 0;
      for (let i = 0, at = from * units; i < count; i++)
        for (let p = 0; p < units; p++, at++) sum += bends[at] * adjoint[(p * count + i) * units + p];
      return whole - sum / 2;
    },
    cross: (_, ofResidual) =>
      residual.reduce(
        (rest, { incoming, mixedSquared }) => rest - incoming.frobeniusSquared - 2 * mixedSquared,
        ofResidual,
      ),
  };
}
