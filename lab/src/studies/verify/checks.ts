import {
  type Batch,
  exactHessian,
  hessianVectorProduct,
  lossAndGradient,
  type Route,
  randomStream,
  type SampledMoments,
  type SpectralMoments,
  selectSamples,
  spectralMoments,
  symmetricEigen,
  type Tensor,
  wsBounds,
  wsEigenvalueBounds,
  wsUpperBoundAndGradient,
} from "flatward";
import { grad, hessian, hvp } from "flatward/autodiff";
import type { Problem } from "./problem.js";
import { boundsOfSpectrum, lossOf, wsBoundOf } from "./reference.js";

/** What rounding may leave, relative to the norm of the whole quantity. */
export const ROUNDING_BUDGET = 1e-12;
/** What two extrapolated central differences may leave. */
export const DIFFERENCE_BUDGET = 1e-6;

/** One quantity compared with one oracle. */
export interface Check {
  readonly quantity: string;
  readonly oracle: string;
  readonly budget: number;
  /** Relative difference on one problem. */
  compare(facts: Facts): number;
}

/** Everything about one problem that several checks share. */
export interface Facts {
  readonly problem: Problem;
  readonly gradient: Float64Array;
  readonly hessian: Tensor;
  /** By automatic differentiation. */
  readonly autodiffHessian: Tensor;
  readonly eigenvalues: Float64Array;
  readonly moments: Readonly<Record<"gram" | "blocks", SpectralMoments>>;
  readonly wsGradient: Readonly<Record<"gram" | "blocks", Float64Array>>;
  readonly unbiased: Unbiased | undefined;
  readonly direction: Float64Array;
}

export function factsOf(problem: Problem): Facts {
  const { net, theta, batch } = problem;
  const autodiffHessian = hessian(lossOf(problem))(theta) as Tensor;
  const byRoute = <Result>(compute: (options: { route: Route }) => Result) => ({
    gram: compute({ route: "gram" }),
    blocks: compute({ route: "blocks" }),
  });
  const draws = randomStream(1, "direction");
  return {
    problem,
    gradient: lossAndGradient(net, theta, batch).gradient,
    hessian: exactHessian(net, theta, batch),
    autodiffHessian,
    eigenvalues: symmetricEigen(autodiffHessian).values,
    moments: byRoute((options) => spectralMoments(net, theta, batch, options)),
    wsGradient: byRoute((options) => wsUpperBoundAndGradient(net, theta, batch, options).gradient),
    unbiased: unbiasedOf(problem),
    direction: theta.map(() => draws.normal()),
  };
}

/** ‖a − b‖/‖b‖; 0 where both are 0. */
function relative(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let difference = 0;
  let size = 0;
  for (let i = 0; i < b.length; i++) {
    difference += (a[i] - b[i]) * (a[i] - b[i]);
    size += b[i] * b[i];
  }
  return difference === 0 ? 0 : Math.sqrt(difference / size);
}

/** Gradient of a function of theta by central differences at two steps, extrapolated. */
function differences(f: (theta: Float64Array) => number, theta: Float64Array): Float64Array {
  return Float64Array.from(
    derivatives((at) => Float64Array.of(f(at)), theta),
    ([entry]) => entry,
  );
}

/** The same for a function with values in a space: by each parameter, the derivative of every entry. */
function derivatives(f: (theta: Float64Array) => Float64Array, theta: Float64Array): Float64Array[] {
  const step = 1e-3;
  return Array.from(theta, (_, j) => {
    const central = (h: number) => {
      const behind = f(moved(theta, j, -h));
      return f(moved(theta, j, h)).map((entry, i) => (entry - behind[i]) / (2 * h));
    };
    const coarse = central(step);
    return central(step / 2).map((fine, i) => (4 * fine - coarse[i]) / 3);
  });
}

function moved(theta: Float64Array, j: number, step: number): Float64Array {
  const out = theta.slice();
  out[j] += step;
  return out;
}

function times({ data, shape }: Tensor, v: Float64Array): Float64Array {
  const n = shape[0];
  return v.map((_, i) => v.reduce((sum, entry, j) => sum + data[i * n + j] * entry, 0));
}

const sum = (values: Float64Array, f: (value: number) => number) =>
  values.reduce((total, value) => total + f(value), 0);

/** Every bound as one vector: λ_max, λ_min, spread, and each λ_k. */
function allBounds(moments: SpectralMoments): number[] {
  const { largest, smallest, spread } = wsBounds(moments);
  const everyK = Array.from({ length: moments.size }, (_, k) => wsEigenvalueBounds(moments, k + 1));
  return [largest, smallest, spread, ...everyK].flatMap(({ lower, upper }) => [lower, upper]);
}

/** How far eigenvalues stick out of their bounds, relative to the largest. */
function violation(eigenvalues: Float64Array, moments: SpectralMoments): number {
  const n = eigenvalues.length;
  const { largest, smallest, spread } = wsBounds(moments);
  const size = Math.max(Math.abs(eigenvalues[0]), Math.abs(eigenvalues[n - 1]));
  const excess = (value: number, { lower, upper }: { lower: number; upper: number }) =>
    Math.max(lower - value, value - upper, 0);
  const all = [
    excess(eigenvalues[n - 1], largest),
    excess(eigenvalues[0], smallest),
    excess(eigenvalues[n - 1] - eigenvalues[0], spread),
    ...Array.from(eigenvalues, (value, i) => excess(value, wsEigenvalueBounds(moments, n - i))),
  ];
  const worst = Math.max(...all);
  return worst === 0 ? 0 : worst / size;
}

const routes = ["gram", "blocks"] as const;

/** Estimates without bias, beside what they estimate. */
interface Unbiased {
  /** The mean of the estimates from every pair of some samples. */
  readonly found: Squares;
  /** The same of all these samples, by automatic differentiation. */
  readonly exact: Squares;
  /** The mean of each sample's own, in which pairs cancel. */
  readonly own: Squares;
}

type Squares = Pick<SampledMoments, "frobeniusSquared" | "traceSquared">;

/** The most samples all of whose pairs are taken. */
const MAX_POPULATION = 5;

/** Undefined of a single sample. */
function unbiasedOf(problem: Problem): Unbiased | undefined {
  const { net, theta, batch } = problem;
  const population = Math.min(batch.weights.length, MAX_POPULATION);
  if (population < 2) return undefined;
  const samples = Array.from({ length: population }, (_, i) => i);
  const whole = selectSamples(batch, samples);
  const squaresOf = (some: Batch): Squares => {
    const { data, shape } = hessian(lossOf({ ...problem, batch: some as Problem["batch"] }))(theta) as Tensor;
    const trace = sum(
      data.filter((_, at) => at % (shape[0] + 1) === 0),
      (entry) => entry,
    );
    return { frobeniusSquared: sum(data, (entry) => entry * entry), traceSquared: trace * trace };
  };
  const pairs = samples.flatMap((j) => samples.slice(0, j).map((i) => selectSamples(whole, [i, j])));
  const options = { estimator: "unbiased", population } as const;
  return {
    found: meanOf(pairs.map((pair) => spectralMoments(net, theta, pair, options))),
    exact: squaresOf(whole),
    own: meanOf(samples.map((i) => squaresOf(selectSamples(whole, [i])))),
  };
}

function meanOf(all: readonly Squares[]): Squares {
  const mean = (of: keyof Squares) => all.reduce((total, each) => total + each[of] / all.length, 0);
  return { frobeniusSquared: mean("frobeniusSquared"), traceSquared: mean("traceSquared") };
}

/**
 * ∇B of unbiased moments from differences of the three, whose root may be too steep for differences of its own: with
 * s² = tr H²/n − (tr H)²/n², B = tr H/n + s√(n−1), and no more than tr H/n where s² ≤ 0.
 */
function sampledGradient(momentsAt: (theta: Float64Array) => SampledMoments, theta: Float64Array): number[] {
  const { size: n, traceSquared, frobeniusSquared } = momentsAt(theta);
  const variance = frobeniusSquared / n - traceSquared / n / n;
  const slope = variance > 0 ? Math.sqrt((n - 1) / variance) / 2 : 0;
  const slopes = derivatives((at) => {
    const moments = momentsAt(at);
    return Float64Array.of(moments.trace, moments.traceSquared, moments.frobeniusSquared);
  }, theta);
  return slopes.map(([trace, squared, square]) => trace / n + slope * (square / n - squared / n / n));
}

/** All checks. A new one is one row. */
export const checks: readonly Check[] = [
  {
    quantity: "loss gradient",
    oracle: "autodiff",
    budget: ROUNDING_BUDGET,
    compare: ({ problem, gradient }) => relative(gradient, grad(lossOf(problem))(problem.theta)),
  },
  {
    quantity: "loss gradient",
    oracle: "finite differences",
    budget: DIFFERENCE_BUDGET,
    compare: ({ problem: { net, theta, batch }, gradient }) =>
      relative(
        gradient,
        differences((at) => lossAndGradient(net, at, batch).loss, theta),
      ),
  },
  {
    quantity: "Hessian",
    oracle: "autodiff",
    budget: ROUNDING_BUDGET,
    compare: ({ hessian: closed, autodiffHessian }) => relative(closed.data, autodiffHessian.data),
  },
  {
    quantity: "Hessian",
    oracle: "finite differences",
    budget: DIFFERENCE_BUDGET,
    compare({ problem: { net, theta, batch }, hessian: closed }) {
      const columns = derivatives((at) => lossAndGradient(net, at, batch).gradient, theta);
      return relative(
        closed.data,
        Array.from(theta).flatMap((_, i) => columns.map((column) => column[i])),
      );
    },
  },
  {
    quantity: "H·v",
    oracle: "autodiff",
    budget: ROUNDING_BUDGET,
    compare: ({ problem, direction }) =>
      relative(
        hessianVectorProduct(problem.net, problem.theta, problem.batch, direction),
        hvp(lossOf(problem), problem.theta, direction),
      ),
  },
  {
    quantity: "H·v",
    oracle: "dense H",
    budget: ROUNDING_BUDGET,
    compare: ({ problem: { net, theta, batch }, direction, hessian: closed }) =>
      relative(hessianVectorProduct(net, theta, batch, direction), times(closed, direction)),
  },
  ...routes.flatMap((route): Check[] => [
    {
      quantity: `tr H (${route})`,
      oracle: "autodiff",
      budget: ROUNDING_BUDGET,
      // A trace may cancel: it is measured against the sum of |λ|.
      compare: ({ moments, autodiffHessian: { data, shape }, eigenvalues }) => {
        const trace = Array.from({ length: shape[0] }, (_, i) => data[i * shape[0] + i]).reduce(
          (a, b) => a + b,
        );
        const difference = Math.abs(moments[route].trace - trace);
        return difference === 0 ? 0 : difference / sum(eigenvalues, Math.abs);
      },
    },
    {
      quantity: `tr H² (${route})`,
      oracle: "autodiff",
      budget: ROUNDING_BUDGET,
      compare: ({ moments, autodiffHessian }) =>
        relative([moments[route].frobeniusSquared], [sum(autodiffHessian.data, (entry) => entry * entry)]),
    },
    {
      quantity: `tr H² (${route})`,
      oracle: "eigenvalues",
      budget: ROUNDING_BUDGET,
      compare: ({ moments, eigenvalues }) =>
        relative([moments[route].frobeniusSquared], [sum(eigenvalues, (value) => value * value)]),
    },
    {
      quantity: `every WS bound (${route})`,
      oracle: "eigenvalues",
      budget: ROUNDING_BUDGET,
      compare: ({ moments, eigenvalues }) =>
        relative(allBounds(moments[route]), boundsOfSpectrum(eigenvalues)),
    },
    {
      quantity: `every WS bound (${route})`,
      oracle: "holds for eigenvalues",
      budget: ROUNDING_BUDGET,
      compare: ({ moments, eigenvalues }) => violation(eigenvalues, moments[route]),
    },
    {
      quantity: `WS gradient (${route})`,
      oracle: "autodiff, third order",
      budget: ROUNDING_BUDGET,
      compare: ({ problem, wsGradient }) =>
        relative(wsGradient[route], grad(wsBoundOf(problem))(problem.theta)),
    },
    {
      quantity: `WS gradient (${route})`,
      oracle: "finite differences",
      budget: DIFFERENCE_BUDGET,
      compare: ({ problem: { net, theta, batch }, wsGradient }) =>
        relative(
          wsGradient[route],
          differences((at) => wsBounds(spectralMoments(net, at, batch, { route })).largest.upper, theta),
        ),
    },
  ]),
  ...(["frobeniusSquared", "traceSquared"] as const).map(
    // Every pair is as likely to be drawn: without bias is an equation.
    (of): Check => ({
      quantity: of === "traceSquared" ? "(tr H)² (unbiased)" : "tr H² (unbiased)",
      oracle: "autodiff, over all pairs",
      budget: ROUNDING_BUDGET,
      compare({ unbiased }) {
        const difference = unbiased === undefined ? 0 : Math.abs(unbiased.found[of] - unbiased.exact[of]);
        return unbiased === undefined || difference === 0 ? 0 : difference / unbiased.own[of];
      },
    }),
  ),
  {
    quantity: "WS gradient (unbiased)",
    oracle: "finite differences",
    budget: DIFFERENCE_BUDGET,
    compare({ problem: { net, theta, batch } }) {
      const count = batch.weights.length;
      if (count < 2) return 0;
      const options = { estimator: "unbiased", population: 2 * count } as const;
      return relative(
        wsUpperBoundAndGradient(net, theta, batch, options).gradient,
        sampledGradient((at) => spectralMoments(net, at, batch, options), theta),
      );
    },
  },
];
