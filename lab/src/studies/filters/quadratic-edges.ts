import { ArgumentError, type Optimizer, objectiveOf } from "flatward";
import { edgeOf } from "../../experiment/measures/filter-edge.js";
import type { Method } from "../../experiment/method.js";
import { methods, settingsOf } from "../../experiment/methods.js";
import type { Group } from "../../sweep/groups.js";
import type { SweepResults } from "../../sweep/results.js";

/** An optimizer's edges on quadratics ½λx², over the settings of a sweep. */
export interface EdgeRow {
  readonly method: string;
  /** Settings of it, learning rates and radii. */
  readonly settings: number;
  /** From its formula, the least and the largest. */
  readonly least: number;
  readonly largest: number;
  /** Largest relative difference to where its own iteration stops being stable. */
  readonly difference: number;
}

/** Every optimizer of a sweep that has an edge, on quadratics, by formula and by its iteration. */
export function quadraticEdges({ problems }: Pick<SweepResults, "problems">): EdgeRow[] {
  const byLabel = new Map<string, Map<string, Optimizer>>();
  for (const group of problems.flatMap(({ groups }) => groups)) {
    const method: Method = methods[group.family];
    if (method.regularized) continue;
    const settings = settingsOf(group.method);
    const label = optimizerLabel(group);
    const optimizers = byLabel.get(label) ?? new Map<string, Optimizer>();
    byLabel.set(label, optimizers.set(JSON.stringify(settings), method.optimizer(settings)));
  }
  return [...byLabel].flatMap(([method, optimizers]) => {
    const edges = [...optimizers.values()].flatMap((optimizer) => {
      const predicted = knownEdge(optimizer);
      return predicted === undefined ? [] : [{ predicted, found: iteratedEdge(optimizer, 3 * predicted) }];
    });
    if (edges.length === 0) return [];
    const predicted = edges.map((edge) => edge.predicted);
    return {
      method,
      settings: edges.length,
      least: Math.min(...predicted),
      largest: Math.max(...predicted),
      difference: Math.max(...edges.map((edge) => Math.abs(edge.found / edge.predicted - 1))),
    };
  });
}

/** Not every optimizer has one. */
function knownEdge(optimizer: Optimizer): number | undefined {
  try {
    return edgeOf(optimizer);
  } catch (error) {
    if (error instanceof ArgumentError) return undefined;
    throw error;
  }
}

/** What powers of a 2×2 matrix can tell from 1. */
const RESOLUTION = 1e-13;

/** By bisection: the largest λ from 0 up at which the iterates on ½λx² do not grow. */
function iteratedEdge(optimizer: Optimizer, beyond: number): number {
  let [stable, unstable] = [0, beyond];
  for (let i = 0; i < 60; i++) {
    const middle = 0.5 * (stable + unstable);
    if (growth(optimizer, middle) > 1 + RESOLUTION) unstable = middle;
    else stable = middle;
  }
  return stable;
}

/**
 * The spectral radius of an optimizer's iteration on ½λx². On a quadratic a step is a linear map of theta and of what the
 * optimizer remembers: its columns are steps from unit vectors, and no formula of a filter has a part in it.
 */
function growth(optimizer: Optimizer, lambda: number): number {
  const objective = objectiveOf(
    1,
    ([x]) => ({ value: 0.5 * lambda * x * x, gradient: Float64Array.of(lambda * x) }),
    { hessianVectorProduct: (_, [v]) => Float64Array.of(lambda * v) },
  );
  const from = (theta: number, state: unknown) => optimizer.step(objective, Float64Array.of(theta), state);
  const frame = from(0, optimizer.initialState(1)).state as Readonly<Record<string, unknown>>;
  const memory = Object.keys(frame).find((key) => frame[key] instanceof Float64Array);
  if (memory === undefined) return Math.abs(from(1, frame).theta[0]);
  const column = (theta: number, remembered: number): [number, number] => {
    const step = from(theta, { ...frame, [memory]: Float64Array.of(remembered) });
    return [step.theta[0], (step.state as Record<string, Float64Array>)[memory][0]];
  };
  const [[a, c], [b, d]] = [column(1, 0), column(0, 1)];
  const half = (a + d) / 2;
  const determinant = a * d - b * c;
  const discriminant = half * half - determinant;
  return discriminant < 0 ? Math.sqrt(determinant) : Math.abs(half) + Math.sqrt(discriminant);
}

/** An optimizer whose runs are counted together, whatever their learning rate and radius: `USAM`, `USAM, momentum 0.7`. */
export function optimizerLabel({ family, method }: Pick<Group, "family" | "method">): string {
  const { label, shown, hyperparameters } = methods[family];
  const { momentum } = method;
  const isOwn = shown === "momentum" || !("momentum" in hyperparameters) || momentum === 0;
  return isOwn ? label : `${label}, momentum ${momentum}`;
}
