import { Command } from "commander";
import { countsLine } from "../terminal/plan-table.js";
import { renderProblem } from "../terminal/problem-table.js";
import { openSweep } from "./folder.js";
import { damageNotice } from "./notice.js";

export function reportCommand(): Command {
  return new Command("report")
    .description("Write a sweep's report from what is done so far: also while it runs.")
    .argument("<folder>", "of its results")
    .option("--json", "print the results as JSON on stdout, everything else on stderr")
    .action(async (path: string, { json: wanted }: { json?: boolean }) => {
      const log = wanted ? process.stderr : process.stdout;
      const { manifest, store } = openSweep(path);
      const { writeReport } = await import("../report/write.js");
      const { results, json, reportPath, resultsPath } = await writeReport(manifest, store);
      process.stderr.write(damageNotice(store.damaged(), "record", store.cells, "left out"));
      for (const problem of results.problems)
        if (problem.groups.some(({ cells }) => cells.length > 0))
          log.write(`\n${renderProblem(problem, process.stdout.columns)}\n`);
      log.write(`\n${countsLine(results.counts)}\nReport   ${reportPath}\nResults  ${resultsPath}\n`);
      if (wanted) process.stdout.write(json);
    });
}
