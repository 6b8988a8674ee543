import { NEGATIVE_THRESHOLD } from "../../experiment/measures/curvature-measures.js";

/** What can be counted when every eigenvalue is known. */
export interface Counts {
  /** Below −threshold · max |λ|. */
  readonly negative: number;
  /** Beyond ±threshold · max |λ|. */
  readonly effectiveRank: number;
}

/** @param eigenvalues ascending */
export function countsOf(eigenvalues: ArrayLike<number>): Counts {
  const size = Math.max(Math.abs(eigenvalues[0]), Math.abs(eigenvalues[eigenvalues.length - 1]));
  const least = NEGATIVE_THRESHOLD * size;
  let negative = 0;
  let effectiveRank = 0;
  for (let i = 0; i < eigenvalues.length; i++) {
    if (eigenvalues[i] < -least) negative++;
    if (Math.abs(eigenvalues[i]) > least) effectiveRank++;
  }
  return { negative, effectiveRank };
}
