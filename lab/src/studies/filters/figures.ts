import { hasDiverged } from "../../experiment/status.js";
import { toSvg, WIDTH } from "../../report/vega.js";
import type { SweepResults } from "../../sweep/results.js";
import type { Store } from "../../sweep/store.js";
import { optimizerLabel } from "./quadratic-edges.js";

/** Every run's λ_max against the edge of its filter. */
export function edgesFigure({ problems }: SweepResults): Promise<string> {
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
  };
  const y = { field: "sharpness", type: "quantitative" as const, title: "λ_max where the run ended", scale };
  return toSvg({
    width: WIDTH - 60,
    height: 340,
    layer: [
      {
        data: { values: ends.map((end) => ({ edge: end, sharpness: end })) },
        mark: { type: "line", color: "var(--ink)", strokeDash: [5, 4], strokeWidth: 1.3 },
        encoding: { x, y },
      },
      {
        data: { values },
        mark: { type: "point", size: 44, opacity: 0.8, strokeWidth: 1.6 },
        encoding: {
          x,
          y,
          color: { field: "method", type: "nominal", title: null, scale: { scheme: "tableau10" } },
          shape: {
            field: "ended",
            type: "nominal",
            title: null,
            scale: { domain: ["converged", "not converged"], range: ["circle", "cross"] },
          },
        },
      },
    ],
  });
}

/** Where the picture of spectra ends, in edges: crosses beyond are drawn there. */
const FURTHEST = 1.5;
const LEAST = -0.15;
/** Spots of a row that a tick may stand on. */
const SPOTS = 600;

/** Every eigenvalue of the runs that converged, and the largest of those that did not, over the edge of their filters. */
export function filteredSpectraFigure(
  { problems }: SweepResults,
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
  const y = {
    field: "method",
    type: "nominal" as const,
    sort: order,
    title: null,
    axis: { ticks: false, domain: false, labelPadding: 8 },
  };
  return toSvg({
    width: WIDTH - 60,
    height: 34 * order.length,
    layer: [
      {
        data: { values: [{ share: 0 }, { share: 1 }] },
        mark: { type: "rule", color: "var(--ink)", strokeDash: [5, 4], strokeWidth: 1.3 },
        encoding: { x },
      },
      {
        data: { values: [...ticks.values()] },
        mark: { type: "tick", thickness: 1.1, bandSize: 20, opacity: 0.6, color: "#265cc4" },
        encoding: { x, y },
      },
      {
        data: { values: crosses },
        mark: { type: "point", shape: "cross", size: 34, strokeWidth: 1.2, color: "#d55e00" },
        encoding: { x, y },
      },
    ],
  });
}
