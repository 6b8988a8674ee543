import { predictInto, prepareCurvature, symmetricEigen, tensor } from "flatward";
import { accuracyOf } from "../../../lab/src/experiment/measures/evaluation.js";
import type { EngineApi, Job, Snapshot } from "./api.js";
import { descentOf } from "./descent.js";
import { column } from "./input-plane.js";
import { problemFor } from "./problem.js";

/** Trains one method on one problem, and answers what a page asks about it. */
export interface Trainer extends Omit<EngineApi, "start"> {
  readonly first: ReturnType<EngineApi["start"]>;
}

export function createTrainer({ settings, method, file }: Job): Trainer {
  const { net, train, test, grid, about } = problemFor(settings, file);
  const curvature = prepareCurvature(net, train);
  const { objective, optimizer } = descentOf(curvature, method);
  let theta = net.init(settings.seed);
  let state = optimizer.initialState(net.size);
  let step = 0;

  function snapshot(): Snapshot {
    const values = new Float64Array(net.size);
    curvature.eigenvalues(theta, values);
    return {
      step,
      theta: theta.slice(),
      loss: curvature.loss(theta),
      accuracy: accuracyOf(net, theta, test),
      bound: curvature.wsUpperBound(theta),
      values,
    };
  }

  return {
    first: { about, snapshot: snapshot() },
    train(steps) {
      for (const end = step + steps; step < end; step++)
        ({ theta, state } = optimizer.step(objective, theta, state));
      return snapshot();
    },
    regions(at) {
      const means = new Float64Array(grid.shape[0] * about.classes.length);
      predictInto(net, at, grid, means);
      return Float32Array.from(means);
    },
    losses({ origin, axes, rows, columns }) {
      const values = new Float64Array(rows.length * columns.length);
      const point = new Float64Array(origin.length);
      rows.forEach((b, row) => {
        columns.forEach((a, column) => {
          for (let i = 0; i < point.length; i++) point[i] = origin[i] + a * axes[0][i] + b * axes[1][i];
          values[row * columns.length + column] = finite(() => curvature.loss(point));
        });
      });
      return values;
    },
    eigenvector(at, index) {
      const hessian = new Float64Array(net.size * net.size);
      curvature.hessian(at, hessian);
      const { vectors } = symmetricEigen(tensor(hessian, [net.size, net.size]), { vectors: true });
      return column(vectors, index);
    },
  };
}

/** Far from a minimum losses may overflow: there is nothing to draw there. */
function finite(compute: () => number): number {
  try {
    return compute();
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
