import type { Command } from "commander";
import pc from "picocolors";
import { formatNumber } from "../report/format.js";
import { prescribedSpectra, tightnessFinding, tightnessRows } from "../report/tightness.js";
import type { SweepResults } from "../sweep/results.js";
import { studyCommand } from "./study.js";
import { plainTable } from "./table.js";

export function tightnessCommand(): Command {
  return studyCommand({
    name: "tightness",
    description:
      "A study: by how much every bound on λ_max exceeds it, over hundreds of networks. A minute or two; resumes.",
    render: renderTightness,
  });
}

function renderTightness(results: SweepResults): string {
  const rows = tightnessRows(results).map(
    ({ steps, bound, closed, best, median, ninetieth, worst, tightest }) => [
      `${steps}`,
      bound,
      closed ? "closed form" : "H",
      ...[best, median, ninetieth, worst].map(formatNumber),
      `${(100 * tightest).toFixed(0)} %`,
    ],
  );
  const right = (count: number) => Array.from({ length: count }, () => "right" as const);
  const spectra = prescribedSpectra().map(({ name, size, ratio, theory }) => [
    name,
    `${size}`,
    ratio.toFixed(3),
    theory,
  ]);
  return [
    pc.bold("Bound over λ_max, by training steps"),
    plainTable(
      ["steps", "bound", "needs", "best", "median", "90 %", "worst", "tightest"],
      ["right", "left", "left", ...right(5)],
      rows,
    ),
    pc.bold("WS on prescribed spectra"),
    plainTable(["spectrum", "n", "WS/λ_max", "theory"], ["left", "right", "right", "left"], spectra),
    tightnessFinding(results) ?? "",
  ].join("\n");
}
