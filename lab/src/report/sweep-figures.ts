import { measuresOf } from "../sweep/description.js";
import type { SweepResults } from "../sweep/results.js";
import type { Store } from "../sweep/store.js";
import { type Figure, figureOf, type Room } from "./figure.js";
import { overviewFigure } from "./overview-figure.js";
import { MAX_DRAWN } from "./problem-figures.js";

/** One picture of a whole sweep: drawn where its measures are there, and where it shows more than a table. */
export interface SweepFigure {
  readonly name: string;
  /** In a few words. */
  readonly title: string;
  /** Measures. */
  readonly needs: readonly string[];
  readonly caption: string;
  worthwhile(results: SweepResults): boolean;
  draw(results: SweepResults, room: Room, store: Pick<Store, "record">): Promise<string>;
}

export const OVERVIEW = "overview";
/** Rows that an overview has room for. */
const MAX_ROWS = 80;

const overview: SweepFigure = {
  name: OVERVIEW,
  title: "Every group at a glance",
  needs: [],
  caption:
    "Every group at a glance. Dots: one seed each; upright marks: their mean; lines: its 95 % confidence interval (Student). Runs that diverged are left out, and the means of their groups.",
  worthwhile({ problems }) {
    const rows = problems.flatMap(({ groups }) => groups.filter(({ cells }) => cells.length > 0)).length;
    const isLarge = problems.length > 1 || problems[0].groups.length > MAX_DRAWN;
    return isLarge && rows > 0 && rows <= MAX_ROWS;
  },
  draw: overviewFigure,
};

/** The pictures of a sweep as a whole: those of the chapters, and an overview. */
export async function sweepFigures(
  results: SweepResults,
  store: Pick<Store, "record">,
  chapters: readonly SweepFigure[],
): Promise<Figure[]> {
  const measures = measuresOf(results.description);
  const figures: Figure[] = [];
  for (const { needs, worthwhile, draw, ...texts } of [...chapters, overview])
    if (needs.every((id) => measures.includes(id)) && worthwhile(results))
      figures.push(await figureOf(texts, (room) => draw(results, room, store)));
  return figures;
}
