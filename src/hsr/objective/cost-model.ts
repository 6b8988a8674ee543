import { factorLength, type Tap } from "../../hessian/factors.js";
import type { Network } from "../../nn/network.js";
import { blocksOf, workOfBlock } from "../contraction/route.js";

// In multiply-adds of a product, 0.12 ns each, fitted to the processor time of twelve chains of up to 270,000 parameters, and
// within a fifth of it: counts alone miss activations, memory, and what a call takes however small it is.

/** What a gradient takes: for the call; for each activation with its derivative; for each parameter, which passes through some vectors. */
const GRADIENT = { call: 55_000, activation: 225, parameter: 70 } as const;
/**
 * What a penalty takes beside its sums: for each block, however small; for each entry of a factor, which is scaled, packed and
 * scaled back; for each parameter; for each number of the forward pass, which the sizes of samples are computed from.
 */
const PENALTY = { block: 790_000, entry: 145, parameter: 108, read: 33 } as const;
/** Of factors and sums over pairs with their derivatives, for each multiply-add of the sums. */
const DIFFERENTIATED = 2.5;
/** Of factors by automatic differentiation, of those of a chain. */
const BY_TAPS = 3;
/** Of a random vector: six products H·v, each of two gradients. */
const BY_VECTOR = 12;

/** How many gradients of the loss of `count` samples one ∇B takes about as long as, from `samples` of them. */
export function gradientsOfPenalty(net: Network, count: number, samples: number): number {
  const taps = net.closedForm?.layers ?? net.tapped?.taps ?? [];
  const penalty = penaltyWork(taps, count, samples) * (net.closedForm ? 1 : BY_TAPS);
  return penalty / gradientWork(taps, count);
}

/** Gradients of the loss that one ∇B takes as long as, from so many random vectors. */
export function gradientsOfVectors(vectors: number): number {
  return BY_VECTOR * vectors;
}

function gradientWork(taps: readonly Tap[], count: number): number {
  // Nothing goes back to the features.
  const each = taps.reduce(
    (sum, { units, inputs }, l) => sum + units * ((l > 0 ? 3 : 2) * inputs + GRADIENT.activation),
    0,
  );
  return count * each + GRADIENT.parameter * parametersOf(taps) + GRADIENT.call;
}

function penaltyWork(taps: readonly Tap[], count: number, samples: number): number {
  const blocks = blocksOf(taps);
  const pairs = blocks.reduce(
    (sum, block) => sum + workOfBlock(taps, block, block.l === block.m - 1, samples),
    0,
  );
  const passed = taps.reduce((sum, { units, inputs }) => sum + units + inputs, 0);
  return (
    DIFFERENTIATED * (pairs + samples * factorWork(taps)) +
    PENALTY.entry * samples * factorLength(taps) +
    PENALTY.parameter * parametersOf(taps) +
    PENALTY.read * count * passed +
    PENALTY.block * blocks.length
  );
}

function parametersOf(taps: readonly Tap[]): number {
  return taps.reduce((sum, { units, inputs }) => sum + units * inputs, 0);
}

/** Of one sample's factors: every one is carried a layer down by its weights. */
function factorWork(taps: readonly Tap[]): number {
  let work = 0;
  for (let l = 0; l < taps.length - 1; l++) {
    const step = taps[l].units * taps[l + 1].units;
    work += (step * taps[l].units) / 2;
    for (let m = l + 1; m < taps.length; m++) work += step * taps[m].units;
    for (let m = l + 2; m < taps.length; m++) work += step * taps[m].inputs;
  }
  return work;
}
