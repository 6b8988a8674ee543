import type { MethodName } from "../../experiment/methods.js";
import { hasDiverged } from "../../experiment/status.js";
import type { GroupResult, ProblemResult } from "../../sweep/results.js";

/** Of every method, in their order, the setting with the least validation loss; one with a run that diverged only where all have. */
export function chosenOf({ groups }: Pick<ProblemResult, "groups">): GroupResult[] {
  const families = new Map<MethodName, GroupResult[]>();
  for (const group of groups) families.set(group.family, [...(families.get(group.family) ?? []), group]);
  return [...families.values()].map((members) => {
    const sound = members.filter(({ cells }) => !cells.some(hasDiverged));
    const among = sound.length > 0 ? sound : members;
    return among.reduce((best, group) => (validationLoss(group) < validationLoss(best) ? group : best));
  });
}

function validationLoss({ summary }: GroupResult): number {
  const { mean } = summary.testLoss;
  return Number.isNaN(mean) ? Number.POSITIVE_INFINITY : mean;
}
