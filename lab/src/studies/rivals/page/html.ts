import { html } from "@remix-run/html-template";
import { networkDetails } from "../../../experiment/network/text.js";
import type { Figure } from "../../../report/figure.js";
import { counted } from "../../../report/format.js";
import { mathText } from "../../../report/math-text.js";
import { definitions, type Fact, findingBlock, lines, pageOf, section } from "../../../report/parts.js";
import { pictureFirst } from "../../../report/picture-first.js";
import { problemFindings, rivalFinding } from "../finding.js";
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
    lead: lines([findingBlock([rivalFinding(outcomes)])]),
    body: lines(
      outcomes.map((outcome, i) => {
        const [table, ...tables] = rivalTables(outcome);
        const made = ["How it was made", definitions(facts(outcome))] as const;
        return section(
          outcome.label,
          lines([
            ...problemFindings(outcome).map((finding) => html`<p>${mathText(finding)}</p>`),
            pictureFirst({ figures: figures[i], table, tables, more: [made] }),
          ]),
        );
      }),
    ),
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
