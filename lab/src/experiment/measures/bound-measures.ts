import type { BoundName } from "flatward/bounds";
import { matmul, type Tensor, transpose } from "flatward/tensor";
import type { Measure } from "./measure.js";
import type { MeasuredNetwork } from "./measured-network.js";
import type { Need } from "./needs.js";

/**
 * Each bound's id and column; "Wolkowicz-Styan" is the measure `tightness`. A rank, layers, G and R are known of networks
 * with a closed form alone.
 */
const columns: readonly (readonly [id: string, label: string, name: BoundName, needs: Need])[] = [
  ["frobeniusRatio", "Frobenius", "Frobenius", "matrix"],
  ["rankWsRatio", "rank WS", "rank-aware Wolkowicz-Styan", "closed form"],
  ["layersRatio", "layers", "layers", "closed form"],
  ["splitRatio", "G + R", "Gauss-Newton + residual", "closed form"],
  ["gershgorinRatio", "Gershgorin", "Gershgorin", "matrix"],
  ["blockNormsRatio", "block norms", "block norms", "matrix"],
  ["schattenRatio", "Schatten-4", "Schatten-4", "matrix"],
  ["fourthMomentRatio", "4th moment", "fourth central moment", "matrix"],
  ["fourMomentsRatio", "four moments", "four moments", "matrix"],
];

const largest = ({ extremes }: MeasuredNetwork): number => extremes.largest.value;

/** How tight every bound is, and what that may depend on. */
export const boundMeasures: readonly Measure[] = [
  ...columns.map(
    ([id, label, name, needs]): Measure => ({
      id,
      label,
      group: "bounds",
      format: "ratio",
      reproducible: true,
      onRequest: true,
      needs,
      explanation: `the ${name} bound over λ_max`,
      of: (network) =>
        (network.bounds.find((bound) => bound.name === name)?.upper ?? Number.NaN) / largest(network),
    }),
  ),
  {
    id: "effectiveOutliers",
    label: "Σλ²/λ_max²",
    group: "bounds",
    format: "number",
    reproducible: true,
    onRequest: true,
    needs: "whole spectrum",
    explanation: "as many eigenvalues equal to λ_max, and zeros, would have the same tr H²",
    of(network) {
      const top = largest(network);
      return network.eigenvalues.reduce((sum, value) => sum + (value / top) * (value / top), 0);
    },
  },
  {
    id: "coherence",
    label: "coherence",
    group: "bounds",
    format: "number",
    reproducible: true,
    onRequest: true,
    explanation: "mean squared cosine between training inputs: 0 when orthogonal, 1 when parallel",
    of: ({ train }) => coherence(train.x as Tensor),
  },
];

/** Mean of cos² over pairs of rows; rows of zeros have no direction and count as orthogonal to all. */
function coherence(x: Tensor): number {
  const [count] = x.shape;
  const { data: gram } = matmul(x, transpose(x));
  let sum = 0;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) {
      const lengths = gram[i * count + i] * gram[j * count + j];
      const product = gram[i * count + j];
      if (lengths > 0) sum += (product * product) / lengths;
    }
  }
  return sum / ((count * (count - 1)) / 2);
}
