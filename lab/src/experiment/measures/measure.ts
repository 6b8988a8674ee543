import type { MeasuredNetwork } from "./measured-network.js";
import type { Need } from "./needs.js";

/** The tables that measures are shown in. */
export const measureGroups = {
  fit: "Fit",
  cost: "What the training took",
  robustness: "Test accuracy when inputs change",
  curvature: "Curvature of the training loss at the end",
  sharpness: "Sharpness of the training loss at the end",
  certainty: "How sure that is: residuals, standard errors",
  bounds: "Bounds on λ_max, as multiples of it",
  filter: "Against the optimizer's filter",
} as const;

export type MeasureGroup = keyof typeof measureGroups;

/** In the order of a report. */
export const measureGroupIds = Object.keys(measureGroups) as MeasureGroup[];

/** A number measured of a trained network: one column of a table. */
export interface Measure {
  readonly id: string;
  readonly label: string;
  readonly group: MeasureGroup;
  /** How a value is shown. */
  readonly format: "number" | "percent" | "count" | "ratio";
  /** Timings differ from run to run; everything else is reproducible to the bit. */
  readonly reproducible: boolean;
  /** Expensive, or of interest to one study alone: left out where a plan does not name it. */
  readonly onRequest?: boolean;
  /** Of the network; every network does when absent. */
  readonly needs?: Need;
  readonly explanation: string;
  of(network: MeasuredNetwork): number;
}
