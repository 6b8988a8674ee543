import { networkDetails } from "../../../experiment/network/text.js";
import type { Room } from "../../../report/figure.js";
import { formatNumber, minus } from "../../../report/format.js";
import { landscapeFunctions } from "../functions.js";
import type { SliceDocument } from "./document.js";

/** What a slice is of, in a line. */
export function sliceTitle({ data, axes }: SliceDocument): string {
  return `The training loss ${axes.length === 1 ? "along a line" : "over a plane"}: ${data.name}`;
}

/** Letters that a picture has room for in a line, on a page and on a phone. */
const LINE = { wide: 132, narrow: 58 };

/** Everything that a picture's texts must state, in lines that fit. */
export function sliceSubtitle(document: SliceDocument, { narrow }: Room): string[] {
  const most = narrow ? LINE.narrow : LINE.wide;
  const { centre, training, config } = document;
  const clauses = [
    networkDetails(config.network, document.data),
    `n = ${training.parameters}`,
    `${config.method.name}, ${training.steps} steps, seed ${config.seed}`,
    directionsText(document),
    gridText(document),
    ...(document.to?.sameData === false ? [samplesText(document, document.to)] : []),
    ...sampleTexts(document),
    `loss at the centre ${valueText(centre.loss?.[0])}`,
    curvatureText(document),
    ...(document.cosine === null ? [] : [angleText(document)]),
  ];
  const lines: string[] = [];
  for (const clause of clauses.join("; ").split(/(?<=;) /)) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + clause.length < most)
      lines[lines.length - 1] = `${line} ${clause}`;
    else lines.push(clause);
  }
  return lines;
}

/** Room that title and subtitle take above a picture, pixels. */
export function titleHeight(document: SliceDocument, room: Room): number {
  return 44 + 15 * sliceSubtitle(document, room).length;
}

/** Which directions, how normalised, of which seed. */
export function directionsText({ options, to, axes }: SliceDocument): string {
  const { directions, normalization, biases, seed, orthogonal } = options;
  const several = axes.length - (to ? 1 : 0) > 1 ? "s" : "";
  const kind = {
    random: `random direction${several}, seed ${seed}, ${normalizationText(normalization ?? "filter", biases)}`,
    eigenvectors: `eigenvector${several} of H, ${normalizationText(normalization ?? "unit", biases)}`,
    trajectory: `principal direction${several} of the training, of length 1, ${options.snapshots} snapshots`,
  }[directions];
  if (to !== undefined && directions === "trajectory")
    return `the plane of both trainings: θ, ${to.name}, and the start of θ's, ${options.snapshots} snapshots of each`;
  if (to === undefined) return `${kind}${orthogonal && several ? ", made orthogonal" : ""}`;
  const line = `the line to ${to.name}`;
  return axes.length === 1 ? line : `${line}; ${kind}, made orthogonal and as long`;
}

/** Whose data a slice between two trainings is of. */
export function samplesText({ data, config }: SliceDocument, to: NonNullable<SliceDocument["to"]>): string {
  const own = `the training part of ${data.name}, split of seed ${config.seed}`;
  if (to.sameData) return `loss on ${own}, as both were trained`;
  const others =
    to.data !== data.name
      ? `${to.data}, the split of seed ${to.seed}`
      : to.seed !== config.seed
        ? `the split of seed ${to.seed}`
        : "another: other labels, samples or scaling";
  return `loss on ${own}: θ’s; the other was trained on ${others}`;
}

/** Where it is another loss whose Hessian is shown: that of a sample. */
export function sampleTexts({ options, curvatureSamples }: SliceDocument): string[] {
  if (curvatureSamples === undefined) return [];
  const colour = landscapeFunctions[options.colour];
  const shown = [
    ...(options.directions === "eigenvectors" ? ["eigenvectors"] : []),
    ...("ofSample" in colour ? [colour.label] : []),
  ];
  return shown.length === 0 ? [] : [`${shown.join(" and ")} of ${curvatureSamples} training samples`];
}

function normalizationText(normalization: string, biases: "zero" | "normalize"): string {
  if (normalization === "unit") return "of length 1";
  if (normalization === "network") return "as long as θ";
  return `${normalization}-normalised, biases ${biases === "zero" ? "0" : "normalised as a whole"}`;
}

export function gridText({ axes }: SliceDocument): string {
  const ranges = axes.map((axis) => {
    const [from, to] = [axis[0], axis[axis.length - 1]];
    return from === -to ? `±${plain(to)}` : `${plain(from)} … ${plain(to)}`;
  });
  const same = ranges.every((range) => range === ranges[0]);
  return `${axes.map(({ length }) => length).join(" × ")} points, range ${same ? ranges[0] : ranges.join(" by ")}`;
}

/** How the loss curves along the directions. */
function curvatureText({ directions }: SliceDocument): string {
  const curvatures = directions.map(({ curvature }) => signed(curvature)).join(" and ");
  return `curvature dᵀHd/‖d‖² ${curvatures} along ${directions.length === 1 ? "d" : "d₁ and d₂"}`;
}

/** Between the directions of a plane. */
export function angleText({ cosine, cosineBefore }: Pick<SliceDocument, "cosine" | "cosineBefore">): string {
  const before = cosineBefore === undefined ? "" : ` (${signed(cosineBefore)} as drawn)`;
  return `cos(d₁, d₂) = ${signed(cosine ?? 0)}${before}`;
}

/** What an axis shows. */
export function axisTitle({ directions }: SliceDocument, axis: number): string {
  const { name, length } = directions[axis];
  const vector = directions.length === 1 ? "d" : ["d₁", "d₂"][axis];
  return `along ${vector}: ${name}${Math.abs(length - 1) < 1e-9 ? "" : `, ‖${vector}‖ = ${formatNumber(length)}`}`;
}

/** A chosen number as it was chosen; others with three digits. */
const plain = (value: number): string => minus(String(Number(value.toPrecision(3))));

/** With a minus that is as wide as a plus. Rounding is no angle. */
export function signed(value: number): string {
  return Math.abs(value) < 1e-12 ? "0" : formatNumber(Number(value.toPrecision(3)));
}

export function valueText(value: number | null | undefined): string {
  return value === null || value === undefined ? "not finite" : formatNumber(value, 4);
}
