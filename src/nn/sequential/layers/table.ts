import { type ActivationDescription, activationLayers, type LayerActivation } from "./activation.js";
import { type BatchNormDescription, batchNorm } from "./batch-norm.js";
import { type Conv2dDescription, conv2d } from "./conv2d.js";
import { type DenseDescription, dense } from "./dense.js";
import { type DropoutDescription, dropout } from "./dropout.js";
import { type FlattenDescription, flatten } from "./flatten.js";
import type { LayerKind } from "./layer.js";
import {
  type AveragePool2dDescription,
  averagePool2d,
  type MaxPool2dDescription,
  maxPool2d,
} from "./pool.js";
import { type ResidualDescription, residual } from "./residual.js";

/** A layer as plain JSON: its kind, and the options of that kind. */
export type LayerDescription =
  | DenseDescription
  | Conv2dDescription
  | MaxPool2dDescription
  | AveragePool2dDescription
  | FlattenDescription
  | { [Name in LayerActivation]: ActivationDescription<Name> }[LayerActivation]
  | BatchNormDescription
  | DropoutDescription
  | ResidualDescription<LayerDescription>;

export type LayerName = LayerDescription["kind"];

/** Every kind of layer; a new one is a row here and a member of the union above. */
export const layerKinds: {
  readonly [Name in LayerName]: LayerKind<Extract<LayerDescription, { kind: Name }>>;
} = {
  dense,
  conv2d,
  maxPool2d,
  averagePool2d,
  flatten,
  ...activationLayers,
  batchNorm,
  dropout,
  residual,
};

export const layerNames = Object.keys(layerKinds) as readonly LayerName[];
