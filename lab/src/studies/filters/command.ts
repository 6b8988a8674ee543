import type { Command } from "commander";
import pc from "picocolors";
import type { LoadChapters } from "../../report/chapter.js";
import type { SweepResults } from "../../sweep/results.js";
import { planOn, studyCommand } from "../../terminal/planned-study.js";
import { plainTable } from "../../terminal/table.js";
import { wrapped } from "../../terminal/width.js";
import { addFiltersOptions, type FiltersOptions, filtersPlan } from "./plan.js";
import { edgeTable, type FilterTable, filterFinding, filterTable } from "./tables.js";

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
  const table = ({ head, rows }: FilterTable) =>
    plainTable(
      head,
      head.map((_, column) => (column === 0 ? "left" : "right")),
      rows,
    );
  return [
    pc.bold(wrapped(filterFinding(results))),
    "",
    pc.bold("Runs against their optimizer's filter"),
    table(filterTable(results)),
    pc.bold("The same settings on quadratics, by formula and by iterating"),
    table(edgeTable(results)),
  ].join("\n");
}
