/** A change of parameters, or of the loss, that leaves what the network computes as it is, or scales the loss. */
export type Transformation =
  | "unit permutation"
  | "layer rescaling"
  | "unit rescaling"
  | "normalized layer"
  | "normalized filters"
  | "parameter scale"
  | "rotation"
  | "loss scale";

/** What each transformation does. */
export const transformations: Readonly<Record<Transformation, string>> = {
  "unit permutation": "hidden units change places, with their rows and columns",
  "layer rescaling": "ReLU: W1 and b1 times α, W2 by α (Dinh et al. 2017)",
  "unit rescaling": "ReLU: for each hidden unit its row of W1 and b1 times α_j, its column of W2 by α_j",
  "normalized layer": "weights before batch normalization times α",
  "normalized filters": "each row of the weights before batch normalization times its own α_j",
  "parameter scale": "all parameters times α, where L(αθ) = L(θ)",
  rotation: "θ to Qθ, Q orthogonal, and L to L(Qᵀ·)",
  "loss scale": "L to αL",
};

/** The measures, by function and, where they have one, normalization. */
export type Measure =
  | "curvatureSummary"
  | "epsilonSharpness"
  | "expectedSharpness"
  | "keskarSharpness"
  | "basinIsotropy"
  | "relativeFlatness"
  | `${"adaptiveSharpness" | "normalizedSharpness"}/${"network" | "layer" | "filter" | "element"}`;

const absolute: readonly Transformation[] = ["unit permutation", "rotation"];
const byNetwork: readonly Transformation[] = ["unit permutation", "parameter scale", "rotation"];
const byLayer: readonly Transformation[] = [
  "unit permutation",
  "layer rescaling",
  "normalized layer",
  "parameter scale",
];
const byFilter: readonly Transformation[] = [...byLayer, "normalized filters"];
const byElement: readonly Transformation[] = [...byFilter, "unit rescaling"];

/**
 * Which transformations leave a measure as it is: those that are listed, and no other (that is, all others change it at
 * some point of some network). The same offset of 0 throughout; what holds of a normalization of `adaptiveSharpness` and
 * `normalizedSharpness` holds of it in `expectedSharpness`, `curvatureSummary` and `basinIsotropy` too.
 */
export const invariances: Readonly<Record<Measure, readonly Transformation[]>> = {
  curvatureSummary: absolute,
  epsilonSharpness: absolute,
  expectedSharpness: absolute,
  keskarSharpness: ["unit permutation"],
  basinIsotropy: [...byNetwork, "loss scale"],
  relativeFlatness: byFilter,
  "adaptiveSharpness/network": byNetwork,
  "adaptiveSharpness/layer": byLayer,
  "adaptiveSharpness/filter": byFilter,
  "adaptiveSharpness/element": byElement,
  "normalizedSharpness/network": byNetwork,
  "normalizedSharpness/layer": byLayer,
  "normalizedSharpness/filter": byFilter,
  "normalizedSharpness/element": byElement,
};
