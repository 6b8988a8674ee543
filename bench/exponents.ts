import { exponent } from "./statistics.js";
import type { Growth } from "./tasks.js";

type Point = Growth & { readonly seconds: number };

/** How time and operations grow in each series, and where two series over the same extent cross. */
export function growthOf(points: readonly Point[]): string[] {
  const series = [...new Set(points.map((point) => point.series))].map((name) =>
    points.filter((point) => point.series === name),
  );
  const exponents = series.map((own) => {
    const [{ series: name, of }] = own;
    const slope = (what: "seconds" | "operations") =>
      exponent(own.map((point) => [point.extent, point[what]])).toFixed(2);
    return `${name}: time ∝ ${of}^${slope("seconds")}, operations ∝ ${of}^${slope("operations")}`;
  });
  if (series.length < 2) return exponents;
  const [first, second] = series;
  const crossingBy = (cost: (point: Point) => number) =>
    crossing(
      first.map(({ extent }) => extent),
      first.map((point, i) => Math.log(cost(point) / cost(second[i]))),
    );
  const measured = crossingBy(({ seconds }) => seconds);
  const predicted = crossingBy((point) => point.predicted ?? point.operations);
  if (measured === undefined || predicted === undefined) return exponents;
  const [{ series: name, of }] = first;
  const error = 100 * (predicted / measured - 1);
  return [
    ...exponents,
    `${name} and ${second[0].series} take the same time at ${of} = ${measured.toFixed(0)}, and are predicted to at ${predicted.toFixed(0)} (${error < 0 ? "−" : "+"}${Math.abs(error).toFixed(0)} %)`,
  ];
}

/** Where values change their sign, linear in log x between neighbours. */
function crossing(x: readonly number[], values: readonly number[]): number | undefined {
  const at = values.findIndex((value, i) => i > 0 && values[i - 1] < 0 !== value < 0);
  if (at < 0) return undefined;
  const share = values[at - 1] / (values[at - 1] - values[at]);
  return x[at - 1] * (x[at] / x[at - 1]) ** share;
}
