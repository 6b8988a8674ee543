import type { MinimizeStatus } from "flatward/optim";

/**
 * How a training ended. "diverged": its numbers stayed finite, but the training loss is more than 10 % higher than at the
 * start, and than with all parameters 0.
 */
export type RunStatus = MinimizeStatus | "diverged";

/** Whether a run went nowhere that a training should lead to: its measures say nothing of a minimum. */
export function hasDiverged({ status }: { readonly status: string }): boolean {
  return status === "non-finite" || status === "diverged";
}

/** What is to be said of a single run after its settings; nothing where it did not diverge. */
export function divergenceNote(run: { readonly status: string }): string {
  if (!hasDiverged(run)) return "";
  return run.status === "diverged"
    ? "; it diverged: its training loss is higher than at the start"
    : "; it diverged: this is its last finite point";
}
