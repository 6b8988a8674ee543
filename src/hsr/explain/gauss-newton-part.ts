import type { FactoredLoss } from "../../hessian/factored.js";
import type { FactorSource, Factors } from "../../hessian/factors.js";
import { unwritten } from "../../tensor/room.js";
import type { Contraction } from "../contraction.js";
import { bendsOf, residualUnitsOf } from "../residual-units.js";
import type { Route } from "../route.js";

/** The Gauss–Newton part G of H = G + R, as far as shares need it. */
export interface GaussNewtonPart {
  /** The samples' X, given with all their factors in H. */
  curvatureOf(factors: Factors, from: number): Factors["curvature"];
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
  return bends ? withoutBends(finished, bends) : ofItsOwn(contraction, route);
}

function ofItsOwn(contraction: Contraction, route: Route): GaussNewtonPart {
  const beside = contraction.beside();
  return {
    curvatureOf: (_, from) => beside.factorsFrom(from, "gauss-newton").curvature,
    cross: (ofGaussNewton) => ofGaussNewton - beside.squares(route, false, "gauss-newton").total,
  };
}

function withoutBends(finished: NonNullable<FactoredLoss["finished"]>, bends: Float64Array): GaussNewtonPart {
  const [{ units }] = finished.net.layers;
  let memory: Float64Array = unwritten(0);
  return {
    curvatureOf({ count, curvature: [[own], above] }, from) {
      const { length } = own.data;
      if (memory.length < length) memory = unwritten(length);
      const data = memory.subarray(0, length);
      data.set(own.data);
      for (let i = 0, at = from * units; i < count; i++)
        for (let p = 0; p < units; p++, at++) data[(p * count + i) * units + p] -= bends[at];
      return [[{ ...own, data }], above];
    },
    cross(_, ofResidual) {
      const units = residualUnitsOf(finished) ?? [];
      return units.reduce(
        (rest, { incoming, mixedSquared }) => rest - incoming.frobeniusSquared - 2 * mixedSquared,
        ofResidual,
      );
    },
  };
}
