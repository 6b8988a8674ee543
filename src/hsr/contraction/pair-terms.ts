import { type FactorSet, type SampleVectors, sampleRows, widthOf } from "../../hessian/factors.js";
import { fillNeighbours } from "../../hessian/neighbours.js";
import { uninitialized } from "../../tensor/scratch.js";
import type { Block } from "./route.js";

/** A block, or of one between neighbours only what X ⊗ a alone gives, or all but that. */
export interface PairedBlock extends Block {
  readonly of: "all" | "inputs" | "rest";
}

/** Whether δ and E enter. */
export const hasRest = ({ m, l, of }: PairedBlock): boolean => l < m && of !== "inputs";

/** ⟨left_i, right_j⟩ that is symmetric in i and j. */
interface Term {
  readonly left: SampleVectors;
  readonly right: SampleVectors;
}

/**
 * A block's ⟨H_i, H_j⟩ as few products of long vectors, for where no derivative is wanted: ⟨X_i, X_j⟩ times ⟨ã_i, ã_j⟩ of the
 * upper tap, and the rest; all times that of the lower tap.
 */
export interface PairTerms {
  /** Whether ⟨X_i, X_j⟩ is no part of the rest, and wanted. */
  readonly byUpper: boolean;
  readonly rest?: Term;
  /** Computes them, after every `fill` of the factors. */
  fill(): void;
}

/** Nothing for a block between taps apart whose entries are many: that is summed column by column. */
export function createPairTerms(factors: FactorSet, block: PairedBlock): PairTerms | undefined {
  const { m, l } = block;
  const byUpper = block.of !== "rest";
  if (!hasRest(block)) return { byUpper, fill() {} };
  return factors.slopes[m][l].diagonal
    ? { byUpper, ...neighbourTerms(factors, m) }
    : distantTerms(factors, m, l);
}

/** With P = X diag a and F = δ dᵀ: ⟨P_i + F_i, F_j⟩ + ⟨F_i, P_j⟩. */
function neighbourTerms(factors: FactorSet, m: number): Omit<PairTerms, "byUpper"> {
  const { taps, count } = factors;
  const columns = taps[m - 1].units;
  const half = taps[m].units * columns;
  // P + F, F and P of a sample one after the other.
  const rows = sampleRows(uninitialized(3 * count * half), 3 * half);
  const { data } = rows;
  const part = (from: number, width: number) => ({ ...rows, data: data.subarray(from * half), width });
  const [f, p] = [part(1, half), part(2, half)];
  return {
    rest: { left: part(0, 2 * half), right: part(1, 2 * half) },
    fill() {
      fillNeighbours(factors, m, [0, columns], p, f);
      for (let i = 0, at = 0; i < count; i++, at += 2 * half)
        for (const end = at + half; at < end; at++) data[at] = data[at + half] + data[at + 2 * half];
    },
  };
}

/** All entries X_pq ã_r + δ_p E_rq. */
function distantTerms(factors: FactorSet, m: number, l: number): PairTerms | undefined {
  const { taps, count } = factors;
  const { units, inputs } = taps[m];
  const columns = taps[l].units;
  const height = widthOf(taps[m]);
  const width = columns * units * height;
  if (width > 3 * columns * (units + inputs)) return undefined;
  const entries = sampleRows(uninitialized(count * width), width);
  const { data: x } = factors.curvature[m][l];
  const { data: e } = factors.slopes[m][l];
  return {
    byUpper: false,
    rest: { left: entries, right: entries },
    fill() {
      const { data: a, step } = factors.rows[m];
      const { data: delta } = factors.deltas[m];
      const { data: out } = entries;
      for (let i = 0, at = 0; i < count; i++) {
        const row = i * step;
        for (let q = 0; q < columns; q++) {
          const column = q * count + i;
          for (let p = 0; p < units; p++) {
            const curvature = x[column * units + p];
            const pull = delta[i * units + p];
            const slope = column * inputs;
            for (let r = 0; r < inputs; r++, at++) out[at] = curvature * a[row + r] + pull * e[slope + r];
            if (height > inputs) out[at++] = curvature;
          }
        }
      }
    },
  };
}
