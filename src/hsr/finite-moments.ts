import type { SpectralMoments } from "../bounds/wolkowicz-styan.js";
import { NonFiniteError } from "../errors.js";

/** @throws NonFiniteError when the curvature overflowed */
export function checkMoments({ trace, frobeniusSquared }: SpectralMoments): void {
  if (Number.isFinite(trace) && Number.isFinite(frobeniusSquared)) return;
  throw curvatureOverflow(`tr H = ${trace}, tr H² = ${frobeniusSquared}`);
}

/** @throws NonFiniteError when tr H overflowed */
export function checkFiniteTrace(trace: number): void {
  if (!Number.isFinite(trace)) throw curvatureOverflow(`tr H = ${trace}`);
}

/** @throws NonFiniteError when tr H² overflowed */
export function checkFiniteSquare(square: number): void {
  if (!Number.isFinite(square)) throw curvatureOverflow(`tr H² = ${square}`);
}

function curvatureOverflow(got: string): NonFiniteError {
  return new NonFiniteError({
    expected: "finite spectral moments",
    got,
    next: "the curvature overflows at this theta: scale the inputs or the targets",
  });
}
