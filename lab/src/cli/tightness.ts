import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import pc from "picocolors";
import { formatNumber } from "../report/format.js";
import { prescribedSpectra, tightnessFinding, tightnessRows } from "../report/tightness.js";
import { readPlan } from "../sweep/description.js";
import { manifestOf } from "../sweep/manifest.js";
import { collect } from "../sweep/results.js";
import { storeIn } from "../sweep/store.js";
import { checkpointOption, redisOption, type SweepingOptions, sweep, workersOption } from "./sweeping.js";
import { plainTable } from "./table.js";

const shippedPlan = fileURLToPath(new URL("../../plans/tightness.yaml", import.meta.url));

export function tightnessCommand(): Command {
  return new Command("tightness")
    .description(
      "A study: by how much every bound on λ_max exceeds it, over many networks. Some minutes; resumes.",
    )
    .option("--plan <file>", "another plan, with the same measures", shippedPlan)
    .option("--output <folder>", "where results go (default: results/<name of the plan>)")
    .addOption(workersOption())
    .addOption(checkpointOption())
    .addOption(redisOption())
    .option("--retry-failed", "run failed cells again")
    .option("--json", "print the results as JSON on stdout, everything else on stderr")
    .action(async ({ plan: path, ...options }: SweepingOptions & { plan: string }) => {
      const plan = readPlan(path);
      const manifest = manifestOf(plan);
      const folder = options.output ?? join("results", plan.name);
      await sweep(manifest, folder, options, `${plan.name}: ${manifest.cells.length} networks`);
      if (!options.json) process.stdout.write(`\n${renderTightness(collect(manifest, storeIn(folder)))}\n`);
    });
}

function renderTightness(results: Parameters<typeof tightnessRows>[0]): string {
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
