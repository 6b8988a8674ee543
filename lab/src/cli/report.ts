import type { Command } from "commander";
import type { LoadChapters } from "../report/chapter.js";
import { openSweep } from "../terminal/choose-cells.js";
import { damageNotice } from "../terminal/notice.js";
import { countsLine } from "../terminal/plan-table.js";
import { renderProblem } from "../terminal/problem-table.js";
import { fullOption, jsonOption } from "../terminal/sweeping-options.js";
import { fileLine } from "../terminal/width.js";

export function reportCommand(command: Command, chapters: LoadChapters): Command {
  return command
    .argument("<folder>", "of its results")
    .addOption(fullOption())
    .addOption(jsonOption())
    .action(async (path: string, { json: wanted, full }: { json?: boolean; full?: boolean }) => {
      const log = wanted ? process.stderr : process.stdout;
      const { manifest, store } = openSweep(path);
      const { writeReport } = await import("../report/write.js");
      const { results, json, reportPath, resultsPath } = await writeReport(manifest, store, await chapters());
      process.stderr.write(damageNotice(store.damaged(), "record", store.cells, "left out"));
      for (const problem of results.problems)
        if (problem.groups.some(({ cells }) => cells.length > 0))
          log.write(`\n${renderProblem(problem, full)}\n`);
      log.write(`\n${countsLine(results.counts)}\n`);
      log.write(fileLine("Report", reportPath) + fileLine("Results", resultsPath));
      if (wanted) process.stdout.write(json);
    });
}
