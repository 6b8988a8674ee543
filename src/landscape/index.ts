export type { AscentStatus } from "./ascent.js";
export { hessianAt } from "./hessian-at.js";
export type { ParameterLayout, ParameterTensor } from "./layout.js";
export type { Normalization, NormalizationOptions } from "./scales.js";
export {
  type AdaptiveSharpnessOptions,
  adaptiveSharpness,
  type BallSharpness,
  epsilonSharpness,
  type KeskarSharpness,
  keskarSharpness,
} from "./sharpness.js";
export type { AscentOptions, AscentReport, AscentStart, Sharpness } from "./summit-search.js";
