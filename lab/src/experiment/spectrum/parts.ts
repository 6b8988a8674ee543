import {
  gaussNewtonOperator,
  hessianRankBound,
  type IterationStatus,
  residualOperator,
  type SpectralMoments,
  splitMoments,
} from "flatward";
import { extremesOf, type LanczosValue } from "./extremes.js";
import type { SpectrumSubject } from "./subject.js";

/** G or R: its moments in closed form, its extreme eigenvalues by Lanczos. */
export interface HessianPart extends SpectralMoments {
  /** tr G²/tr H² or tr R²/tr H². */
  readonly frobeniusShare: number;
  readonly rankBound: number;
  readonly largest: LanczosValue;
  readonly smallest: LanczosValue;
  readonly status: IterationStatus;
}

/** H = G + R: the Gauss–Newton matrix and the residual part. The shares and 2 tr GR/tr H² sum to 1. */
export interface HessianParts {
  readonly gaussNewton: HessianPart;
  readonly residual: HessianPart;
  /** 2 tr GR/tr H². */
  readonly crossShare: number;
}

export function partsOf({ net, theta, train }: SpectrumSubject, total: number, seed: number): HessianParts {
  const { gaussNewton, residual, cross } = splitMoments(net, theta, train);
  const ranks = hessianRankBound(net, train);
  const share = (square: number): number => (total > 0 ? square / total : 0);
  const part = (moments: SpectralMoments, make: typeof residualOperator, rankBound: number): HessianPart => {
    const { largest, smallest, status } = extremesOf(make(net, theta, train), 1, seed);
    return {
      ...moments,
      frobeniusShare: share(moments.frobeniusSquared),
      rankBound,
      largest: largest[0],
      smallest: smallest[0],
      status,
    };
  };
  return {
    gaussNewton: part(gaussNewton, gaussNewtonOperator, ranks.gaussNewton),
    residual: part(residual, residualOperator, ranks.residual),
    crossShare: share(2 * cross),
  };
}
