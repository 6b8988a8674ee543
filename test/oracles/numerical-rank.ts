import { symmetricEigen, type Tensor } from "../../src/index.js";
import { largest } from "./compare.js";

/** How many eigenvalues are not 0 to rounding: beyond 1e-12 of the largest, or of `scale` where that is given. */
export function numericalRank(a: Tensor, scale = 0): number {
  const { values } = symmetricEigen(a);
  const size = Math.max(largest(values), scale);
  return values.reduce((count, value) => count + (Math.abs(value) > 1e-12 * size ? 1 : 0), 0);
}
