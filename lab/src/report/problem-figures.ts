import type { RunResult } from "../experiment/run.js";
import type { GroupResult, ProblemResult } from "../sweep/results.js";
import type { Store } from "../sweep/store.js";
import { methodColors } from "./colors.js";
import { curveFigure, edgeCurveFigure } from "./curve-figure.js";
import { type DrawnGroup, type Figure, figureOf, type Room } from "./figure.js";
import { spectrumFigure } from "./spectrum-figure.js";
import { tradeOffFigure } from "./trade-off-figure.js";

/** Groups beyond which a picture could no longer be read. */
export const MAX_DRAWN = 12;

/** One picture of a problem: drawn from what was measured, when that was measured. */
interface FigureKind {
  readonly name: string;
  readonly title: string;
  readonly needs: readonly string[];
  readonly caption: string;
  draw(groups: readonly DrawnGroup[], room: Room): Promise<string>;
}

const bandCaption = "Line: geometric mean over seeds; band: their range.";

/** Every picture of a problem, in the order of the report. A new one is one row. */
const kinds: readonly FigureKind[] = [
  {
    name: "spectrum",
    title: "All eigenvalues of every method",
    needs: ["eigenvalues", "wsBound"],
    caption:
      "The whole spectrum of the training loss Hessian at the end of training. Ticks are eigenvalues, one of each seed; where there are hundreds, hills are their number (its root). Diamonds are the WS upper bound on λ_max of each seed.",
    draw: spectrumFigure,
  },
  {
    name: "training-loss",
    title: "Training loss along training",
    needs: ["curve"],
    caption: `Training loss, without penalties. ${bandCaption}`,
    draw: (groups, room) => curveFigure(groups, "trainLoss", "training loss", room),
  },
  {
    name: "ws-bound",
    title: "WS bound on λ_max along training",
    needs: ["curve"],
    caption: `The Wolkowicz–Styan upper bound on λ_max along training. ${bandCaption}`,
    draw: (groups, room) => curveFigure(groups, "wsBound", "WS bound on λ_max", room),
  },
  {
    name: "edge-of-stability",
    title: "λ_max over the edge of stability",
    needs: ["sharpness", "filterEdge"],
    caption: `λ_max along training over the edge of the optimizer's filter, where there is one: at 1 the optimizer is at its edge of stability. ${bandCaption}`,
    draw: edgeCurveFigure,
  },
  {
    name: "trade-off",
    title: "What flatness costs",
    needs: ["trainLoss", "lambdaMax"],
    caption: "What flatness costs: the largest eigenvalue against the training loss, one point a seed.",
    draw: tradeOffFigure,
  },
];

/**
 * The pictures of one problem, of the groups that have results, up to `MAX_DRAWN` of them.
 * @param prefix of the pictures' names
 */
export async function problemFigures(
  problem: ProblemResult,
  store: Pick<Store, "record">,
  prefix: string,
): Promise<Figure[]> {
  const wanted = kinds.filter(({ needs }) => needs.every((id) => problem.measures.includes(id)));
  const colors = methodColors(problem.groups);
  const groups = drawnOf(problem).map(({ id, label, cells }): DrawnGroup => {
    const runs = cells.flatMap((cell) => store.record(cell.id)?.result ?? []);
    return { id, label, color: colors.get(id) ?? "#888", runs: runs.map(withMissing) };
  });
  if (groups.length === 0) return [];
  return Promise.all(
    wanted.map(({ name, title, caption, draw }) =>
      figureOf({ name: `${prefix}${name}`, title, caption }, (room) => draw(groups, room)),
    ),
  );
}

/** The groups that are drawn, in their order: of too many the baseline, HSR, and of the others one of each family in turn. */
export function drawnOf({ groups }: ProblemResult): readonly GroupResult[] {
  const present = groups.filter(({ cells }) => cells.length > 0);
  const rank = (group: GroupResult): number =>
    isCentral(group) ? -1 : present.filter(({ family }) => family === group.family).indexOf(group);
  const ranked = [...present].sort((a, b) => rank(a) - rank(b));
  const chosen = new Set(ranked.slice(0, MAX_DRAWN));
  return present.filter((group) => chosen.has(group));

  function isCentral(group: GroupResult): boolean {
    return group === groups[0] || group.family.startsWith("hsr");
  }
}

/** Missing numbers, null in JSON, are NaN again. */
function withMissing({ measures, ...rest }: RunResult): RunResult {
  const entries = Object.entries(measures).map(([id, value]) => [id, value ?? Number.NaN]);
  return { ...rest, measures: Object.fromEntries(entries) };
}
