import type { Command } from "commander";
import pc from "picocolors";
import type { LoadChapters } from "../../report/chapter.js";
import type { SweepResults } from "../../sweep/results.js";
import { planOn, studyCommand } from "../../terminal/planned-study.js";
import { titledTables } from "../../terminal/table.js";
import { wrapped } from "../../terminal/width.js";
import { gapFindings, variantFindings } from "./findings.js";
import { frameworkMeasures } from "./framework.js";
import { frameworkTables } from "./tables.js";

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
  const findings = [...variantFindings(results), ...gapFindings(results)];
  return [
    ...findings.map((finding) => pc.bold(wrapped(finding))),
    ...titledTables(frameworkTables(results)),
  ].join("\n");
}
