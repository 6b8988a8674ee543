import type { Command } from "commander";
import pc from "picocolors";
import type { LoadChapters } from "../../report/chapter.js";
import type { SweepResults } from "../../sweep/results.js";
import { studyCommand } from "../../terminal/planned-study.js";
import { plainTable } from "../../terminal/table.js";
import { wrapped } from "../../terminal/width.js";
import { classTable, prescribedSpectra, tightnessFinding, tightnessTable } from "./tables.js";

export function tightnessCommand(command: Command, chapters: LoadChapters): Command {
  return studyCommand(command, chapters, {
    needs: ["tightness", "fourMomentsRatio", "effectiveOutliers"],
    render: renderTightness,
  });
}

function renderTightness(results: SweepResults): string {
  const bounds = tightnessTable(results);
  const byClasses = classTable(results);
  const right = (count: number) => Array.from({ length: count }, () => "right" as const);
  const spectra = prescribedSpectra().map(({ name, size, ratio, theory }) => [
    name,
    `${size}`,
    ratio.toFixed(3),
    theory,
  ]);
  const finding = tightnessFinding(results);
  return [
    ...(finding ? [pc.bold(wrapped(finding)), ""] : []),
    pc.bold("Bound over λ_max, by training steps"),
    plainTable(bounds.head, ["right", "left", "left", ...right(6)], bounds.rows),
    pc.bold("WS over λ_max by the number of classes, after the longest training"),
    plainTable(byClasses.head, right(6), byClasses.rows),
    pc.bold("WS on prescribed spectra"),
    plainTable(["spectrum", "n", "WS/λ_max", "theory"], ["left", "right", "right", "left"], spectra),
  ].join("\n");
}
