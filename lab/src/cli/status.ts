import { Command } from "commander";
import pc from "picocolors";
import { cellNames } from "../sweep/groups.js";
import { openSweep } from "./folder.js";
import { countStates, countsLine } from "./plan-table.js";

/** Running and failed cells listed one by one. */
const MOST_LISTED = 20;

export function statusCommand(): Command {
  return new Command("status")
    .description("How far a sweep has come: also while it runs, here or elsewhere.")
    .argument("<folder>", "of its results")
    .option("--json", "print the state of every cell as JSON")
    .action(showStatus);
}

function showStatus(path: string, { json }: { json?: boolean }): void {
  const { manifest, store } = openSweep(path);
  const names = cellNames(manifest);
  const cells = manifest.cells.map(({ id }, index) => ({
    index,
    id,
    name: names[index],
    ...store.state(id),
  }));
  if (json) {
    const plain = cells.map((cell) => {
      if (!("record" in cell)) return cell;
      const { record, ...rest } = cell;
      return { ...rest, sha256: record.sha256, ...(record.error ? { error: record.error } : {}) };
    });
    process.stdout.write(
      `${JSON.stringify({ name: manifest.name, engine: manifest.engine, cells: plain }, null, 1)}\n`,
    );
    return;
  }

  const lines = [`${manifest.name}: ${cells.length} cells, ${countsLine(countStates(manifest, store))}`];
  const running = cells.filter((cell) => cell.state === "running");
  for (const cell of running.slice(0, MOST_LISTED))
    lines.push(
      `  ${pc.cyan("running")}  ${cell.index}  ${cell.name}   on ${cell.host}, process ${cell.pid}, since ${cell.since}`,
    );
  const failed = cells.flatMap((cell) => ("record" in cell && cell.state === "failed" ? [cell] : []));
  for (const { index, name, record } of failed.slice(0, MOST_LISTED))
    lines.push(`  ${pc.red("failed")}   ${index}  ${name}   ${record.error?.message}`);
  const hidden = Math.max(0, running.length - MOST_LISTED) + Math.max(0, failed.length - MOST_LISTED);
  if (hidden > 0) lines.push(`  … and ${hidden} more; --json lists every cell`);
  const interrupted = cells.filter((cell) => cell.state === "planned" && cell.checkpoint).length;
  if (interrupted > 0) lines.push(`  ${interrupted} of those to run go on from a checkpoint`);
  const plan = manifest.planFile;
  if (plan !== undefined && cells.some(({ state }) => state === "planned"))
    lines.push(`To go on:    npx flatward sweep ${plan}`);
  if (plan !== undefined && failed.length > 0)
    lines.push(`To retry:    npx flatward sweep ${plan} --retry-failed`);
  lines.push(`To see it:   npx flatward report ${path}`);
  process.stdout.write(`${lines.join("\n")}\n`);
}
