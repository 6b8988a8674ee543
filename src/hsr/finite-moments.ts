import type { SpectralMoments } from "../bounds/wolkowicz-styan.js";
import { NonFiniteError } from "../errors.js";

/** @throws NonFiniteError when the curvature overflowed */
export function checkMoments({ trace, frobeniusSquared }: SpectralMoments): void {
  if (Number.isFinite(trace) && Number.isFinite(frobeniusSquared)) return;
  throw curvatureOverflow(`tr H = ${trace}, tr H² = ${frobeniusSquared}`);
}

/** @param name "tr H", for example @throws NonFiniteError when it overflowed */
export function checkMoment(name: string, moment: number): void {
  if (!Number.isFinite(moment)) throw curvatureOverflow(`${name} = ${moment}`);
}

function curvatureOverflow(got: string): NonFiniteError {
  return new NonFiniteError({
    expected: "finite spectral moments",
    got,
    next: "the curvature overflows at this theta: scale the inputs or the targets",
  });
}
