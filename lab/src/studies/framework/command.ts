import type { Command } from "commander";
import pc from "picocolors";
import type { LoadChapters } from "../../report/chapter.js";
import type { SweepResults } from "../../sweep/results.js";
import { planOn, studyCommand } from "../../terminal/planned-study.js";
import { plainTable } from "../../terminal/table.js";
import { wrapped } from "../../terminal/width.js";
import { frameworkMeasures } from "./framework.js";
import { frameworkTables, variantFindings } from "./tables.js";

export function frameworkCommand(command: Command, chapters: LoadChapters): Command {
  return studyCommand(command, chapters, {
    needs: frameworkMeasures,
    onData: {
      planOn: (source, _, planFile) =>
        planOn(source, planFile, source.name === "mnist" ? "framework-mnist" : "framework"),
    },
    render: renderFramework,
  });
}

function renderFramework(results: SweepResults): string {
  const tables = frameworkTables(results).flatMap(({ title, head, left, rows, note }) => [
    pc.bold(title),
    plainTable(
      head,
      head.map((_, column) => (left.includes(column) ? "left" : "right")),
      rows.map((row) => [...row]),
    ),
    pc.dim(wrapped(note)),
    "",
  ]);
  return [...variantFindings(results).map((finding) => pc.bold(wrapped(finding))), "", ...tables].join("\n");
}
