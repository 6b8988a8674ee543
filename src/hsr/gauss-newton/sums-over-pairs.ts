import type { SpectralMoments } from "../../bounds/wolkowicz-styan.js";
import { backpropagate } from "../../hessian/chain-pullback.js";
import { sampleRows } from "../../hessian/factors.js";
import type { FinishedPass } from "../../nn/dense/forward.js";
import { scratch } from "../../tensor/scratch.js";
import type { BoundSlopes } from "../bound-slopes.js";
import { checkMoments } from "../finite-moments.js";
import { createKernelPairs } from "./kernel-pairs.js";
import { createLayerPairs, layerNumbers } from "./layer-pairs.js";
import type { MomentSums, PairSummation, Samples } from "./pair-summation.js";

/** The two ways to sum over pairs: of outputs with outputs, or of units with units. */
export type SumOver = "kernel" | "layers";

const summations: Readonly<
  Record<SumOver, (finished: FinishedPass, differentiable: boolean) => PairSummation<Samples>>
> = { kernel: createKernelPairs, layers: createLayerPairs };

export interface SummationOptions {
  /** Default: the cheaper. */
  readonly over?: SumOver | undefined;
  /** Numbers that all samples together may take; default 2²⁵, 256 MB. */
  readonly budget?: number | undefined;
}

const BUDGET = 1 << 25;

/** By multiplications for a pair of samples. */
function cheaperSum({ net: { layers, outputs: K } }: FinishedPass): SumOver {
  const units = layers.reduce((sum, each) => sum + each.units, 0);
  return K * K * (units + 2 * K) < layerNumbers(layers) ? "kernel" : "layers";
}

/** tr G and tr G² of a finished forward pass, tile by tile of pairs. @throws NonFiniteError where the curvature overflowed */
export function momentsOf(
  finished: FinishedPass,
  { over = cheaperSum(finished), budget = BUDGET }: SummationOptions = {},
): SpectralMoments {
  const sums: MomentSums = { trace: 0, square: 0 };
  const pairs = summations[over](finished, false);
  eachTile(
    finished,
    pairs,
    (a, b) => pairs.contract(a, b, sums),
    () => {},
    budget,
  );
  const moments: SpectralMoments = {
    size: finished.net.size,
    trace: sums.trace,
    frobeniusSquared: Math.max(sums.square, 0),
  };
  checkMoments(moments);
  return moments;
}

/** byTrace·∇tr G + bySquare·∇tr G² (n). */
export function momentGradient(
  finished: FinishedPass,
  slopes: BoundSlopes,
  { over = cheaperSum(finished), budget = BUDGET }: SummationOptions = {},
): Float64Array {
  const { net, batch, pass } = finished;
  const { count } = batch;
  const gradient = new Float64Array(net.size);
  const zBars = net.layers.map(({ units }) => scratch(count * units));
  const rows = pass.layers.map(({ rows: { data, shape } }) =>
    sampleRows(data, shape[1], scratch(data.length)),
  );
  const rowBars = rows.map(({ adjoint }) => adjoint);
  const pairs = summations[over](finished, true);
  eachTile(
    finished,
    pairs,
    (a, b) => pairs.differentiate(a, b, slopes, rowBars),
    (samples) => samples.pullBack(zBars, gradient),
    budget,
  );
  backpropagate({ taps: net.layers, count, rows, jets: pass.layers }, finished, zBars, gradient);
  return gradient;
}

/**
 * Visits all pairs of tiles, and every tile that will not be seen again as it is. Beyond the budget, what pairs take is
 * computed anew for each, so that memory is that of two tiles.
 */
function eachTile(
  { batch: { count } }: FinishedPass,
  { side, numbers, create }: PairSummation<Samples>,
  visit: (a: Samples, b: Samples) => void,
  leave: (samples: Samples) => void,
  budget: number,
): void {
  const held = count * numbers <= budget;
  const memories = [0, 1].map(() => new Map<number, Samples>());
  const load = (from: number, memory: 0 | 1): Samples => {
    const length = Math.min(side, count - from);
    const memoryOf = memories[held ? 0 : memory];
    const key = held ? from : length;
    const known = memoryOf.get(key);
    if (held && known) return known;
    const samples = known ?? create(length);
    memoryOf.set(key, samples);
    samples.fill(from);
    return samples;
  };
  for (let from = 0; from < count; from += side) {
    const a = load(from, 0);
    visit(a, a);
    for (let next = from + side; next < count; next += side) {
      const b = load(next, 1);
      visit(a, b);
      if (!held) leave(b);
    }
    leave(a);
  }
}
