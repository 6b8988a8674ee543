import type { Command } from "commander";
import pc from "picocolors";
import { LONGEST_ERROR, printable } from "../printable.js";
import { counted } from "../report/format.js";
import { flatwardLine } from "../shell.js";
import { cellNames } from "../sweep/groups.js";
import type { CellState } from "../sweep/store.js";
import { openSweep } from "../terminal/choose-cells.js";
import { damageNotice } from "../terminal/notice.js";
import { countStates, countsLine } from "../terminal/plan-table.js";

/** Running and failed cells listed one by one. */
const MAX_LISTED = 20;

export function statusCommand(command: Command): Command {
  return command
    .argument("<folder>", "of its results")
    .option("--json", "print the state of every cell as JSON")
    .action(showStatus);
}

/** A cell as it is shown; its record stays on the disk. */
function look(index: number, name: string, id: string, state: CellState) {
  if (!("record" in state)) return { index, id, name, ...state };
  const { sha256, error } = state.record;
  return { index, id, name, state: state.state, sha256, ...(error ? { error } : {}) };
}

function showStatus(path: string, { json }: { json?: boolean }): void {
  const { manifest, store } = openSweep(path);
  const names = cellNames(manifest);
  const cells = manifest.cells.map(({ id }, index) => look(index, names[index], id, store.state(id)));
  process.stderr.write(damageNotice(store.damaged(), "record", store.cells, "left out"));
  if (json) {
    const { name, engine } = manifest;
    process.stdout.write(`${JSON.stringify({ name, engine, cells }, null, 1)}\n`);
    return;
  }

  const counts = countStates(cells.map(({ state }) => state));
  const lines = [`${manifest.name}: ${counted(cells.length, "cell")}, ${countsLine(counts)}`];
  const running = cells.flatMap((cell) => (cell.state === "running" ? [cell] : []));
  for (const { index, name, host, pid, since } of running.slice(0, MAX_LISTED))
    lines.push(
      `  ${pc.cyan("running")}  ${index}  ${name}   on ${printable(host)}, process ${pid}, since ${since}`,
    );
  const failed = cells.flatMap((cell) => (cell.state === "failed" ? [cell] : []));
  for (const { index, name, error } of failed.slice(0, MAX_LISTED))
    lines.push(
      `  ${pc.red("failed")}   ${index}  ${name}   ${printable(error?.message ?? "", LONGEST_ERROR)}`,
    );
  const hidden = Math.max(0, running.length - MAX_LISTED) + Math.max(0, failed.length - MAX_LISTED);
  if (hidden > 0) lines.push(`  … and ${hidden} more; --json lists every cell`);
  const interrupted = cells.filter((cell) => cell.state === "planned" && cell.checkpoint).length;
  if (interrupted > 0) lines.push(`  ${interrupted} of those to run go on from a checkpoint`);
  const again = [manifest.planFile ?? "", "--output", store.folder];
  if (manifest.planFile !== undefined && counts.planned > 0)
    lines.push(`To go on:    ${flatwardLine("sweep", ...again)}`);
  if (manifest.planFile !== undefined && counts.failed > 0)
    lines.push(`To retry:    ${flatwardLine("sweep", ...again, "--retry-failed")}`);
  lines.push(`To see it:   ${flatwardLine("report", store.folder)}`);
  process.stdout.write(`${lines.join("\n")}\n`);
}
