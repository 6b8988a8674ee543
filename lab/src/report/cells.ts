import { flatwardLine } from "../shell.js";
import type { CellResult, ProblemResult, SweepResults } from "../sweep/results.js";
import { escapeHtml } from "./escape.js";

/** Rows of the table of cells; the rest is in the manifest. */
const MOST_ROWS = 1000;
/** Digits of an identity that tell cells apart. */
const SHORT = 12;

/** Links to the cells behind a picture. */
export function cellLinks(cells: readonly CellResult[]): string {
  const links = cells
    .slice(0, MOST_ROWS)
    .map(({ index, id, seed }) => `<a href="cells/${id}.json" title="seed ${seed}">${index}</a>`);
  return `<details class="cells"><summary>the ${cells.length} cells behind it</summary><p>${links.join(" ")}</p></details>`;
}

/** Every cell with its result's hash, and how to run one again. */
export function cellTable({ problems, failures }: SweepResults, planFile: string, folder: string): string {
  const rows = problems.flatMap((problem) =>
    problem.groups.flatMap((group) => group.cells.map((cell) => ({ problem, label: group.label, cell }))),
  );
  rows.sort((a, b) => a.cell.index - b.cell.index);
  const body = rows.slice(0, MOST_ROWS).map(({ problem, label, cell }) => row(problem, label, cell));
  const more =
    rows.length > MOST_ROWS
      ? `<p class="note">… and ${rows.length - MOST_ROWS} more, in results.json.</p>`
      : "";
  const failed = failures
    .slice(0, MOST_ROWS)
    .map(
      ({ index, id, message }) =>
        `<tr><td>${index}</td><td>${link(id)}</td><td class="text warning">failed: ${escapeHtml(message)}</td></tr>`,
    );
  const example = rows[0]?.cell.id ?? failures[0]?.id;
  if (example === undefined) return "";
  return `<p>Any one of them can be run again, with its identity, and held against the hash below:</p>
<pre>${escapeHtml(runCommand(planFile, folder, example))} --recompute</pre>
<details><summary>all ${rows.length + failures.length} cells</summary>
${failed.length > 0 ? `<div class="scroll"><table><tbody>${failed.join("\n")}</tbody></table></div>` : ""}
<div class="scroll"><table><thead><tr><th>index</th><th>identity</th><th>group</th><th>seed</th><th>SHA-256 of the result</th></tr></thead><tbody>
${body.join("\n")}
</tbody></table></div>${more}</details>`;
}

/** Runs one cell alone. */
export function runCommand(planFile: string, folder: string, id: string): string {
  return flatwardLine("run", "--of", planFile, "--cell", id.slice(0, SHORT), "--output", folder);
}

function row(
  { label: problem }: ProblemResult,
  label: string,
  { index, id, seed, sha256 }: CellResult,
): string {
  const name = problem === "" ? label : `${problem}: ${label}`;
  return `<tr><td>${index}</td><td>${link(id)}</td><td class="text">${escapeHtml(name)}</td><td>${seed}</td><td><code>${sha256.slice(0, SHORT)}…</code></td></tr>`;
}

function link(id: string): string {
  return `<a href="cells/${id}.json"><code>${id.slice(0, SHORT)}</code></a>`;
}
