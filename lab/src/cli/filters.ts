import type { Command } from "commander";
import pc from "picocolors";
import { filterFinding, filterRows, quadraticEdges } from "../report/filters.js";
import { formatNumber } from "../report/format.js";
import type { SweepResults } from "../sweep/results.js";
import { studyCommand } from "./study.js";
import { plainTable } from "./table.js";

export function filtersCommand(): Command {
  return studyCommand({
    name: "filters",
    description:
      "A study: which Hessian eigenvalues each optimizer lets pass, by formula and in runs to convergence. Some minutes; resumes.",
    needs: ["lambdaMax", "filterEdge", "edgeShare", "outsideFilter"],
    render: renderFilters,
  });
}

function renderFilters(results: SweepResults): string {
  const right = (count: number) => Array.from({ length: count }, () => "right" as const);
  return [
    pc.bold("Runs against their optimizer's filter"),
    plainTable(
      ["optimizer", "runs", "converged", "diverged", "outside", "closest λ_max/edge"],
      ["left", ...right(5)],
      filterRows(results).map(({ method, runs, converged, diverged, outside, closest }) => [
        method,
        ...[runs, converged, diverged, outside].map(String),
        Number.isFinite(closest) ? closest.toFixed(4) : "–",
      ]),
    ),
    pc.bold("On quadratics: α = 0.1, β = 0.9, ρ = 0.05"),
    plainTable(
      ["optimizer", "stable eigenvalues, by formula", "upper edge", "found by iterating"],
      ["left", "left", "right", "right"],
      quadraticEdges().map(({ optimizer, filter, predicted, found }) => [
        optimizer,
        filter,
        predicted.toFixed(3),
        formatNumber(found, 5),
      ]),
    ),
    filterFinding(results),
  ].join("\n");
}
