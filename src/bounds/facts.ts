import type { ParameterRange, Tensor } from "../tensor/view.js";
import type { CentralMoments } from "./central-moments.js";
import type { SpectralMoments, SpectralSpread } from "./wolkowicz-styan.js";

/** What is known of a matrix. A bound whose part is missing is left out. */
export interface Facts {
  readonly size: number;
  readonly spread: SpectralSpread;
  readonly rank?: number;
  /** Of a network's Hessian. */
  readonly network?: {
    readonly layers: LayerMoments;
    readonly split: SplitMoments;
    readonly ranks: HessianRankBound;
  };
  /** Checked and row-major. */
  readonly matrix?: { readonly entries: Tensor; readonly central: CentralMoments };
  readonly blocks?: readonly ParameterRange[];
}

/** tr H and tr H², layer by layer: `layer1` is that of W1 and b1, and so on. */
export interface LayerMoments {
  /** Of the first layer's principal block. */
  readonly layer1: SpectralMoments;
  /** Of every layer's. */
  readonly [layer: `layer${number}`]: SpectralMoments;
  /** ‖·‖_F² of the block between two layers, `betweenSquared[m][l]` for l < m < L counted from 0; it stands in H twice. */
  readonly betweenSquared: readonly (readonly number[])[];
  /** Their sum. */
  readonly mixedSquared: number;
}

/** Moments of H = G + R by parts: tr H = tr G + tr R, and tr H² = tr G² + tr R² + 2 tr GR. */
export interface SplitMoments {
  /** Of the Gauss–Newton matrix G. */
  readonly gaussNewton: SpectralMoments;
  /** Of the residual part R. */
  readonly residual: SpectralMoments;
  /** tr GR = ⟨G, R⟩. */
  readonly cross: number;
  /** Of R's diagonal block of each hidden unit, where there is one hidden layer: between units R is 0 then. */
  readonly residualUnits?: readonly ResidualUnit[];
}

/** R among the weights into and out of one hidden unit: [[C, Bᵀ], [B, 0]], C (d̃,d̃) and B (K,d̃). */
export interface ResidualUnit {
  /** Of C. */
  readonly incoming: SpectralMoments;
  /** ‖B‖_F². */
  readonly mixedSquared: number;
}

/** Largest possible ranks, whatever theta is. */
export interface HessianRankBound {
  /** H, (n,n). */
  readonly hessian: number;
  /** G. */
  readonly gaussNewton: number;
  /** R = H − G. */
  readonly residual: number;
  /** The principal block of W1 and b1. */
  readonly layer1: number;
  /** Of every layer's. */
  readonly [layer: `layer${number}`]: number;
}
