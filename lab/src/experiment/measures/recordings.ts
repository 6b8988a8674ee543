import type { CurvePoint, MeasuredNetwork, SharpnessPoint } from "./measured-network.js";
import type { Need } from "./needs.js";

/** More than a number: kept for figures and for later use. */
export interface Recording {
  readonly explanation: string;
  readonly onRequest?: boolean;
  readonly needs?: Need;
  of(network: MeasuredNetwork): readonly number[] | readonly CurvePoint[] | readonly SharpnessPoint[];
}

/** Every recording of a trained network. A new one is one row. */
export const recordings = {
  eigenvalues: {
    explanation: "all eigenvalues of the Hessian of the training loss, ascending",
    needs: "whole spectrum",
    of: ({ eigenvalues }) => Array.from(eigenvalues),
  },
  curve: {
    explanation: "training loss along training, and its WS bound where there is one",
    of: ({ curve }) => curve,
  },
  sharpness: {
    explanation: "λ_max along training",
    onRequest: true,
    of: ({ sharpness }) => sharpness,
  },
  theta: {
    explanation: "the trained parameters",
    of: ({ theta }) => Array.from(theta),
  },
} as const satisfies Record<string, Recording>;
