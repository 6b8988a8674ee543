import type { SpectralMoments } from "flatward";
import { gaussNewtonOperator, hessianRankBound, residualOperator } from "flatward/hessian";
import { splitMoments } from "flatward/hsr";
import { extremesOf, type LanczosValue, type Largest, largestOf } from "./extremes.js";
import type { SpectrumInput } from "./input.js";

/** G or R: its moments in closed form, its extreme eigenvalues by Lanczos. */
export interface HessianPart extends SpectralMoments, Largest {
  /** tr G²/tr H² or tr R²/tr H². */
  readonly frobeniusShare: number;
  readonly rankBound: number;
  /** Of R alone: G ⪰ 0, and Lanczos takes long to tell the many small eigenvalues of G from its zeros. */
  readonly smallest?: LanczosValue;
}

/** H = G + R: the Gauss–Newton matrix and the residual part. The shares and 2 tr GR/tr H² sum to 1. */
export interface HessianParts {
  readonly gaussNewton: HessianPart;
  readonly residual: HessianPart;
  /** 2 tr GR/tr H². */
  readonly crossShare: number;
}

export function partsOf({ net, theta, train }: SpectrumInput, total: number, seed: number): HessianParts {
  const { gaussNewton, residual, cross } = splitMoments(net, theta, train);
  const ranks = hessianRankBound(net, train);
  const share = (square: number): number => (total > 0 ? square / total : 0);
  const { largest, smallest, status } = extremesOf(residualOperator(net, theta, train), 1, seed);
  return {
    gaussNewton: {
      ...gaussNewton,
      frobeniusShare: share(gaussNewton.frobeniusSquared),
      rankBound: ranks.gaussNewton,
      ...largestOf(gaussNewtonOperator(net, theta, train), seed),
    },
    residual: {
      ...residual,
      frobeniusShare: share(residual.frobeniusSquared),
      rankBound: ranks.residual,
      largest: largest[0],
      smallest: smallest[0],
      status,
    },
    crossShare: share(2 * cross),
  };
}
