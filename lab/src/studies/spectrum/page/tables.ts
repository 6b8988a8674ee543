import { exponential, fixed, formatNumber, formatPercent } from "../../../report/format.js";
import { columns as rightOf, type TitledTable } from "../../../report/titled-table.js";
import type { SpectrumResult } from "../analyze.js";
import type { HessianBlockSpectrum } from "../blocks.js";
import type { ComparedBounds } from "../bounds.js";
import type { LanczosValue } from "../extremes.js";
import type { HessianParts } from "../parts.js";
import type { Traces } from "../traces.js";

/** Where there is no value. */
const NONE = "–";

/** The title of the table of bounds. */
export const BOUNDS = "Bounds on λ_max";

/** All tables of a spectrum, in the order of the report. */
export function spectrumTables(result: SpectrumResult): TitledTable[] {
  return [
    extremesTable(result),
    tracesTable(result),
    ...(result.bounds ? [boundsTable(result, result.bounds)] : []),
    ...(result.parts ? [partsTable(result.traces, result.parts)] : []),
    ...(result.blocks ? [blocksTable(result.blocks)] : []),
  ];
}

const precise = (value: number): string => formatNumber(value, 6);
const percent = (share: number): string => formatPercent(share);
/** As two people are joined. */
export const boundLabel = (name: string): string => name.replace("Wolkowicz-Styan", "Wolkowicz–Styan");
const optional = (value: number | undefined, show: (value: number) => string): string =>
  value === undefined ? NONE : show(value);

function extremesTable({ extremes, dense, bounds, parameters: n }: SpectrumResult): TitledTable {
  const all = dense?.eigenvalues;
  const row = ({ value, residual }: LanczosValue, k: number): string[] => {
    const exact = all?.[n - k];
    const bound = bounds?.eigenvalues[k - 1];
    return [
      `λ_${k}`,
      precise(value),
      formatNumber(residual),
      ...(exact === undefined ? [] : [precise(exact), formatNumber(value - exact)]),
      ...(bounds === undefined
        ? []
        : [bound?.k === k ? `${formatNumber(bound.lower)} … ${formatNumber(bound.upper)}` : NONE]),
    ];
  };
  const { largest, smallest, status, products } = extremes;
  // At both ends of a small spectrum, the same eigenvalue is not listed twice.
  const inner = smallest.slice(0, n - largest.length);
  const rows = [
    ...largest.map((pair, i) => row(pair, i + 1)),
    ...inner.map((pair, i) => row(pair, n - i)).reverse(),
  ];
  const heads = [
    "Lanczos",
    "residual",
    ...(all ? ["all of H", "difference"] : []),
    ...(bounds ? ["Wolkowicz–Styan"] : []),
  ];
  return {
    title: "Eigenvalues at either end",
    head: ["eigenvalue", ...heads],
    alignment: rightOf(1, heads.length),
    rows,
    note: `λ_1 is the largest of ${n}. Lanczos: ${products} products H·v, ${status}; an eigenvalue lies within the residual ‖Hv − λv‖.${all ? " All of H: eigenvalues of the dense matrix." : ""}${bounds ? " Wolkowicz–Styan: where λ_k must lie, from tr H and tr H² alone." : ""}`,
  };
}

function tracesTable({ traces, parts }: SpectrumResult): TitledTable {
  const way = parts ? "closed form" : "all eigenvalues";
  const { trace, frobeniusSquared, estimates, exact: known } = traces;
  const heads = ["products", "value", "standard error", "off by", "relative error"];
  const exact = (quantity: string, value: number): string[] =>
    known ? [quantity, way, "0", precise(value), NONE, NONE, NONE] : [quantity, ...Array(6).fill("")];
  const random = (quantity: string): string[][] =>
    estimates
      .filter((estimate) => estimate.quantity === quantity)
      .map(({ method, products, value, standardError, standardErrorsOff, relativeError }) => [
        "",
        method,
        String(products),
        precise(value),
        known && standardErrorsOff === undefined ? "rounding" : formatNumber(standardError),
        optional(standardErrorsOff, (off) => `${fixed(off, 2)} s.e.`),
        optional(relativeError, (error) => exponential(error, 1)),
      ]);
  return {
    title: known ? `Traces: ${way} and random estimates` : "Traces: random estimates",
    head: ["quantity", "method", ...heads],
    alignment: rightOf(2, heads.length),
    rows: [exact("tr H", trace), ...random("tr H"), exact("tr H²", frobeniusSquared), ...random("tr H²")],
    note: `${known ? `Off by: (estimate − ${way})/standard error; beyond ±3 about once in several hundred. Relative error: to √(n tr H²), the most that |tr H| can be, and to tr H². ` : ""}Hutch++'s standard error is that of what its projection leaves.`,
  };
}

function boundsTable({ lambdaMax, dense }: SpectrumResult, bounds: ComparedBounds): TitledTable {
  const { tightest } = bounds;
  const heads = ["upper", "upper/λ_max", "lower"];
  return {
    title: BOUNDS,
    head: ["bound", "needs", ...heads, "tightest"],
    alignment: [...rightOf(2, heads.length), "left"],
    rows: bounds.bounds.map(({ name, cost, upper, upperRatio, lower }) => [
      boundLabel(name),
      cost === "needs H" ? "H" : "closed form",
      precise(upper),
      optional(upperRatio, precise),
      optional(lower, precise),
      [...(name === tightest.upper ? ["above"] : []), ...(name === tightest.lower ? ["below"] : [])].join(
        ", ",
      ),
    ]),
    note: `λ_max is ${precise(lambdaMax)}, ${dense ? "from all eigenvalues of H" : "by Lanczos"}.${dense ? "" : " Bounds that need H are left out: it is beyond --dense-limit."}`,
  };
}

function partsTable(traces: Traces, parts: HessianParts): TitledTable {
  const heads = ["trace", "share of ‖H‖²_F", "λ_min", "λ_max", "rank at most"];
  const rows = (
    [
      ["G", "Gauss–Newton", parts.gaussNewton],
      ["R", "residual", parts.residual],
    ] as const
  ).map(([letter, name, part]) => [
    letter,
    name,
    precise(part.trace),
    percent(part.frobeniusShare),
    part.smallest ? precise(part.smallest.value) : "≥ 0",
    precise(part.largest.value),
    String(part.rankBound),
  ]);
  const cross = ["2 tr GR", "", NONE, percent(parts.crossShare), NONE, NONE, NONE];
  return {
    title: "H = G + R",
    head: ["matrix", "part", ...heads],
    alignment: rightOf(2, heads.length),
    rows: [...rows, cross],
    note: `Traces and shares in closed form, eigenvalues by Lanczos (${statuses([parts.gaussNewton, parts.residual])}). The traces sum to tr H = ${precise(traces.trace)}, the shares to 100 %.`,
  };
}

function blocksTable(blocks: readonly HessianBlockSpectrum[]): TitledTable {
  const heads = ["size", "trace", "λ_min", "λ_max", "share of ‖H‖²_F"];
  return {
    title: "Blocks",
    head: ["block", ...heads],
    alignment: rightOf(1, heads.length),
    rows: blocks.map(({ name, size, trace, smallest, largest, frobeniusShare }) => [
      name,
      String(size),
      precise(trace),
      precise(smallest.value),
      precise(largest.value),
      percent(frobeniusShare),
    ]),
    note: `Principal blocks of H, eigenvalues by Lanczos (${statuses(blocks)}). What the layers leave of ‖H‖²_F stands between them.`,
  };
}

function statuses(found: readonly { readonly status: string }[]): string {
  return [...new Set(found.map(({ status }) => status))].join(", ");
}
