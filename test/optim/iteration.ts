import { type Objective, type Optimizer, objectiveOf } from "../../src/index.js";
import { matrixOf, type Square, spectralRadius } from "../oracles/spectral-radius.js";

/** ½ θᵀHθ, with H·v. */
export function quadraticForm(H: Square): Objective {
  const product = (v: Float64Array) =>
    Float64Array.from(H, (row) => row.reduce((sum, h, j) => sum + h * v[j], 0));
  return objectiveOf(
    H.length,
    (theta) => {
      const gradient = product(theta);
      return { value: 0.5 * theta.reduce((sum, t, i) => sum + t * gradient[i], 0), gradient };
    },
    { hessianVectorProduct: (_, v) => product(v) },
  );
}

/** Q diag(λ) Qᵀ, Q a product of plane rotations by these angles. */
export function rotated(eigenvalues: readonly number[], angles: readonly number[]): Square {
  const n = eigenvalues.length;
  let H: number[][] = eigenvalues.map((value, i) => eigenvalues.map((_, j) => (i === j ? value : 0)));
  for (let i = 0; i + 1 < n; i++) {
    const [c, s] = [Math.cos(angles[i]), Math.sin(angles[i])];
    const turn = (rows: number[][]): number[][] =>
      rows.map((row, k) => {
        if (k === i) return row.map((entry, j) => c * entry - s * rows[i + 1][j]);
        if (k === i + 1) return row.map((entry, j) => s * rows[i][j] + c * entry);
        return row;
      });
    const transpose = (rows: number[][]) => rows[0].map((_, j) => rows.map((row) => row[j]));
    H = transpose(turn(transpose(turn(H))));
  }
  return H.map((row) => Float64Array.from(row));
}

type Plain = Readonly<Record<string, unknown>>;

/** Parts of a state that stand still: the preconditioner, near a fixed point. */
const still = new Set(["second", "square", "mean"]);

/**
 * The spectral radius of an optimizer's iteration on a homogeneous quadratic, from steps of the optimizer alone: theta
 * and all moving vectors of its state are one vector, and a step is a linear map of it.
 * @param prepare changes the state that the vectors are put into
 */
export function iterationRadius(
  optimizer: Optimizer,
  objective: Objective,
  prepare: (state: Plain) => Plain = (state) => state,
  scale = 1,
): number {
  const n = objective.size;
  // After one step from 0 all vectors are there, and 0.
  const first = optimizer.step(objective, new Float64Array(n), optimizer.initialState(n)).state as Plain;
  const frame = prepare(first);
  const moving = Object.keys(frame).filter((key) => frame[key] instanceof Float64Array && !still.has(key));
  const map = (joint: Float64Array): Float64Array => {
    const part = (i: number) => joint.slice(i * n, (i + 1) * n);
    const state = { ...frame, ...Object.fromEntries(moving.map((key, i) => [key, part(i + 1)])) };
    const next = optimizer.step(objective, part(0), state);
    const vectors = [next.theta, ...moving.map((key) => (next.state as Plain)[key] as Float64Array)];
    return Float64Array.from(vectors.flatMap((vector) => Array.from(vector)));
  };
  return spectralRadius(matrixOf(n * (moving.length + 1), map, scale));
}
