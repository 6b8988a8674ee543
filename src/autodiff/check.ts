import {
  ArgumentError,
  inFunction,
  requireArray,
  requireFlag,
  requireInteger,
  requireNumber,
  requireOneOf,
  ShapeError,
} from "../errors.js";
import { type Complete, optionsOf } from "../options.js";
import { type RandomStream, randomStream } from "../random.js";
import { norm } from "../tensor/reduce.js";
import { rowMajor, sizeOf, type Tensor } from "../tensor/view.js";
import { mul } from "./arithmetic.js";
import {
  centralDifference,
  coordinateDifferences,
  type Quotient,
  type VectorFunction,
} from "./differences.js";
import { dot, sum } from "./reduce.js";
import { reshape } from "./shape.js";
import {
  type Differentiable,
  type Parameters,
  type ParametersFor,
  ravel,
  structureOf,
  unravel,
} from "./structure.js";
import { grad, jvp, requireDifferentiable } from "./transforms.js";
import { toValue, untraced, type Value } from "./value.js";

/** How a derivative is taken: with the tangents forward, or with the adjoints backward. */
export type Mode = "forward" | "reverse";

/** How far `checkGrads` goes, and how strict it is. */
export interface CheckOptions {
  /** Highest derivative to check, 1 … 4. Default 2. */
  readonly order?: number | undefined;
  /** Modes to nest, in every combination. Default both. */
  readonly modes?: readonly Mode[] | undefined;
  /** Of the random directions. Default 1. */
  readonly seed?: number | undefined;
  /** Largest step of the central differences; two halvings follow. Default 1/512. */
  readonly step?: number | undefined;
  /** Whether steps are relative to each |x_j| instead of absolute. Default false. */
  readonly relativeStep?: boolean | undefined;
  /** Allowed relative difference to the extrapolated finite difference. Default 1e-5. */
  readonly tolerance?: number | undefined;
  /** Whether to compare with finite differences at all: not where f has a kink. Default true. */
  readonly numeric?: boolean | undefined;
}

/** One comparison, at its worst entry. */
export interface CheckRow {
  /** What was differentiated how: "reverse(forward(f))" is the reverse-mode derivative of a forward-mode one. */
  readonly derivative: string;
  readonly against: "finite differences" | "the other mode";
  readonly entry: number;
  readonly value: number;
  readonly expected: number;
  /** value / expected. */
  readonly ratio: number;
  /** |value − expected|, beyond the finite difference's own rounding, relative to the entry (for tiny entries: to 1e-6 of the norm). */
  readonly difference: number;
  /** How fast the finite difference's error falls with the step: 2 is right, NaN when it is rounding alone. */
  readonly slope: number;
  readonly passed: boolean;
}

/** What `checkGrads` found: a row for each order and nesting of modes. */
export interface CheckReport {
  readonly passed: boolean;
  readonly rows: readonly CheckRow[];
  /** One line a row. */
  readonly text: string;
}

interface Settings extends Complete<CheckOptions> {
  readonly draws: RandomStream;
  readonly rows: CheckRow[];
}

/** Forward and reverse must agree to rounding, which grows with the depth of nesting. */
const MODE_TOLERANCE = 1e-9;
/** Entries below this share of the largest are measured against it instead of themselves. */
const SMALL = 1e-6;
/** Errors below this share of the derivative's norm are rounding: they have no slope. */
const ROUNDING = 1e-8;
/** A slope is read only from errors this many times the noise. */
const SIGNAL = 50;

/**
 * Checks all derivatives of `f` up to an order, in every nesting of modes: forward against reverse along random
 * directions, and each against central differences, whose error must fall fourfold when the step halves.
 * Differences are reported, not thrown.
 * @param f any function of this module's operations @param parameters where to check
 * @example
 * import { checkGrads, exp, mul, sum } from "flatward/autodiff";
 * const f = (x) => sum(mul(x, exp(x)));
 * console.log(checkGrads(f, Float64Array.of(0.5, -1), { order: 3 }).passed); // → true
 */
export function checkGrads<V extends Parameters = Value>(
  f: Differentiable<V>,
  parameters: NoInfer<ParametersFor<V>>,
  options: CheckOptions = {},
): CheckReport {
  return inFunction("checkGrads", () => {
    const {
      order = 2,
      modes = ["forward", "reverse"],
      seed = 1,
      step = 1 / 512,
      relativeStep = false,
      tolerance = 1e-5,
      numeric = true,
    } = optionsOf(options, ["order", "modes", "seed", "step", "relativeStep", "tolerance", "numeric"]);
    requireDifferentiable(f);
    requireInteger("seed", seed, 0);
    requireNumber("tolerance", tolerance, { atLeast: 0 });
    requireFlag("relativeStep", relativeStep);
    requireFlag("numeric", numeric);
    requireArray("modes", modes);
    requireInteger("order", order, 1);
    requireNumber("step", step, { above: 0 });
    if (order > 4) throw new ArgumentError({ expected: "order ≤ 4", got: String(order) });
    for (const mode of modes) requireOneOf("modes", mode, ["forward", "reverse"]);
    if (new Set(modes).size !== modes.length || modes.length === 0 || (modes.length === 1 && !numeric)) {
      throw new ArgumentError({
        expected: "one or two different modes, and something to compare with",
        got: `modes [${modes}]${numeric ? "" : " without finite differences"}`,
      });
    }
    const structure = structureOf(parameters as Parameters);
    const shapes = structure.values.map(({ shape }) => shape);
    const flat: VectorFunction = (x) => {
      const result = toValue(f(structure.restore(unravel(x, shapes)) as V));
      return reshape(result, [sizeOf(result.shape)]);
    };
    const settings: Settings = {
      order,
      modes,
      seed,
      step,
      relativeStep,
      tolerance,
      numeric,
      draws: randomStream(seed, "checkGrads"),
      rows: [],
    };
    const x = untraced(ravel(structure.values));
    if (x.data.length === 0 || untraced(flat(x)).data.length === 0) {
      throw new ShapeError({
        expected: "at least one parameter and one result",
        got: "none",
      });
    }
    checkOrder(flat, x, "f", order, settings);
    const { rows } = settings;
    return { passed: rows.every((row) => row.passed), rows, text: rows.map(describeRow).join("\n") };
  });
}

function checkOrder(f: VectorFunction, x: Tensor, path: string, order: number, settings: Settings): void {
  const { draws, modes, numeric, relativeStep } = settings;
  const m = untraced(f(x)).data.length;
  // What a step of 1 means along each coordinate.
  const scales = x.data.map((entry) => (relativeStep ? Math.abs(entry) : 1));
  const v = rowMajor(
    scales.map((scale) => draws.normal() * scale),
    x.shape,
  );
  const w = rowMajor(
    Float64Array.from({ length: m }, () => draws.normal()),
    [m],
  );
  const derivatives: Record<Mode, VectorFunction> = {
    forward: (at) => jvp(f, at, v).tangent,
    reverse: (at) =>
      inFunction("checkGrads", () => toValue(grad((y: Value) => dot(f(y), w), { allowConstant: true })(at))),
  };
  const forward = untraced(derivatives.forward(x));
  const reverse = untraced(derivatives.reverse(x));

  if (modes.length === 2) {
    const terms = mul(forward, w) as Tensor;
    // Σ of cancelling terms: rounding is relative to the terms, not to their sum.
    const scale = Math.max(
      terms.data.reduce((total, term) => total + Math.abs(term), 0),
      norm((mul(reverse, v) as Tensor).data),
    );
    settings.rows.push(modeRow(`reverse(${path})`, numberOf(dot(reverse, v)), numberOf(sum(terms)), scale));
  }
  if (numeric && modes.includes("forward")) {
    settings.rows.push(
      numericRow(`forward(${path})`, forward.data, (step) => centralDifference(f, x, v, step), settings),
    );
  }
  if (numeric && modes.includes("reverse")) {
    const scalar: VectorFunction = (at) => reshape(dot(f(at), w), [1]);
    settings.rows.push(
      numericRow(
        `reverse(${path})`,
        reverse.data.map((entry, j) => entry * scales[j]),
        (step) => coordinateDifferences(scalar, x, scales, step),
        settings,
      ),
    );
  }
  if (order === 1) return;
  for (const mode of modes) checkOrder(derivatives[mode], x, `${mode}(${path})`, order - 1, settings);
}

function modeRow(derivative: string, value: number, expected: number, scale: number): CheckRow {
  const difference = Math.abs(value - expected) / (scale || 1);
  return {
    derivative,
    against: "the other mode",
    entry: 0,
    value,
    expected,
    ratio: value / expected,
    difference,
    slope: Number.NaN,
    passed: difference <= MODE_TOLERANCE,
  };
}

function numericRow(
  derivative: string,
  values: Float64Array,
  differences: (step: number) => Quotient,
  { step, tolerance }: Settings,
): CheckRow {
  const coarse = differences(step);
  const middle = differences(step / 2);
  const fine = differences(step / 4);
  // Two steps of Richardson's extrapolation leave an error of step⁶.
  const expected = values.map((_, i) => {
    const first = (4 * middle.values[i] - coarse.values[i]) / 3;
    const second = (4 * fine.values[i] - middle.values[i]) / 3;
    return (16 * second - first) / 15;
  });
  const scale = Math.max(norm(expected), norm(values));
  let entry = 0;
  let difference = -1;
  for (let i = 0; i < values.length; i++) {
    const size = Math.max(Math.abs(expected[i]), Math.abs(values[i]), SMALL * scale) || 1;
    const excess = Math.abs(values[i] - expected[i]) - fine.noise[i];
    // What is not a number is worse than any number, and must not be overtaken by one.
    const relative = Number.isNaN(excess) ? Number.POSITIVE_INFINITY : Math.max(excess, 0) / size;
    if (relative > difference) {
      entry = i;
      difference = relative;
    }
  }
  const error = (quotient: Quotient) => norm(values.map((value, i) => value - quotient.values[i]));
  const middleError = error(middle);
  const rounding = Math.max(ROUNDING * scale, SIGNAL * norm(middle.noise));
  const slope = middleError > rounding ? Math.log2(error(coarse) / middleError) : Number.NaN;
  return {
    derivative,
    against: "finite differences",
    entry,
    value: values[entry],
    expected: expected[entry],
    ratio: values[entry] / expected[entry],
    difference,
    slope,
    passed: difference <= tolerance && !(slope < 1.7),
  };
}

function numberOf(value: Value): number {
  return untraced(value).data[0];
}

function describeRow({
  derivative,
  against,
  entry,
  value,
  expected,
  ratio,
  difference,
  slope,
  passed,
}: CheckRow): string {
  const rate = Number.isNaN(slope) ? "" : `, slope ${slope.toFixed(2)}`;
  const verdict = passed ? "ok  " : "FAIL";
  return `${verdict} ${derivative} against ${against}: [${entry}] ${value.toPrecision(10)} vs ${expected.toPrecision(10)}, ratio ${ratio.toPrecision(7)}, difference ${difference.toExponential(1)}${rate}`;
}
