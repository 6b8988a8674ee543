import type * as activations from "../../src/nn/dense/activations.js";

/** The module of activations with every jet altered after it is computed. */
export function withAlteredJets(
  real: typeof activations,
  alter: (jet: Float64Array) => void,
): typeof activations {
  return {
    ...real,
    activation: (given) => {
      const { name, jet } = real.activation(given);
      return {
        name,
        jet(z, out) {
          jet(z, out);
          alter(out);
        },
      };
    },
  };
}
