export * from "../flatward-error.js";
export type { PenaltyOptions } from "../optim/penalized.js";
export type { ParameterRange } from "../tensor/view.js";
export { type Batch, selectSamples, type VectorView } from "./batch.js";
export type { Batches } from "./batches.js";
export {
  type Activation,
  type ActivationChoice,
  type ActivationJet,
  type ActivationName,
  activationNames,
} from "./dense/activations.js";
export type { Architecture, DenseLayer } from "./dense/architecture.js";
export { type MultilayerNet, type MultilayerNetOptions, multilayerNet } from "./dense/multilayer.js";
export { type ThreeLayerNet, type ThreeLayerNetOptions, threeLayerNet } from "./dense/three-layer.js";
export { type NetworkShape, type ParameterBlock, parameterRange } from "./layout.js";
export { type Loss, type LossChoice, type LossName, lossNames } from "./losses.js";
export type { HessianProduct, LossOptions, Network, NetworkLoss } from "./network.js";
export {
  type LossAndGradient,
  type LossObjectiveOptions,
  lossAndGradient,
  lossObjective,
} from "./objective.js";
export { activation, checkActivation, checkLoss, loss } from "./own-parts.js";
export { predictInto } from "./predict-into.js";
export { type InitializationName, initializationNames } from "./sequential/initialization.js";
export type {
  Layer,
  LayerContext,
  LayerParameter,
  ParameterRole,
  Pass,
  SampleShape,
} from "./sequential/layers/layer.js";
export {
  type LayerDescription,
  type LayerName,
  layerNames,
  type NamedLayer,
  type OwnLayer,
  type OwnLayerMade,
} from "./sequential/layers/table.js";
export { type SequentialNet, type SequentialOptions, sequential } from "./sequential/sequential.js";
