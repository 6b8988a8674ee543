import { methods } from "../experiment/methods.js";
import type { SweepResults } from "../sweep/results.js";
import { toSvg, WIDTH } from "./vega.js";

/** Every run's λ_max against the edge of its filter. */
export function edgesFigure({ problems }: SweepResults): Promise<string> {
  const values = problems.flatMap(({ groups }) =>
    groups.flatMap(({ family, cells }) =>
      cells
        // A diverged run's curvature is that of nowhere.
        .filter(({ status }) => status !== "non-finite")
        .map(({ status, measures }) => ({
          method: methods[family].label,
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
