import { methods } from "../experiment/methods.js";
import type { Group } from "../sweep/groups.js";

/** An optimizer whose runs are counted together, whatever their learning rate and radius: `USAM`, `USAM, momentum 0.7`. */
export function optimizerLabel({ family, method }: Pick<Group, "family" | "method">): string {
  const { label, shown, hyperparameters } = methods[family];
  const { momentum } = method;
  const isOwn = shown === "momentum" || !("momentum" in hyperparameters) || momentum === 0;
  return isOwn ? label : `${label}, momentum ${momentum}`;
}
