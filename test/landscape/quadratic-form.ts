import { type Objective, objectiveOf, type Tensor } from "../../src/index.js";
import { inner, times } from "../oracles/plain-matrix.js";

/** ½ θᵀAθ + bᵀθ, with H·v = A·v. */
export function quadraticForm(a: Tensor, b: Float64Array): Objective {
  return objectiveOf(
    b.length,
    (theta) => {
      const product = times(a, theta);
      return {
        value: 0.5 * inner(theta, product) + inner(b, theta),
        gradient: product.map((entry, i) => entry + b[i]),
      };
    },
    { hessianVectorProduct: (_, v) => times(a, v) },
  );
}
