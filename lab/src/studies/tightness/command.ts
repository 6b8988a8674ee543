import type { Command } from "commander";
import pc from "picocolors";
import type { LoadChapters } from "../../report/chapter.js";
import type { SweepResults } from "../../sweep/results.js";
import { studyCommand } from "../../terminal/planned-study.js";
import { titledTables } from "../../terminal/table.js";
import { wrapped } from "../../terminal/width.js";
import { classTable, prescribedTable, tightnessFinding, tightnessTable } from "./tables.js";

export function tightnessCommand(command: Command, chapters: LoadChapters): Command {
  return studyCommand(command, chapters, {
    needs: ["tightness", "fourMomentsRatio", "effectiveOutliers"],
    render: renderTightness,
  });
}

function renderTightness(results: SweepResults): string {
  const finding = tightnessFinding(results);
  return [
    ...(finding ? [pc.bold(wrapped(finding))] : []),
    ...titledTables([tightnessTable(results), classTable(results), prescribedTable()]),
  ].join("\n");
}
