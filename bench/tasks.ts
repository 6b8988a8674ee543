import {
  exactHessian,
  hsrObjective,
  lossAndGradient,
  lossObjective,
  type Objective,
  type PreparedCurvature,
  prepareCurvature,
  type Route,
  spectralMoments,
  symmetricEigen,
  wsUpperBoundAndGradient,
} from "flatward";
import { type Problem, problemOf, sizes } from "./sizes.js";

/** One point of a series in which one extent grows. */
export interface Growth {
  readonly series: string;
  /** The extent's name. */
  readonly of: string;
  readonly extent: number;
  /** Multiply-adds, as they are counted by formula. */
  readonly operations: number;
  /** The same with what goes beside products, where that was fitted: time is predicted to be in proportion. */
  readonly predicted?: number;
}

/** One thing to measure: set up once, then run many times. */
export interface Task {
  readonly group: string;
  readonly name: string;
  /** Its time is the unit of the group's ratios. */
  readonly isUnit?: boolean;
  /** What grows along the group. */
  readonly growth?: Growth;
  /** Additions and multiplications of a call, where their number a second is of interest. */
  readonly flops?: number;
  setUp(): (() => unknown) | Promise<() => unknown>;
}

/** The bound of all samples in every evaluation. */
export const exactHsr = { strength: 0.1, every: 1, samples: "all" } as const;

/** Sizes at which H (n×n) is worth forming. */
const withHessian = ["S1", "S2", "S3"];

function problemTasks(size: string): Task[] {
  const task = (name: string, run: (problem: Problem) => unknown, isUnit = false): Task => ({
    group: size,
    name,
    isUnit,
    setUp: () => {
      const problem = problemOf(sizes[size]);
      return () => run(problem);
    },
  });
  /** What training calls again and again. */
  const trained = (name: string, make: (problem: Problem) => Objective): Task => ({
    group: size,
    name,
    setUp: () => {
      const problem = problemOf(sizes[size]);
      const objective = make(problem);
      return () => objective.valueAndGradient(problem.theta);
    },
  });
  /** What is prepared once and asked for at two thetas in turn. */
  const prepared = (
    name: string,
    run: (curvature: PreparedCurvature, theta: Float64Array, out: Float64Array) => unknown,
  ): Task => ({
    group: size,
    name: `${name}, prepared`,
    setUp: () => {
      const { net, theta, batch } = problemOf(sizes[size]);
      const curvature = prepareCurvature(net, batch);
      const places = [theta, theta.map((entry) => 1.01 * entry)];
      const out = new Float64Array(net.size);
      let at = 0;
      return () => run(curvature, places[at++ % 2], out);
    },
  });
  const small = withHessian.includes(size);
  const routes: Route[] = small ? ["gram", "blocks", "auto"] : ["gram"];
  const tasks = [
    task("loss + gradient", ({ net, theta, batch }) => lossAndGradient(net, theta, batch), true),
    trained("loss + gradient, objective", ({ net, batch }) => lossObjective(net, batch)),
    trained("HSR gradient, objective", ({ net, batch }) => hsrObjective(net, batch, exactHsr)),
    ...routes.map((route) =>
      task(`moments, ${route}`, ({ net, theta, batch }) => spectralMoments(net, theta, batch, { route })),
    ),
    prepared("moments", (curvature, theta) => curvature.moments(theta)),
    prepared("WS gradient", (curvature, theta, vector) => curvature.wsUpperBoundAndGradient(theta, vector)),
    ...routes.map((route) =>
      task(`WS gradient, ${route}`, ({ net, theta, batch }) =>
        wsUpperBoundAndGradient(net, theta, batch, { route }),
      ),
    ),
  ];
  if (!small) return tasks;
  return [
    ...tasks,
    task("Hessian", ({ net, theta, batch }) => exactHessian(net, theta, batch)),
    ...[false, true].map((vectors) => ({
      group: size,
      name: vectors ? "all eigenvalues and eigenvectors" : "all eigenvalues",
      setUp() {
        const { net, theta, batch } = problemOf(sizes[size]);
        const hessian = exactHessian(net, theta, batch);
        return () => symmetricEigen(hessian, { vectors });
      },
    })),
  ];
}

export const closedFormTasks: readonly Task[] = Object.keys(sizes).flatMap(problemTasks);
