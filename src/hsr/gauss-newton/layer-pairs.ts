import type { DenseLayer } from "../../nn/dense/architecture.js";
import type { FinishedPass } from "../../nn/dense/forward.js";
import { gemm } from "../../tensor/matmul.js";
import { scratch } from "../../tensor/scratch.js";
import { matrixView, rowRange, type Tensor, transpose } from "../../tensor/view.js";
import { timesInH } from "../contraction/route.js";
import { createLogitJacobians, jacobianNumbers, type LogitJacobians } from "./logit-jacobians.js";
import { fillGram, type PairSummation, pairWeight, pullBackGram, type Samples } from "./pair-summation.js";

/** Numbers that a tile's blocks may take: 16 MB. */
const NUMBERS = 1 << 21;
const MOST_SAMPLES = 64;

/** Xᵐˡ = Vᵐᵀ S Vˡ for layers l ≤ m. */
interface LayerBlock {
  readonly m: number;
  readonly l: number;
  /** N × h_m h_l, sample by sample. */
  readonly values: Tensor;
  readonly bars: Tensor;
}

interface LayerBlocks extends Samples {
  readonly blocks: readonly LayerBlock[];
}

/** Entries of Xᵐˡ of all l ≤ m, for one sample. */
export function layerNumbers(layers: readonly Pick<DenseLayer, "units">[]): number {
  let below = 0;
  return layers.reduce((sum, { units }) => {
    below += units;
    return sum + units * below;
  }, 0);
}

/**
 * With Xᵐˡ = Vᵐᵀ S Vˡ, and twice for l < m,
 *
 *   tr G = Σ_i ω_i Σ_l ‖ãˡ_i‖² tr Xˡˡ_i,   tr G² = Σ_ij ω_i ω_j Σ_{l≤m} ⟨ãᵐ_i, ãᵐ_j⟩⟨ãˡ_i, ãˡ_j⟩⟨Xᵐˡ_i, Xᵐˡ_j⟩.
 */
export function createLayerPairs(
  finished: FinishedPass,
  differentiable: boolean,
): PairSummation<LayerBlocks> {
  const { net, batch } = finished;
  const { layers } = net;
  const most = Math.floor(NUMBERS / layerNumbers(layers));
  const side = Math.min(batch.count, Math.max(1, Math.min(MOST_SAMPLES, most)));
  const table = (needed = true) => scratch(needed ? side * side : 0);
  const grams = layers.map(() => table());
  const gramBars = layers.map(() => table(differentiable));
  const inner = table();

  const fillGrams = (a: LayerBlocks, b: LayerBlocks): void => {
    grams.forEach((gram, l) => {
      fillGram(gram, finished, l, a, b);
    });
  };
  /** ⟨X_i, X_j⟩ of all pairs. */
  const fillInner = (a: LayerBlock, b: LayerBlock): Tensor => {
    const out = matrixView(inner, a.values.shape[0], b.values.shape[0]);
    gemm(out, a.values, transpose(b.values));
    return out;
  };
  return {
    side,
    numbers: 2 * layerNumbers(layers) + jacobianNumbers(net),
    create: (count) => createLayerBlocks(finished, count, differentiable),
    contract(a, b, sums) {
      fillGrams(a, b);
      a.blocks.forEach((block, number) => {
        const { m, l } = block;
        fillInner(block, b.blocks[number]);
        for (let i = 0, at = 0; i < a.count; i++)
          for (let j = 0; j < b.count; j++, at++)
            sums.square +=
              timesInH(block) * pairWeight(finished, a, b, i, j) * grams[m][at] * grams[l][at] * inner[at];
        if (a !== b || l < m) return;
        for (let i = 0; i < a.count; i++)
          sums.trace += batch.weights[a.from + i] * grams[l][i * b.count + i] * traceOf(block, i);
      });
    },
    differentiate(a, b, { byTrace, bySquare }, rowBars) {
      fillGrams(a, b);
      for (const bars of gramBars) bars.fill(0);
      a.blocks.forEach((block, number) => {
        const { m, l } = block;
        const other = b.blocks[number];
        const bars = fillInner(block, other);
        for (let i = 0, at = 0; i < a.count; i++) {
          for (let j = 0; j < b.count; j++, at++) {
            const scale = bySquare * timesInH(block) * pairWeight(finished, a, b, i, j);
            const product = scale * inner[at];
            gramBars[m][at] += product * grams[l][at];
            gramBars[l][at] += product * grams[m][at];
            inner[at] = scale * grams[m][at] * grams[l][at];
          }
        }
        gemm(block.bars, bars, other.values, 1, 1);
        gemm(other.bars, transpose(bars), block.values, 1, 1);
        if (a !== b || l < m) return;
        for (let i = 0; i < a.count; i++) {
          const scale = byTrace * batch.weights[a.from + i];
          const own = i * b.count + i;
          gramBars[l][own] += scale * traceOf(block, i);
          const { units } = layers[l];
          for (let p = 0; p < units; p++)
            block.bars.data[i * units * units + p * (units + 1)] += scale * grams[l][own];
        }
      });
      gramBars.forEach((bars, l) => {
        pullBackGram(bars, finished, l, a, b, rowBars[l]);
      });
    },
  };

  /** tr Xˡˡ_i. */
  function traceOf({ l, values }: LayerBlock, i: number): number {
    const { units } = layers[l];
    let sum = 0;
    for (let p = 0; p < units; p++) sum += values.data[i * units * units + p * (units + 1)];
    return sum;
  }
}

function createLayerBlocks(finished: FinishedPass, count: number, differentiable: boolean): LayerBlocks {
  const { layers, outputs: K } = finished.net;
  const samples: LogitJacobians = createLogitJacobians(finished, count, differentiable);
  const { jacobians, jacobianBars, curvature, curvatureBar } = samples;
  const matrix = (width: number, needed = true) =>
    matrixView(scratch(needed ? count * width : 0), count, width);
  const blocks = layers.flatMap(({ units }, m) =>
    layers.slice(0, m + 1).map((below, l): LayerBlock => {
      const width = units * below.units;
      return { m, l, values: matrix(width), bars: matrix(width, differentiable) };
    }),
  );
  /** S Vˡ of one sample and its adjoint. */
  const weightedJacobians = layers.map(({ units }) =>
    [0, 1].map(() => matrixView(scratch(K * units), K, units)),
  );
  const own = (rows: Tensor, i: number): Tensor => rowRange(rows, i * K, (i + 1) * K);
  const blockOf = (rows: Tensor, { m, l }: LayerBlock, i: number): Tensor => {
    const [height, width] = [layers[m].units, layers[l].units];
    return matrixView(rows.data, height, width, i * height * width);
  };
  const fillWeighted = (i: number): void => {
    weightedJacobians.forEach(([weighted], l) => {
      gemm(weighted, own(curvature, i), own(jacobians[l], i));
    });
  };

  return {
    get from() {
      return samples.from;
    },
    count,
    blocks,
    fill(from) {
      samples.fill(from);
      for (let i = 0; i < count; i++) {
        fillWeighted(i);
        for (const block of blocks)
          gemm(
            blockOf(block.values, block, i),
            transpose(own(jacobians[block.m], i)),
            weightedJacobians[block.l][0],
          );
      }
      for (const { bars } of blocks) bars.data.fill(0);
    },
    pullBack(zBars, out) {
      for (let i = 0; i < count; i++) {
        fillWeighted(i);
        for (const [, bar] of weightedJacobians) bar.data.fill(0);
        for (const block of blocks) {
          const [weighted, weightedBar] = weightedJacobians[block.l];
          const bars = blockOf(block.bars, block, i);
          gemm(own(jacobianBars[block.m], i), weighted, transpose(bars), 1, 1);
          gemm(weightedBar, own(jacobians[block.m], i), bars, 1, 1);
        }
        weightedJacobians.forEach(([, bar], l) => {
          gemm(own(jacobianBars[l], i), own(curvature, i), bar, 1, 1);
          gemm(own(curvatureBar, i), bar, transpose(own(jacobians[l], i)), 1, 1);
        });
      }
      samples.pullBack(zBars, out);
    },
  };
}
