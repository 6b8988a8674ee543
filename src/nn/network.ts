import { requireInteger } from "../errors.js";
import { optionsOf } from "../options.js";
import type { MatrixLike, Tensor } from "../tensor/view.js";
import type { Batch } from "./batch.js";
import type { Architecture } from "./dense/architecture.js";
import type { HessianPart } from "./dense/tangents.js";
import type { NetworkShape } from "./layout.js";
import type { TappedNetwork } from "./taps.js";

/** A network whose parameters are one flat theta (n): `threeLayerNet`, `multilayerNet` and `sequential` make them. */
export interface Network extends NetworkShape {
  /** Seeded initial parameters. @param seed an integer ≥ 0 @throws ArgumentError */
  init(seed: number): Float64Array;
  /**
   * The means p of every sample: class probabilities, or predicted values or rates.
   * @param x (N,d) @returns (N,K) @throws ShapeError, NonFiniteError
   */
  predict(theta: Float64Array, x: MatrixLike): Tensor;
  /** The loss on a batch, with its derivatives. @throws ShapeError, LabelError, NonFiniteError, ArgumentError */
  lossOn(batch: Batch, options?: LossOptions): NetworkLoss;
  /** The chain of dense layers that it is, which closed forms are computed from; null for a network that is none. */
  readonly closedForm: Architecture | null;
  /** The dense layers of a network that is no chain, where its parameters enter through them alone. */
  readonly tapped?: TappedNetwork | null | undefined;
  /**
   * The chain of dense layers where relu may stand between them too, for what needs one derivative alone. Left out, it is
   * `closedForm`.
   */
  readonly denseChain?: Architecture | null | undefined;
}

/** Whether dropout is on. */
export interface LossOptions {
  /** Drop units, by masks drawn from this seed and the step; nothing to a network without dropout. Default: none dropped. */
  readonly dropoutSeed?: number | undefined;
}

/** @throws ArgumentError for an unknown option, or a seed that is no integer ≥ 0 */
export function checkLossOptions(options: LossOptions | undefined): LossOptions {
  const known = optionsOf(options, ["dropoutSeed"]);
  if (known.dropoutSeed !== undefined) requireInteger("dropoutSeed", known.dropoutSeed, 0);
  return known;
}

/** Overwrites `out` (n) with H·v. */
export type HessianProduct = (v: Float64Array, out: Float64Array) => void;

/** vᵀHw and its gradient by theta (n) for fixed v and w (n): the third derivative of the loss, contracted with both. */
export type CurvatureForm = (
  v: Float64Array,
  w: Float64Array,
) => { readonly value: number; readonly gradient: Float64Array };

/** The loss Σ ω_i ℓ(x_i, y_i) on a batch that was checked and laid out once; theta is checked in every evaluation. */
export interface NetworkLoss {
  /** The loss at theta. */
  value(theta: Float64Array): number;
  /** The loss and its gradient (n). The gradient is the caller's to keep. */
  valueAndGradient(theta: Float64Array): { readonly value: number; readonly gradient: Float64Array };
  /** H at a theta that must stay as it is. Its products share what they can. */
  hessianAt(theta: Float64Array): HessianProduct;
  /** Products with a part of H alone; what takes G or R of the network needs it. */
  partAt?(theta: Float64Array, part: HessianPart): HessianProduct;
  /** vᵀHw with its gradient, at a theta that must stay as it is; what differentiates H needs it. */
  curvatureAt?(theta: Float64Array): CurvatureForm;
  /** Of a loss with dropout: draws the masks of a step. */
  beginStep?(step: number): void;
}
