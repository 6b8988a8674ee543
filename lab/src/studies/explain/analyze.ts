import {
  type BoundExplanation,
  explainBound,
  hessianOperator,
  lanczos,
  spectralMoments,
  type Tensor,
} from "flatward";
import { LabError } from "../../errors.js";
import { hasMoments } from "../../experiment/network/make.js";
import type { TrainedCell } from "../../sweep/trained.js";
import { type Along, sharesAlong } from "./along.js";
import type { Given } from "./given.js";
import { principalPlane } from "./principal-plane.js";
import { oneStep, type Steps } from "./step.js";

/** Pairs that are told. */
const PAIRS = 20;
/** Samples whose pairs are pictured: at most so many, and those that carry this part of the bound. */
const PICTURED = 80;
const CARRIED = 0.98;

/** Beyond so many samples, their pairs would take hours. */
const MOST_SAMPLES = 20_000;

/** A training sample and what it adds to the bound. */
export interface SampleShare {
  /** In the data, from 1; a header and rows that were left out do not count. */
  readonly row: number;
  /** As it was trained on, and the most probable ones of the network, by position. */
  readonly label: number;
  readonly predicted: number;
  readonly second: number;
  /** ω_i ∂B/∂ω_i. */
  readonly share: number;
  /** In the plane of the first two principal components, or of the two features. */
  readonly x: number;
  readonly y: number;
}

/** Why a network's minimum is sharp: plain numbers, the same bits for the same cell. */
export interface ExplainResult {
  readonly parameters: number;
  /** B. */
  readonly value: number;
  readonly lambdaMax: number;
  readonly trace: number;
  readonly frobenius: number;
  /** In the order of the data. */
  readonly samples: readonly SampleShare[];
  readonly classes: readonly { readonly name: string; readonly samples: number; readonly share: number }[];
  readonly classPairs: readonly (readonly number[])[];
  readonly layers: readonly number[];
  readonly blocks: readonly (readonly number[])[];
  readonly units: readonly (readonly number[])[];
  readonly gaussNewton: number;
  readonly residual: number;
  readonly cross: number;
  /** By positions in `samples`. */
  readonly pairs: BoundExplanation["shares"]["pairs"];
  readonly otherPairs: number;
  /** The samples of the largest shares, by class: positions in `samples`, and the shares of their pairs, half on either side. */
  readonly pictured: { readonly samples: readonly number[]; readonly shares: readonly (readonly number[])[] };
  /** What x and y of samples are. */
  readonly axes: readonly [string, string];
  /** Left out where it is not wanted, and of a training that does not come to the same bits any more. */
  readonly along?: Along;
  /** What a step down B changes; left out where B is 0. */
  readonly step?: Steps;
}

/** @param withPath whether it is trained once more, for shares along the way @throws LabError "usage" for a network without a closed form */
export function analyzeExplanation(cell: TrainedCell, given: Given, withPath: boolean): ExplainResult {
  const { net, theta, sample, data } = cell;
  if (!hasMoments(net))
    throw new LabError(
      "usage",
      "shares of the bound are for networks whose parameters enter through dense layers alone; this one has others",
    );
  const count = given.positions.length;
  if (count > MOST_SAMPLES)
    throw new LabError(
      "usage",
      `shares need all pairs of ${count} samples, and ${MOST_SAMPLES} are the most: train with a plan that has curvatureSamples, and take a cell of it with --run`,
    );
  const explanation = explainBound(net, theta, sample, { pairs: PAIRS });
  const { shares, value } = explanation;
  const { values } = lanczos(hessianOperator(net, theta, sample), { seed: 1 });

  const labels = Array.from(sample.y as ArrayLike<number>);
  const plane = principalPlane(sample.x as Tensor, given);
  const means = net.predict(theta, sample.x);
  const samples = given.positions.map((position, i): SampleShare => {
    const [predicted, second] = largestTwo(means.data.subarray(i * net.outputs, (i + 1) * net.outputs));
    const { x, y } = plane.points[i];
    return { row: position + 1, label: labels[i], predicted, second, share: shares.samples[i], x, y };
  });
  const sharpest = value > 0 ? sharpestOf(samples, value) : [];
  const along = withPath && value > 0 ? sharesAlong(cell, sharpest) : undefined;
  return {
    parameters: net.size,
    value,
    lambdaMax: values[0],
    trace: shares.trace,
    frobenius: shares.frobenius,
    samples,
    classes: data.classes.map((name, k) => ({
      name,
      samples: labels.filter((label) => label === k).length,
      share: samples.reduce((sum, { label, share }) => (label === k ? sum + share : sum), 0),
    })),
    classPairs: (shares.classPairs ?? []).map((row) => Array.from(row)),
    layers: Array.from(shares.layers),
    blocks: shares.blocks.map((row) => Array.from(row)),
    units: shares.units.map((row) => Array.from(row)),
    gaussNewton: shares.gaussNewton,
    residual: shares.residual,
    cross: shares.cross,
    pairs: shares.pairs,
    otherPairs: shares.otherPairs,
    pictured: picturedPairs(cell, explanation, samples),
    axes: plane.axes,
    ...(along && { along }),
    ...(value > 0 && { step: oneStep(cell, sharpest) }),
  };
}

/** Positions of the two largest entries; the only one twice. */
function largestTwo(entries: Float64Array): [number, number] {
  const [first, second = first] = [...entries.keys()].sort((a, b) => entries[b] - entries[a]);
  return [first, second];
}

/** All pairs of the samples of the largest shares, from their own batch: ⟨H_i, H_j⟩ is theirs alone. */
function picturedPairs(
  { net, theta, sample }: TrainedCell,
  { value, byTrace, bySquare }: BoundExplanation,
  samples: readonly SampleShare[],
): ExplainResult["pictured"] {
  const weight = 1 / samples.length;
  let carried = 0;
  const order = bySize(samples);
  const enough = order.findIndex((i) => {
    carried += samples[i].share;
    return carried >= CARRIED * value;
  });
  // Stable: within a class, those of the largest shares first.
  const chosen = order
    .slice(0, Math.min(PICTURED, enough + 1 || PICTURED))
    .sort((a, b) => samples[a].label - samples[b].label);
  const { data, shape } = sample.x as Tensor;
  const rowOf = (i: number) => Array.from(data.subarray(i * shape[1], (i + 1) * shape[1]));
  const weights = chosen.map(() => weight);
  const batch = { x: chosen.map(rowOf), y: chosen.map((i) => samples[i].label), weights };
  const own = explainBound(net, theta, batch, { pairs: (chosen.length * (chosen.length + 1)) / 2 });
  const shares = chosen.map(() => chosen.map(() => 0));
  for (const { i, j, share } of own.shares.pairs) {
    if (i === j) continue;
    shares[i][j] = (share / 2) * (bySquare / own.bySquare);
    shares[j][i] = shares[i][j];
  }
  chosen.forEach((position, i) => {
    const alone = { x: [rowOf(position)], y: [samples[position].label], weights: [weight] };
    const { trace, frobeniusSquared } = spectralMoments(net, theta, alone);
    shares[i][i] = byTrace * trace + 2 * bySquare * frobeniusSquared;
  });
  return { samples: chosen, shares };
}

/** The share of the bound that the sharpest samples are to carry together. */
const MOST = 0.5;

/** The fewest samples that carry half of the bound, positions in `samples`. */
export function sharpestOf(samples: readonly SampleShare[], value: number): readonly number[] {
  const order = bySize(samples);
  let carried = 0;
  const count = order.findIndex((i) => {
    carried += samples[i].share;
    return carried >= MOST * value;
  });
  return order.slice(0, count + 1);
}

/** Positions of samples, those of the largest shares first. */
export function bySize(samples: readonly SampleShare[]): number[] {
  return [...samples.keys()].sort((a, b) => samples[b].share - samples[a].share || a - b);
}
