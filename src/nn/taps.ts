import type { Tensor } from "../tensor/view.js";
import type { PreparedBatch } from "./batch.js";
import type { CurvaturePart } from "./dense/tangents.js";
import type { NetworkShape } from "./layout.js";

/**
 * An affine layer z = W ã through which its parameters enter the loss, and by no other way; ã ends in a 1 where the layer
 * has biases.
 */
export interface Tap {
  /** Entries of ã, without the bias's 1. */
  readonly inputs: number;
  readonly units: number;
  readonly bias: boolean;
  /** Offset in theta of W (units × inputs, row-major). */
  readonly weights: number;
  /** Offset in theta of b (units), −1 without. */
  readonly biases: number;
}

/**
 * A network all of whose parameters enter through taps, with smooth functions of single samples between them. A tap's
 * input depends on taps before it at most.
 */
export interface TappedNetwork extends NetworkShape {
  readonly taps: readonly Tap[];
  /** Whether the last tap gives the logits. */
  readonly endsInTap: boolean;
  /** u (N × K, row-major) for features (N × d). */
  logits(theta: Float64Array, inputs: Tensor): Float64Array;
  derivativesOn(batch: PreparedBatch): TapDerivation;
}

/** Derivatives of the losses of N samples by additive perturbations of what taps give. */
export interface TapDerivation {
  /** Those by the output of one tap, at a theta (n). */
  by(place: TapPlace, theta: Float64Array): TapDerivatives;
  /**
   * Adds to `out` (n) the derivative by theta of Σ ⟨adjoint, derivative⟩, for adjoints of what `by` gives there; null
   * for those that are 0.
   */
  pullBack(place: TapPlace, theta: Float64Array, adjoints: TapDerivatives, out: Float64Array): void;
}

/** Tap l, on samples `from` … `from` + `count` − 1, for a part of H. */
export interface TapPlace {
  readonly l: number;
  readonly from: number;
  readonly count: number;
  readonly part: CurvaturePart;
}

/** What tap l has to do with itself and later taps m, all row-major; null for 0. */
export interface TapDerivatives {
  /** a of tap l, (N, inputs). */
  readonly input: Float64Array | null;
  /** δˡ = ∂ℓ/∂zˡ, (N, h_l). */
  readonly delta: Float64Array | null;
  /** ∂²ℓ/∂zᵐ∂zˡ for m = l, l + 1, …, (h_l, N, h_m). */
  readonly curvature: readonly (Float64Array | null)[];
  /** ∂a/∂zˡ for a of tap m = l + 1, l + 2, …, (h_l, N, inputs). */
  readonly slopes: readonly (Float64Array | null)[];
}
