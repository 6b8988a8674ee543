import type { ActivationName, LossName } from "flatward";
import type { MethodSettings } from "./methods.js";
import type { Budget } from "./train.js";

/** A whole comparison, resolved: nothing is left to a default. */
export interface ComparisonPlan extends Budget, MethodSettings {
  readonly hidden: number;
  readonly activation: ActivationName;
  readonly loss: LossName;
  readonly testFraction: number;
  /** Each seed draws its own split and starting point, shared by all methods. */
  readonly seeds: readonly number[];
}
