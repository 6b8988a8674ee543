import { html, type SafeHtml } from "@remix-run/html-template";
import { flatwardLine } from "../shell.js";
import type { CellResult, ProblemResult, SweepResults } from "../sweep/results.js";
import type { Figure } from "./figure.js";
import { figureBlock, inLine, lines } from "./parts.js";

/** Rows of the table of cells; the rest is in the manifest. */
const MAX_ROWS = 1000;
/** Digits of an identity that tell cells apart. */
const SHORT = 12;

/** A picture with links to the cells behind it. */
export function figureWithCells(figure: Figure, problems: readonly ProblemResult[]): SafeHtml {
  return figureBlock(
    figure,
    cellLinks(problems.flatMap(({ groups }) => groups.flatMap(({ cells }) => cells))),
  );
}

function cellLinks(cells: readonly CellResult[]): SafeHtml {
  const links = cells
    .slice(0, MAX_ROWS)
    .map(({ index, id, seed }) => html`<a href="cells/${id}.json" title="seed ${seed}">${index}</a>`);
  return html`<details class="cells"><summary>the ${cells.length} cells behind it</summary><p>${inLine(links)}</p></details>`;
}

/** Every cell with its result's hash, and how to run one again; nothing where none has run. */
export function cellTable(
  { problems, failures }: SweepResults,
  planFile: string,
  folder: string,
): SafeHtml | undefined {
  const rows = problems.flatMap((problem) =>
    problem.groups.flatMap((group) => group.cells.map((cell) => ({ problem, label: group.label, cell }))),
  );
  rows.sort((a, b) => a.cell.index - b.cell.index);
  const body = rows.slice(0, MAX_ROWS).map(({ problem, label, cell }) => row(problem, label, cell));
  const more =
    rows.length > MAX_ROWS
      ? html`<p class="note">… and ${rows.length - MAX_ROWS} more, in results.json.</p>`
      : undefined;
  const failed = failures
    .slice(0, MAX_ROWS)
    .map(
      ({ index, id, message }) =>
        html`<tr><td>${index}</td><td>${link(id)}</td><td class="text warning">failed: ${message}</td></tr>`,
    );
  const example = rows[0]?.cell.id ?? failures[0]?.id;
  if (example === undefined) return undefined;
  return html`<p>Any one of them can be run again by its identity, and compared with the hash below:</p>
<pre>${runCommand(planFile, folder, example)} --recompute</pre>
<details class="bulk"><summary>all ${rows.length + failures.length} cells</summary>
${failed.length > 0 ? cellRows("Failed cells", ["index", "identity", "what happened"], failed) : undefined}
${cellRows("Cells that are done", ["index", "identity", "group", "seed", "SHA-256 of the result"], body)}${more}</details>`;
}

function cellRows(title: string, head: readonly string[], rows: readonly SafeHtml[]): SafeHtml {
  const heads = head.map((name) => html`<th scope="col">${name}</th>`);
  return html`<div class="scroll" role="group" aria-label="${title}" tabindex="0"><table><caption><span>${title}</span></caption><thead><tr>${heads}</tr></thead><tbody>
${lines(rows)}
</tbody></table></div>`;
}

/** Runs one cell alone. */
function runCommand(planFile: string, folder: string, id: string): string {
  return flatwardLine("run", "--of", planFile, "--cell", id.slice(0, SHORT), "--output", folder);
}

function row(
  { label: problem }: ProblemResult,
  label: string,
  { index, id, seed, sha256 }: CellResult,
): SafeHtml {
  const name = problem === "" ? label : `${problem}: ${label}`;
  return html`<tr><td>${index}</td><td>${link(id)}</td><td class="text">${name}</td><td>${seed}</td><td><code>${sha256.slice(0, SHORT)}…</code></td></tr>`;
}

function link(id: string): SafeHtml {
  return html`<a href="cells/${id}.json"><code>${id.slice(0, SHORT)}</code></a>`;
}
