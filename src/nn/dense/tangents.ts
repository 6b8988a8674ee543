import { multiply, multiplyBy } from "../../tensor/elementwise.js";
import { keptTranspose } from "../../tensor/kept-view.js";
import { type Factor, fixed, gemm } from "../../tensor/matmul.js";
import { scratch, scratchTensor } from "../../tensor/scratch.js";
import { type Tensor, transpose } from "../../tensor/view.js";
import { loss as lossOf } from "../losses.js";
import { type Architecture, weightsOf } from "./architecture.js";
import { type FinishedPass, type ForwardPass, withoutBias } from "./forward.js";
import { fillLogitAdjoint } from "./loss-gradient.js";

/**
 * The parts of the Hessian H = G + R: the Gauss–Newton part G = Σ ω Jᵀ S J with the Jacobian J of the logits, which is
 * positive semidefinite (Schraudolph 2002, Neural Computation 14); and the residual part R = Σ ω Σ_k r_k ∇²u_k, which
 * vanishes where every prediction is its target.
 */
export type HessianPart = "gauss-newton" | "residual";

/** H, or a part of it. */
export type CurvaturePart = "hessian" | HessianPart;

/** Derivatives of one layer's pass along a direction v of theta. */
export interface LayerTangents {
  /** ż = W ȧ + V ã with the ȧ of the layer before, N × h. */
  readonly zDot: Tensor;
  /** ȧ = φ′ż, N × h; ż itself, u̇, of the last layer. */
  readonly aDot: Tensor;
}

/** Room for the tangents of N samples. */
function tangentRoom({ layers }: Architecture, count: number): readonly LayerTangents[] {
  return layers.map(({ units }, l) => {
    const zDot = scratchTensor([count, units]);
    return { zDot, aDot: l === layers.length - 1 ? zDot : scratchTensor([count, units]) };
  });
}

/** [W b] of each layer, or W where it has no biases: what its rows ã are multiplied with. */
type Affine = readonly Tensor[];

function affineRoom({ layers }: Architecture): Affine {
  return layers.map(({ units, inputs, bias }) => scratchTensor([units, inputs + (bias ? 1 : 0)]));
}

/** Of v (n), which is laid out as theta. @param affine where they are written to */
export function affineOf(net: Architecture, v: Float64Array, affine = affineRoom(net)): Affine {
  net.layers.forEach(({ inputs, units, weights, biases }, l) => {
    const { data, stride } = affine[l];
    for (let r = 0, at = weights; r < units; r++) {
      for (let to = r * stride[0], end = to + inputs; to < end; ) data[to++] = v[at++];
      if (biases >= 0) data[r * stride[0] + inputs] = v[biases + r];
    }
  });
  return affine;
}

/** The other way: overwrites v (n). */
function writeAffine({ layers }: Architecture, affine: Affine, v: Float64Array): void {
  layers.forEach(({ inputs, units, weights, biases }, l) => {
    const { data, stride } = affine[l];
    for (let r = 0, to = weights; r < units; r++) {
      for (let at = r * stride[0], end = at + inputs; at < end; ) v[to++] = data[at++];
      if (biases >= 0) v[biases + r] = data[r * stride[0] + inputs];
    }
  });
}

/** The tangents along a direction for a finished forward pass, layer by layer. @param tangents where they are written to */
export function forwardTangents(
  { net, theta, batch: { count }, pass }: FinishedPass,
  direction: Affine,
  tangents: readonly LayerTangents[] = tangentRoom(net, count),
  inputs: readonly { readonly rows: Factor }[] = pass.layers,
): readonly LayerTangents[] {
  net.layers.forEach((layer, l) => {
    const { first } = pass.layers[l];
    const { zDot, aDot } = tangents[l];
    gemm(zDot, inputs[l].rows, keptTranspose(direction[l]));
    if (l > 0) gemm(zDot, tangents[l - 1].aDot, keptTranspose(weightsOf(layer, theta)), 1, 1);
    if (aDot !== zDot) multiply(aDot.data, zDot.data, first);
  });
  return tangents;
}

/** Rows ω_i S_i u̇_i. @param out where they are written to @param s scratch (K·K) */
export function curvatureTimes(
  { net, batch: { weights }, pass }: FinishedPass,
  uDot: Tensor,
  out: Tensor = scratchTensor(uDot.shape),
  s: Float64Array = scratch(net.outputs * net.outputs),
): Tensor {
  const K = net.outputs;
  const { curvature } = lossOf(net.loss);
  for (let i = 0; i < weights.length; i++) {
    curvature(pass.logits.data, pass.means, i * K, K, s);
    for (let k = 0; k < K; k++) {
      let sum = 0;
      for (let l = 0; l < K; l++) sum += s[k * K + l] * uDot.data[i * K + l];
      out.data[i * K + k] = weights[i] * sum;
    }
  }
  return out;
}

/** Numbers in the S of all samples that products keep, 16 MB; of more samples they are computed in every product. */
const KEPT = 1 << 21;

/** `curvatureTimes` for one u̇ after another, to the same bits: from the second on the S are kept. */
function curvatures(finished: FinishedPass): (uDot: Tensor, out: Tensor) => void {
  const {
    net: { outputs: K },
    batch: { count, weights },
  } = finished;
  const s = scratch(K * K);
  let products = 0;
  let table: Float64Array | undefined;
  return (uDot, rows) => {
    products++;
    if (products === 1 || count * K * K > KEPT) {
      curvatureTimes(finished, uDot, rows, s);
      return;
    }
    table ??= curvatureTable(finished, s);
    const [u, out] = [uDot.data, rows.data];
    for (let i = 0, first = 0, at = 0; i < count; i++, first += K) {
      // Two rows at a time, whose sums hide each other's latency; of an odd number the last one twice.
      for (let k = 0; k < K; k += 2) {
        const step = k + 1 < K ? K : 0;
        let sum = 0;
        let next = 0;
        for (let l = first; l < first + K; l++, at++) {
          sum += table[at] * u[l];
          next += table[at + step] * u[l];
        }
        out[first + k] = weights[i] * sum;
        if (step > 0) out[first + k + 1] = weights[i] * next;
        at += step;
      }
    }
  };
}

/** The S of all samples. @param s scratch (K·K) */
function curvatureTable({ net, batch, pass }: FinishedPass, s: Float64Array): Float64Array {
  const { curvature } = lossOf(net.loss);
  const table = new Float64Array(batch.count * s.length);
  for (let i = 0; i < batch.count; i++) {
    curvature(pass.logits.data, pass.means, i * net.outputs, net.outputs, s);
    table.set(s, i * s.length);
  }
  return table;
}

/** Adjoints of one layer, N × h each. */
interface LayerAdjoints {
  readonly zBar: Tensor;
  /** φ″ā; empty where there is no activation. */
  readonly bend: Float64Array;
}

function adjointsOf(finished: FinishedPass): readonly LayerAdjoints[] {
  const { net, theta, batch, pass } = finished;
  const adjoints = net.layers.map(({ units }, l) => ({
    zBar: scratchTensor([batch.count, units]),
    bend: scratch(pass.layers[l].second.length),
  }));
  const last = net.layers.length - 1;
  adjoints[last].zBar.data.set(fillLogitAdjoint(finished).data);
  for (let l = last; l > 0; l--) {
    const { zBar, bend } = adjoints[l - 1];
    const { first, second } = pass.layers[l - 1];
    gemm(zBar, adjoints[l].zBar, weightsOf(net.layers[l], theta));
    multiply(bend, second, zBar.data);
    multiplyBy(zBar.data, first);
  }
  return adjoints;
}

/** What products at one theta share, a layer: ã before and after the other factor, z̄ and its transpose, φ″ā. */
function factorsOf({ layers }: ForwardPass, adjoints: readonly LayerAdjoints[] | undefined) {
  return layers.map(({ rows }, l) => ({
    rows: fixed(rows),
    rowsAfter: fixed(rows),
    zBar: adjoints && fixed(adjoints[l].zBar),
    zBarAcross: adjoints && fixed(transpose(adjoints[l].zBar)),
    bend: adjoints?.[l].bend ?? nothing,
  }));
}

const nothing = new Float64Array(0);

/**
 * Products with H, or a part of it, where a forward pass has run: the derivative along v of
 *
 *   ū = ω r,  ā = Wᵀz̄ of the layer after,  z̄ = φ′ā,  and the gradient z̄ ãᵀ by W and b.
 *
 * What no v changes is computed once.
 * @returns overwrites `out` (n) with the product with v (n)
 */
export function hessianProduct(
  finished: FinishedPass,
  part: CurvaturePart = "hessian",
): (v: Float64Array, out: Float64Array) => void {
  const { net, theta, batch, pass } = finished;
  const tangents = tangentRoom(net, batch.count);
  const barDots = net.layers.map(({ units }) => scratchTensor([batch.count, units]));
  // Adjoints and their tangents: ū = ω r, u̇̄ = ω S u̇. Without ū the product is G·v, without u̇̄ it is R·v.
  const adjoints = part === "gauss-newton" ? undefined : adjointsOf(finished);
  const multiplyS = part === "residual" ? undefined : curvatures(finished);
  const [direction, product] = [affineRoom(net), affineRoom(net)];
  const factors = factorsOf(pass, adjoints);
  const last = net.layers.length - 1;
  return (v, out) => {
    forwardTangents(finished, affineOf(net, v, direction), tangents, factors);
    multiplyS?.(tangents[last].zDot, barDots[last]);
    for (let l = last; l >= 0; l--) {
      const { inputs } = net.layers[l];
      const { rowsAfter, zBar, zBarAcross } = factors[l];
      gemm(product[l], keptTranspose(barDots[l]), rowsAfter);
      if (l === 0) continue;
      const { zDot, aDot } = tangents[l - 1];
      const { first } = pass.layers[l - 1];
      const below = barDots[l - 1];
      gemm(below, barDots[l], weightsOf(net.layers[l], theta));
      if (zBar === undefined || zBarAcross === undefined) {
        multiplyBy(below.data, first);
        continue;
      }
      gemm(withoutBias(product[l], inputs), zBarAcross, aDot, 1, 1);
      gemm(below, zBar, withoutBias(direction[l], inputs), 1, 1);
      bendInto(below.data, first, factors[l - 1].bend, zDot.data);
    }
    writeAffine(net, product, out);
  };
}

/** z̄̇ = φ′ā̇ + φ″ā ż, in the place of ā̇. */
function bendInto(bar: Float64Array, first: Float64Array, bend: Float64Array, zDot: Float64Array): void {
  for (let at = 0; at < bar.length; at++) bar[at] = first[at] * bar[at] + bend[at] * zDot[at];
}
