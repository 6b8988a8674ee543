import type { Value } from "../../../autodiff/index.js";
import type { RandomStream } from "../../../random.js";

/** The shape of one sample between layers: features (d), or an image (C,H,W). */
export type SampleShape =
  | readonly [features: number]
  | readonly [channels: number, rows: number, columns: number];

/** What a parameter tensor is to its layer: what its initial values depend on. */
export type ParameterRole = "weight" | "bias" | "scale" | "shift";

/** A parameter tensor of a layer, its name within the layer. */
export interface LayerParameter {
  readonly name: string;
  readonly role: ParameterRole;
  readonly shape: readonly number[];
  /** Inputs that one output sums over, and outputs that one input goes to. */
  readonly fanIn: number;
  readonly fanOut: number;
  /** The dense layer that it enters through, by its number: 0, 1, … */
  readonly tap?: number;
}

/** Mean and (biased) variance of every feature or channel. */
export interface Moments {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** What a pass through the layers depends on besides samples and parameters. */
export interface Pass {
  /** What the batch normalisation of this index normalises by. Without, each batch's own statistics, differentiated. */
  readonly moments?: (normalization: number, x: Value) => Moments;
  /** The draws of this step's dropout. Without, nothing is dropped. */
  readonly dropout?: RandomStream;
  /** What goes on from a dense layer of this number, given its input and output. Without, the output. */
  readonly tap?: (tap: number, input: Value, output: Value) => Value;
  /** Position in the batch of the pass's first sample, which its dropout depends on. */
  readonly firstSample: number;
}

/** A layer that was made for samples of one shape. */
export interface Layer {
  readonly output: SampleShape;
  readonly parameters: readonly LayerParameter[];
  /** About how many numbers per sample it adds to what a gradient keeps. */
  readonly footprint: number;
  /** @param x (N, …input) @param parameters in the order of the list above @returns (N, …output) */
  apply(x: Value, parameters: readonly Value[], pass: Pass): Value;
}

/** Where a layer is being made. */
export interface LayerContext {
  /** `layers[3].layers[0]`: its place in the description. */
  readonly path: string;
  readonly kind: string;
  readonly input: SampleShape;
  /** Layers inside of this one, in its option of that name. */
  nested(option: string, descriptions: unknown): Layer;
  /** The next number of a layer that normalises by its batch: 0, 1, … */
  nextNormalization(): number;
  /** The next number of a layer that drops units. */
  nextDropout(): number;
  /** The next number of a layer that may be a tap. */
  nextTap(): number;
}

/** A kind of layer: how its description is read. */
export interface LayerKind<Description> {
  /** The options beside `kind`, in the order in which errors list them. */
  readonly options: readonly (keyof Description & string)[];
  /** Whether it is only once differentiable, or may be: a network with it has no closed form. Default false. */
  readonly hasKinks?: boolean;
  /** @throws ArgumentError, ShapeError */
  make(description: Description, context: LayerContext): Layer;
}

/** The parameters of a layer that is linear in its input. */
export function weightAndBias(
  shape: readonly number[],
  fanIn: number,
  fanOut: number,
  bias: boolean,
): readonly LayerParameter[] {
  const weight: LayerParameter = { name: "weight", role: "weight", shape, fanIn, fanOut };
  return bias ? [weight, { name: "bias", role: "bias", shape: [shape[0]], fanIn, fanOut }] : [weight];
}
