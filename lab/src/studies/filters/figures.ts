import { hasDiverged } from "../../experiment/status.js";
import { methodColors } from "../../report/colors.js";
import type { Room } from "../../report/figure.js";
import { formatNumber } from "../../report/format.js";
import { labelWidth, plotArea } from "../../report/plot-area.js";
import { describedMark, legendPlace, toSvg } from "../../report/vega.js";
import type { GroupResult, SweepResults } from "../../sweep/results.js";
import type { Store } from "../../sweep/store.js";
import { optimizerLabel } from "./quadratic-edges.js";

/** Every run's λ_max against the edge of its filter. */
export function edgesFigure({ problems }: SweepResults, room: Room): Promise<string> {
  const values = problems.flatMap(({ groups }) =>
    groups.flatMap((group) =>
      group.cells
        // A diverged run's curvature is that of nowhere.
        .filter((cell) => !hasDiverged(cell))
        .map(({ status, measures }) => ({
          method: optimizerLabel(group),
          edge: measures.filterEdge,
          sharpness: measures.lambdaMax,
          ended: status === "converged" ? "converged" : "not converged",
          said: `${optimizerLabel(group)}: λ_max ${formatNumber(measures.lambdaMax)}, edge ${formatNumber(measures.filterEdge)}`,
        }))
        .filter(({ edge, sharpness }) => edge > 0 && sharpness > 0),
    ),
  );
  const ends = [
    Math.min(...values.flatMap(({ edge, sharpness }) => [edge, sharpness])),
    Math.max(...values.map(({ edge }) => edge)),
  ];
  const scale = { type: "log" as const, nice: false, padding: 10 };
  const x = {
    field: "edge",
    type: "quantitative" as const,
    title: "edge of the filter, from the hyperparameters",
    scale,
    axis: { tickCount: room.narrow ? 4 : 8, format: "~g", labelOverlap: true as const },
  };
  const y = {
    field: "sharpness",
    type: "quantitative" as const,
    title: "λ_max where the run ended",
    scale,
    axis: { format: "~g", labelOverlap: true as const },
  };
  return toSvg({
    width: room.width,
    height: room.narrow ? 300 : 380,
    autosize: { type: "fit-x" },
    layer: [
      {
        data: { values: ends.map((end) => ({ edge: end, sharpness: end })) },
        mark: { type: "line", color: "var(--ink)", strokeDash: [5, 4], strokeWidth: 1.3 },
        encoding: { x, y },
      },
      {
        data: { values },
        mark: { type: "point", size: 44, opacity: 0.8, strokeWidth: 1.6, ...describedMark },
        encoding: {
          x,
          y,
          color: {
            field: "method",
            type: "nominal",
            title: null,
            scale: optimizerColors(problems),
            legend: { ...legendPlace(room), labelLimit: 300, ...(room.narrow ? { columns: 1 } : {}) },
          },
          shape: {
            field: "ended",
            type: "nominal",
            title: null,
            scale: { domain: ["converged", "not converged"], range: ["circle", "cross"] },
            legend: legendPlace(room),
          },
          description: { field: "said", type: "nominal" },
        },
      },
    ],
  });
}

/** The colour of every optimizer, over all learning rates and radii. */
function optimizerColors(problems: SweepResults["problems"]): { domain: string[]; range: string[] } {
  const first = new Map<string, GroupResult>();
  for (const group of problems.flatMap(({ groups }) => groups))
    if (!first.has(optimizerLabel(group))) first.set(optimizerLabel(group), group);
  const colors = methodColors([...first.values()].map(({ method }, i) => ({ id: `${i}`, method })));
  return { domain: [...first.keys()], range: [...colors.values()] };
}

/** Where the picture of spectra ends, in edges: crosses beyond are drawn there. */
const FURTHEST = 1.5;
const LEAST = -0.15;
/** Spots of a row that a tick may stand on. */
const SPOTS = 600;

/** Every eigenvalue of the runs that converged, and the largest of those that did not, over the edge of their filters. */
export function filteredSpectraFigure(
  { problems }: SweepResults,
  room: Room,
  store: Pick<Store, "record">,
): Promise<string> {
  const ticks = new Map<string, { readonly method: string; readonly share: number }>();
  const crosses: { readonly method: string; readonly share: number }[] = [];
  for (const { groups } of problems)
    for (const group of groups) {
      const method = optimizerLabel(group);
      for (const cell of group.cells) {
        const { filterEdge, lambdaMax } = cell.measures;
        if (cell.status !== "converged") {
          const share = Math.min(lambdaMax / filterEdge, FURTHEST);
          if (!hasDiverged(cell) && share > LEAST) crosses.push({ method, share });
          continue;
        }
        for (const value of store.record(cell.id)?.result?.eigenvalues ?? []) {
          // Many ticks on one spot look like one.
          const share = Math.round((SPOTS * value) / filterEdge) / SPOTS;
          if (share >= LEAST && share <= FURTHEST) ticks.set(`${method} ${share}`, { method, share });
        }
      }
    }
  const order = [...new Set(problems.flatMap(({ groups }) => groups.map(optimizerLabel)))];
  const x = {
    field: "share",
    type: "quantitative" as const,
    title: "eigenvalue over the edge of the filter",
    scale: { domain: [LEAST, FURTHEST], nice: false },
    axis: { grid: false },
  };
  // On a phone the name stands above the row.
  const [row, middle] = room.narrow ? [48, 32] : [34, 17];
  const y = {
    field: "y",
    type: "quantitative" as const,
    scale: { domain: [0, row * order.length], reverse: true, nice: false },
    axis: null,
  };
  const placed = <Mark extends { readonly method: string }>(marks: readonly Mark[]) =>
    marks.map((mark) => ({ ...mark, y: row * order.indexOf(mark.method) + middle }));
  return toSvg({
    ...plotArea(room, row * order.length, { left: room.narrow ? 12 : 20 + labelWidth(order) }),
    layer: [
      {
        data: { values: placed(order.map((method) => ({ method }))) },
        mark: {
          type: "text",
          fontSize: 12,
          color: "var(--ink)",
          ...(room.narrow ? { align: "left" as const, dy: -19 } : { align: "right" as const, dx: -10 }),
        },
        encoding: { x: { value: 0 }, y, text: { field: "method" } },
      },
      {
        data: { values: [{ share: 0 }, { share: 1 }] },
        mark: { type: "rule", color: "var(--ink)", strokeDash: [5, 4], strokeWidth: 1.3 },
        encoding: { x },
      },
      {
        data: { values: placed([...ticks.values()]) },
        mark: { type: "tick", orient: "vertical", thickness: 1.1, size: 20, opacity: 0.6, color: "#2f6fd0" },
        encoding: { x, y },
      },
      {
        data: { values: placed(crosses) },
        mark: { type: "point", shape: "cross", size: 34, strokeWidth: 1.2, color: "#d55e00" },
        encoding: { x, y },
      },
    ],
  });
}
