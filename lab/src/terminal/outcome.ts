import { join } from "node:path";
import { LabError } from "../errors.js";
import { counted } from "../report/format.js";
import { flatwardLine } from "../shell.js";
import type { SweepOutcome } from "../sweep/listener.js";
import type { Manifest } from "../sweep/manifest.js";
import type { Store } from "../sweep/store.js";
import { shortList } from "./notice.js";
import type { SweepingOptions } from "./sweeping-options.js";

/** What came of a sweep, in a line. */
export function summaryLine(outcome: SweepOutcome, { recompute }: SweepingOptions): string {
  const { cells, done, computed, elsewhere, newlyFailed, failed } = outcome;
  if (recompute) return comparison(outcome);
  const parts = [
    ...(done > 0 ? [`${done} done before`] : []),
    `${computed} computed now`,
    ...(elsewhere > 0 ? [`${elsewhere} computed elsewhere`] : []),
    ...(failed + newlyFailed > 0 ? [`${failed + newlyFailed} failed`] : []),
  ];
  return `${counted(cells, "cell")}: ${parts.join(", ")}`;
}

/** What came of computing cells again. */
export function comparison({ cells, compared, differing, ...outcome }: SweepOutcome): string {
  const computed = outcome.computed + outcome.newlyFailed;
  const found =
    computed === 0
      ? "none computed"
      : compared === 0
        ? "for the first time: there was nothing to compare them with"
        : differing.length === 0
          ? "every one with the same bits as before"
          : `${differing.length} with other bits than before`;
  const fresh = compared > 0 && computed > compared ? `, and ${computed - compared} for the first time` : "";
  return `${computed} of ${cells} cells computed${compared > 0 ? " again" : ""}: ${found}${fresh}`;
}

/** Of the cells of a call, those without a record. */
export function missingRecords(
  { cells }: Manifest,
  store: Store,
  indices: readonly number[] = [...cells.keys()],
): string[] {
  return indices.map((index) => cells[index].id).filter((id) => store.record(id) === undefined);
}

/**
 * @param lost cells without a record, though they were computed
 * @throws LabError unless all cells are done, with the bits of before
 */
export function requireComplete(
  { stopped, failed, newlyFailed, differing }: SweepOutcome,
  lost: readonly string[],
  folder: string,
  { recompute, failFast }: SweepingOptions,
): void {
  if (differing.length > 0)
    throw new LabError(
      "verification",
      `other bits than before: ${shortList(differing)}; the results of before are kept`,
    );
  if (stopped && failFast && failed + newlyFailed > 0)
    throw new LabError(
      "cells",
      `stopped at a cell that failed; ${flatwardLine("status", folder)} says why; --retry-failed runs it again, and without --fail-fast the others are run`,
    );
  if (stopped)
    throw new LabError(
      "stopped",
      recompute
        ? "stopped before all was computed again; the same command begins anew"
        : "stopped before all was done; the same command goes on where this one stopped",
    );
  if (lost.length > 0)
    throw new LabError(
      "stopped",
      `${counted(lost.length, "record")} in ${join(folder, "cells")} went missing while the sweep ran: ${shortList(lost)}; the same command computes what is missing`,
    );
  if (failed + newlyFailed > 0)
    throw new LabError(
      "cells",
      `${counted(failed + newlyFailed, "cell")} failed; ${flatwardLine("status", folder)} says why; --retry-failed runs failed cells again`,
    );
}
