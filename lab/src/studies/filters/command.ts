import type { Command } from "commander";
import pc from "picocolors";
import type { LoadChapters } from "../../report/chapter.js";
import type { SweepResults } from "../../sweep/results.js";
import { planOn, studyCommand } from "../../terminal/planned-study.js";
import { titledTables } from "../../terminal/table.js";
import { wrapped } from "../../terminal/width.js";
import { addFiltersOptions, type FiltersOptions, filtersPlan } from "./plan.js";
import { edgeTable, filterFinding, filterTable } from "./tables.js";

export function filtersCommand(command: Command, chapters: LoadChapters): Command {
  return studyCommand(command, chapters, {
    needs: ["lambdaMax", "filterEdge", "edgeShare", "outsideFilter"],
    onData: {
      addOptions: addFiltersOptions,
      planOn: (source, options, planFile) =>
        planFile === undefined
          ? filtersPlan(source, options as FiltersOptions)
          : planOn(source, planFile, "filters"),
    },
    render: renderFilters,
  });
}

function renderFilters(results: SweepResults): string {
  return [
    pc.bold(wrapped(filterFinding(results))),
    ...titledTables([filterTable(results), edgeTable(results)]),
  ].join("\n");
}
