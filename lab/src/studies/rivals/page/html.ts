import { html } from "@remix-run/html-template";
import { networkDetails } from "../../../experiment/network/text.js";
import type { Figure } from "../../../report/figure.js";
import { counted } from "../../../report/format.js";
import { definitions, type Fact, figureBlock, lines, pageOf, section } from "../../../report/parts.js";
import { tableSection } from "../../../report/titled-table.js";
import { rivalFindings } from "../finding.js";
import { only, type ProblemOutcome } from "../results.js";
import { rivalTables } from "../tables.js";

/** The study as one page that needs nothing else. @param figures of each problem */
export function rivalsPage(
  outcomes: readonly ProblemOutcome[],
  figures: readonly (readonly Figure[])[],
): string {
  const title = "HSR among its rivals, each at its best";
  return pageOf({
    title,
    kicker: "rivals",
    heading: title,
    lead: lines(rivalFindings(outcomes).map((finding) => html`<p class="finding">${finding}</p>`)),
    body: lines([
      ...outcomes.flatMap((outcome, i) => [
        section(outcome.label, lines(figures[i].map(figureBlock))),
        ...rivalTables(outcome).map(tableSection),
      ]),
      section("How it was made", definitions(outcomes.flatMap(facts))),
    ]),
  });
}

function facts({ label, tuning, comparisons }: ProblemOutcome): Fact[] {
  const { data, network, training, parameters, groups } = only(tuning);
  const seeds = (of: ProblemOutcome["tuning"]) => counted(only(of).groups[0].cells.length, "seed");
  const batch = training.batchSize === "full" ? "full batch" : `batches of ${training.batchSize}`;
  const all = [tuning, ...comparisons.map(({ results }) => results)];
  const seconds = all.reduce((sum, { effort }) => sum + effort.cpuSeconds, 0);
  return [
    [
      label,
      `${data.name}: ${data.samples} samples; ${networkDetails(network, data)}, ${parameters} parameters; ${batch}; as much time as ${training.steps} steps of gradient descent take, by the processor's clock, measured before in turns with these`,
    ],
    [
      "runs",
      `${counted(groups.length, "setting")} tuned on ${seeds(tuning)}, validated on ${100 * (training.validationFraction ?? 0)} % of the training part; compared on ${comparisons.map(({ results }) => seeds(results)).join(" and ")}; ${(seconds / 60).toFixed(1)} minutes of processor time; engine ${tuning.engine}`,
    ],
  ];
}
