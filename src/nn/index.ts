export { type ActivationName, activationNames } from "./activations.js";
export { type Batch, selectSamples } from "./batch.js";
export type { Architecture, ParameterBlock } from "./layout.js";
export { type LossAndGradient, lossAndGradient } from "./loss-gradient.js";
export { type LossName, lossNames } from "./losses.js";
export type { PenaltyOptions } from "./penalized.js";
export { type SmoothLabelsOptions, smoothLabels } from "./smooth-labels.js";
export { type ThreeLayerNet, type ThreeLayerNetOptions, threeLayerNet } from "./three-layer.js";
