import { printable } from "../../printable.js";
import { formatNumber } from "../../report/format.js";
import type { TitledTable } from "../../report/titled-table.js";
import { bySize, type ExplainResult } from "./analyze.js";
import { percent } from "./finding.js";
import type { Given } from "./given.js";
import { type Point, STEP_LENGTH, type Steps } from "./step.js";

/** Characters of a class's name. */
const LONGEST_NAME = 30;

/** Features that a row shows, at most. */
const FEATURES = 6;

/** All tables, in the order of the page; none where there is nothing to share. @param top how many samples and pairs are listed */
export function explainTables(result: ExplainResult, given: Given, top: number): TitledTable[] {
  if (!(result.value > 0)) return [];
  const classes = result.classes.map((each) => ({ ...each, name: shortName(each.name) }));
  const shown = { ...result, classes };
  return [
    samplesTable(shown, given, top),
    ...(shown.classPairs.length > 0 ? [classesTable(shown)] : []),
    layersTable(shown),
    unitsTable(shown, top),
    partsTable(shown),
    pairsTable(shown, top),
    ...(shown.step ? [stepTable(shown.step)] : []),
  ];
}

/** A long name without its middle: what tells names apart stands at either end. */
function shortName(name: string): string {
  const signs = [...printable(name, Number.POSITIVE_INFINITY)];
  if (signs.length <= LONGEST_NAME) return signs.join("");
  const half = LONGEST_NAME / 2;
  return `${signs.slice(0, half).join("")}…${signs.slice(-half).join("")}`;
}

function right(names: number, columns: number): ("left" | "right")[] {
  return Array.from({ length: names + columns }, (_, i) => (i < names ? "left" : "right"));
}

function samplesTable(
  { samples, value, classes }: ExplainResult,
  { features, rows }: Given,
  top: number,
): TitledTable {
  const shown = features.length <= FEATURES ? features : [];
  return {
    title: "The sharpest samples",
    head: ["row", "class", "taken for", "share", "times the mean", ...shown],
    alignment: ["left", "left", "left", ...right(0, 2 + shown.length)],
    rows: bySize(samples)
      .slice(0, top)
      .map((i) => {
        const { row, label, predicted, share } = samples[i];
        return [
          String(row),
          classes[label].name,
          classes[predicted].name,
          percent(share / value),
          formatNumber((share / value) * samples.length),
          ...shown.map((_, c) => formatNumber(rows[i][c])),
        ];
      }),
    note: "Rows of the data from 1, without a header and rows that were left out. The share of a sample is its weight in the loss times the derivative of the bound by it.",
  };
}

function classesTable({ classes, classPairs, value, samples }: ExplainResult): TitledTable {
  return {
    title: "Classes",
    head: ["class", "samples", "share", "times the mean", ...classes.map(({ name }) => `with ${name}`)],
    alignment: right(1, 3 + classes.length),
    rows: classes.map(({ name, samples: count, share }, k) => [
      name,
      String(count),
      percent(share / value),
      count === 0 ? "–" : formatNumber((share / value / count) * samples.length),
      ...classPairs[k].map((pair) => percent(pair / value)),
    ]),
    note: "With a class: pairs of a sample of this class and one of that, half of what pairs of different classes add. A row adds up to the share.",
  };
}

function layersTable({ layers, blocks, value }: ExplainResult): TitledTable {
  return {
    title: "Layers",
    head: ["layer", "share", ...layers.map((_, l) => `with layer ${l + 1}`)],
    alignment: right(1, 1 + layers.length),
    rows: layers.map((share, m) => [
      `layer ${m + 1}`,
      percent(share / value),
      ...layers.map((_, l) =>
        percent((l === m ? blocks[m][m] : (l < m ? blocks[m][l] : blocks[l][m]) / 2) / value),
      ),
    ]),
    note: "A block between two layers stands in the Hessian twice, and counts half for either.",
  };
}

function unitsTable({ units, value }: ExplainResult, top: number): TitledTable {
  const all = units.flatMap((shares, l) => shares.map((share, p) => ({ l, p, share, of: shares.length })));
  const last = units.length - 1;
  return {
    title: "The sharpest units",
    head: ["layer", "unit", "share", "times the layer's mean"],
    alignment: right(1, 3),
    rows: [...all]
      .sort((a, b) => b.share - a.share || a.l - b.l || a.p - b.p)
      .slice(0, top)
      .map(({ l, p, share, of }) => [
        l === last ? `layer ${l + 1}, outputs` : `layer ${l + 1}`,
        String(p + 1),
        percent(share / value),
        formatNumber((share * of) / units[l].reduce((sum, each) => sum + each, 0)),
      ]),
    note: `Of ${all.length} units; the weights into a unit and its bias are its own.`,
  };
}

function partsTable({ trace, frobenius, gaussNewton, residual, cross, value }: ExplainResult): TitledTable {
  const row = (name: string, share: number) => [name, formatNumber(share, 4), percent(share / value)];
  return {
    title: "Parts of the Hessian",
    head: ["part", "", "share"],
    alignment: right(1, 2),
    rows: [
      row("trace", trace),
      row("Frobenius norm", frobenius),
      row("Gauss–Newton part", gaussNewton),
      row("residual part", residual),
      row("cross term of both", cross),
    ],
    note: "The first two add up to the bound, and so do the last three. More trace at the same norm means less spread: its share is negative as a rule.",
  };
}

function pairsTable({ pairs, otherPairs, samples, value, classes }: ExplainResult, top: number): TitledTable {
  const name = (i: number) => `${samples[i].row} (${classes[samples[i].label].name})`;
  return {
    title: "The largest pairs of samples",
    head: ["row", "with row", "share"],
    alignment: ["left", "left", "right"],
    rows: [
      ...pairs
        .slice(0, top)
        .map(({ i, j, share }) => [name(i), i === j ? "itself" : name(j), percent(share / value)]),
      [
        "all others",
        "",
        percent((otherPairs + pairs.slice(top).reduce((sum, { share }) => sum + share, 0)) / value),
      ],
    ],
    note: "The largest in size. A pair adds more the more alike the Hessians of both samples are; below 0, they offset each other.",
  };
}

function stepTable({ before, hsr, descent }: Steps): TitledTable {
  const row = (name: string, of: (point: Point) => number) => [
    name,
    formatNumber(of(before), 4),
    ...[hsr, descent].flatMap((point) => [
      formatNumber(of(point), 4),
      of(before) === 0 ? "–" : percent(of(point) / of(before) - 1),
    ]),
  ];
  return {
    title: "One step of HSR",
    head: ["", "before", "after a step of HSR", "", "after as long a step down the loss", ""],
    alignment: right(1, 5),
    rows: [
      row("B", ({ value }) => value),
      row("λ_max", ({ lambdaMax }) => lambdaMax),
      row("training loss", ({ loss }) => loss),
      row("share of the sharpest samples", ({ sharpest }) => sharpest),
    ],
    note: `Either is ${STEP_LENGTH} ‖θ‖ long; that of HSR is down B alone. The sharpest samples are those that carry half of B before; loss and curvature are of the samples that shares are of.`,
  };
}
