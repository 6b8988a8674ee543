import type { Activation } from "../../dense/activations.js";
import { type ActivationDescription, activationLayers, type LayerActivation } from "./activation.js";
import { type BatchNormDescription, batchNorm } from "./batch-norm.js";
import { type Conv2dDescription, conv2d } from "./conv2d.js";
import { type DenseDescription, dense } from "./dense.js";
import { type DropoutDescription, dropout } from "./dropout.js";
import { type FlattenDescription, flatten } from "./flatten.js";
import type { Layer, LayerContext, LayerKind } from "./layer.js";
import { type LayerNormDescription, layerNorm } from "./layer-norm.js";
import {
  type AveragePool2dDescription,
  averagePool2d,
  type MaxPool2dDescription,
  maxPool2d,
} from "./pool.js";
import { type ResidualDescription, residual } from "./residual.js";

/**
 * A kind of layer of the caller's own. Nothing is known of it: a network that has one has no closed form. Where samples meet
 * in it, data in pieces have the loss of each piece.
 */
export interface OwnLayer {
  /** Its name in errors. */
  readonly name: string;
  /** Makes the layer for samples of the shape `context.input`. */
  make(context: LayerContext): OwnLayerMade;
}

/** As `Layer`; a layer without parameters may leave them out, and the footprint is guessed. */
export type OwnLayerMade = Pick<Layer, "output" | "apply"> & Partial<Pick<Layer, "parameters" | "footprint">>;

/** A layer that has a name here, as plain JSON: its kind, and the options of that kind. */
export type NamedLayer =
  | DenseDescription
  | Conv2dDescription
  | MaxPool2dDescription
  | AveragePool2dDescription
  | FlattenDescription
  | { [Name in LayerActivation]: ActivationDescription<Name> }[LayerActivation]
  | BatchNormDescription
  | LayerNormDescription
  | DropoutDescription
  | ResidualDescription<LayerDescription>;

/** A layer by the name of its kind and its options; or of a kind, or an activation, of the caller's own. */
export type LayerDescription = NamedLayer | { readonly kind: OwnLayer | Activation };

/** The kinds of layers of a `sequential` network; `layerNames` lists them. */
export type LayerName = NamedLayer["kind"];

/** Every kind of layer; a new one is a row here and a member of the union above. */
export const layerKinds: {
  readonly [Name in LayerName]: LayerKind<Extract<NamedLayer, { kind: Name }>>;
} = {
  dense,
  conv2d,
  maxPool2d,
  averagePool2d,
  flatten,
  ...activationLayers,
  batchNorm,
  layerNorm,
  dropout,
  residual,
};

/** The kinds of layers that a `sequential` network knows. */
export const layerNames = Object.keys(layerKinds) as readonly LayerName[];
