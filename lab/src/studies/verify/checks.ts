import {
  exactHessian,
  hessianVectorProduct,
  lossAndGradient,
  type Route,
  randomStream,
  type SpectralMoments,
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
];
