import { factorLength, type Tap } from "../hessian/factors.js";
import type { Network } from "../nn/network.js";
import { blocksOf, workOfBlock } from "./route.js";

// In multiply-adds, fitted to what was measured (npm run bench -- cheap): counts alone miss activations, and what a call
// takes however small it is.

/** Of an activation with its derivatives. */
const ACTIVATION = 40;
/** Of a gradient, and of a penalty, of no size. */
const CALL = 50_000;
const PENALTY_CALL = 1_250_000;
/** Of factors and sums over pairs with their derivatives, for each multiply-add of the sums. */
const DIFFERENTIATED = 2.5;
/** Of an entry of a factor, which is scaled, packed and scaled back. */
const ENTRY = 45;
/** Of a parameter, which passes through a handful of vectors. */
const PARAMETER = 60;
/** Of factors by automatic differentiation, of those of a chain. */
const BY_TAPS = 3;
/** Of a random vector: six products H·v, each of two gradients. */
const BY_VECTOR = 12;

/** How many gradients of the loss of `count` samples one ∇B takes about as long as, from `samples` of them. */
export function gradientsOfPenalty(net: Network, count: number, samples: number): number {
  const taps = net.closedForm?.layers ?? net.tapped?.taps ?? [];
  const penalty = penaltyWork(taps, samples) * (net.closedForm ? 1 : BY_TAPS);
  return penalty / gradientWork(taps, count);
}

/** The same with random vectors. */
export function gradientsOfVectors(vectors: number): number {
  return BY_VECTOR * vectors;
}

function gradientWork(taps: readonly Tap[], count: number): number {
  // Nothing goes back to the features.
  const each = taps.reduce(
    (sum, { units, inputs }, l) => sum + units * ((l > 0 ? 3 : 2) * inputs + ACTIVATION),
    0,
  );
  return count * each + CALL;
}

function penaltyWork(taps: readonly Tap[], samples: number): number {
  const pairs = blocksOf(taps).reduce(
    (sum, block) => sum + workOfBlock(taps, block, block.l === block.m - 1, samples),
    0,
  );
  const parameters = taps.reduce((sum, { units, inputs }) => sum + units * inputs, 0);
  return (
    DIFFERENTIATED * (pairs + samples * factorWork(taps)) +
    ENTRY * samples * factorLength(taps) +
    PARAMETER * parameters +
    PENALTY_CALL
  );
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
