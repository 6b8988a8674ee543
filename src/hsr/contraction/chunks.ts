import { type FactorSet, type FactorSource, factorLength } from "../../hessian/factors.js";
import type { CurvaturePart } from "../../nn/dense/tangents.js";

/** Numbers that factors and their adjoints may take: 256 MB. Beyond, they are computed anew for every tile of chunks. */
const BUDGET = 1 << 25;

function samplesWithin(budget: number, { weights, taps }: FactorSource, differentiable: boolean): number {
  // Adjoints take as much again, and so do factors before they are scaled.
  const each = factorLength(taps) * (differentiable ? 3 : 1);
  return weights.length * each <= budget ? weights.length : Math.max(1, Math.floor(budget / (2 * each)));
}

/** The samples in runs whose factors fit the memory; all in one if they do. */
export interface Chunks {
  readonly count: number;
  /** Largest number of samples of one. */
  readonly size: number;
  startOf(chunk: number): number;
  /** All memories there are by now. */
  sets(): readonly FactorSet[];
  /** Forgets what was computed at another theta. */
  renew(): void;
  /** The factors of one chunk, in one of two memories; they are computed unless they lie there. */
  load(chunk: number, memory: 0 | 1, part: CurvaturePart): FactorSet;
}

/** @param most samples of one; default: as many as the budget has room for */
export function createChunks(
  source: FactorSource,
  differentiable: boolean,
  budget = BUDGET,
  most = samplesWithin(budget, source, differentiable),
): Chunks {
  const samples = source.weights.length;
  const count = Math.ceil(samples / most);
  const size = Math.ceil(samples / count);
  const memories = [0, 1].map(() => ({
    made: new Map<number, FactorSet>(),
    held: { chunk: -1, part: "hessian" as CurvaturePart },
  }));
  const sets: FactorSet[] = [];
  const startOf = (chunk: number) => chunk * size;
  return {
    count,
    size,
    startOf,
    sets: () => sets,
    renew() {
      for (const { held } of memories) held.chunk = -1;
    },
    load(chunk, memory, part) {
      const { made, held } = memories[memory];
      const from = startOf(chunk);
      const length = Math.min(size, samples - from);
      const set = made.get(length) ?? source.create(length, differentiable);
      if (!made.has(length)) sets.push(set);
      made.set(length, set);
      if (held.chunk !== chunk || held.part !== part) {
        // A loss of the user's may throw: then nothing lies there.
        held.chunk = -1;
        set.fill(from, part);
      }
      held.chunk = chunk;
      held.part = part;
      return set;
    },
  };
}
