import { networkDetails } from "../../../experiment/network/text.js";
import { divergenceNote } from "../../../experiment/status.js";
import { formatNumber } from "../../../report/format.js";
import type { Fact } from "../../../report/parts.js";
import { landscapeFunctions } from "../functions.js";
import type { SliceDocument } from "./document.js";
import { angleText, directionsText, gridText, samplesText, sampleTexts, signed, valueText } from "./texts.js";

/** Facts for the page and the terminal beside the pictures. */
export function sliceFacts(document: SliceDocument): Fact[] {
  const { config, data, training, directions, path, values, centre } = document;
  return [
    ["network", `${networkDetails(config.network, data)}; ${training.parameters} parameters`],
    [
      "training",
      `${config.method.name}, ${training.steps} steps, seed ${config.seed}${divergenceNote(training)}`,
    ],
    ...(document.to === undefined ? [] : [["data", samplesText(document, document.to)] as const]),
    ["directions", directionsText(document)],
    ...sampleTexts(document).map((text) => ["curvature", text] as const),
    ...directions.map(
      ({ name, length, slope, curvature, eigenvector }, i): Fact => [
        directions.length === 1 ? "d" : `d${i + 1}`,
        `${name}; ‖d‖ = ${formatNumber(length)}, slope ${signed(slope)}, curvature ${signed(curvature)} per unit of length${eigenvector ? `; residual ‖Hv − λv‖ = ${formatNumber(eigenvector.residual)}, ${eigenvector.status}` : ""}`,
      ],
    ),
    ...(document.cosine === null ? [] : [["angle", angleText(document)] as const]),
    ["grid", gridText(document)],
    ...entriesOf(values).map(([id, list]): Fact => {
      const { low, high, missing } = extremes(list);
      const gaps = missing > 0 ? `; not finite at ${missing} of ${list.length} points` : "";
      return [
        landscapeFunctions[id].label,
        `${valueText(centre[id]?.[0])} at the centre, ${valueText(low)} to ${valueText(high)} on the grid${gaps}`,
      ];
    }),
    ...(path ? [["path", pathText(path)] as const] : []),
  ];
}

/** What the slice shows, in a sentence or two drawn from its numbers. */
export function sliceFinding(document: SliceDocument): string {
  const { values, centre, axes, options } = document;
  const loss = values.loss ?? [];
  const { low, high, at } = extremes(loss);
  const where = axes.map((axis, k) =>
    signed(axis[k === 0 ? at % axes[0].length : Math.floor(at / axes[0].length)]),
  );
  const lowest =
    low !== null && centre.loss?.[0] !== null && low < (centre.loss?.[0] ?? low)
      ? `It is lowest at ${where.length === 1 ? where[0] : `(${where.join(", ")})`}, off the centre`
      : "Nowhere on the grid is it lower than there";
  const first = `The training loss lies between ${valueText(low)} and ${valueText(high)} on this ${axes.length === 1 ? "line" : "plane"}, and is ${valueText(centre.loss?.[0])} at the centre. ${lowest}.`;
  if (options.colour === "loss") return first;
  const other = extremes(values[options.colour] ?? []);
  return `${first} ${landscapeFunctions[options.colour].label}: ${valueText(other.low)} to ${valueText(other.high)}, and ${valueText(centre[options.colour]?.[0])} at the centre.`;
}

function entriesOf(values: SliceDocument["values"]) {
  return Object.entries(values) as [keyof typeof values & string, readonly (number | null)[]][];
}

function pathText(path: NonNullable<SliceDocument["path"]>): string {
  const [first, last] = [path[0], path[path.length - 1]];
  return `${path.length} points from step ${first.step}, loss ${valueText(first.loss)}, to step ${last.step}, loss ${valueText(last.loss)}`;
}

/** Of a list with gaps; and where the least is. */
function extremes(list: readonly (number | null)[]) {
  let low: number | null = null;
  let high: number | null = null;
  let at = 0;
  let missing = 0;
  list.forEach((value, i) => {
    if (value === null) missing++;
    else {
      if (low === null || value < low) {
        low = value;
        at = i;
      }
      if (high === null || value > high) high = value;
    }
  });
  return { low: low as number | null, high: high as number | null, at, missing };
}
