import { type Architecture, weightsOf } from "../../nn/dense/architecture.js";
import type { FinishedPass } from "../../nn/dense/forward.js";
import { loss as lossOf } from "../../nn/losses.js";
import { gemm } from "../../tensor/matmul.js";
import { scratch } from "../../tensor/scratch.js";
import { matrixView, type Tensor, transpose } from "../../tensor/view.js";
import type { Samples } from "./pair-summation.js";

/** What the Gauss–Newton matrix of some samples is made of, beside the layers' rows. */
export interface LogitJacobians extends Samples {
  /** Vˡ = ∂u/∂zˡ of each layer: N·K × h, sample by sample; the identity for the last. */
  readonly jacobians: readonly Tensor[];
  readonly jacobianBars: readonly Tensor[];
  /** S, N·K × K, sample by sample. */
  readonly curvature: Tensor;
  readonly curvatureBar: Tensor;
}

/** Numbers that one sample takes, at most. */
export function jacobianNumbers({ layers, outputs: K }: Architecture): number {
  return 3 * K * layers.reduce((sum, { units }) => sum + units, K);
}

/**
 * By recursion from the logits downwards: Vˡ = Yˡ D, Yˡ = V^{l+1} W^{l+1}, D = diag φ′(zˡ).
 * @param finished is read again by every `fill`; its theta must stay
 */
export function createLogitJacobians(
  finished: FinishedPass,
  count: number,
  differentiable: boolean,
): LogitJacobians {
  const { net, theta, pass } = finished;
  const { layers, outputs: K } = net;
  const last = layers.length - 1;
  const rows = count * K;
  const perLayer = (needed: boolean) =>
    layers.map(({ units }) => matrixView(scratch(needed ? rows * units : 0), rows, units));
  const jacobians = perLayer(true);
  const jacobianBars = perLayer(differentiable);
  /** Yˡ. */
  const unscaled = differentiable ? perLayer(true) : jacobians;
  const square = (needed: boolean) => matrixView(scratch(needed ? rows * K : 0), rows, K);
  const curvature = square(true);
  const curvatureBar = square(differentiable);
  for (let at = 0; at < rows; at++) jacobians[last].data[at * K + (at % K)] = 1;
  const loss = lossOf(net.loss);
  const s = scratch(K * K);
  const meanBar = scratch(K);

  const made = {
    from: 0,
    count,
    jacobians,
    jacobianBars,
    curvature,
    curvatureBar,
    fill(from: number) {
      made.from = from;
      for (let i = 0; i < count; i++) {
        loss.curvature(pass.logits.data, pass.means, (from + i) * K, K, s);
        curvature.data.set(s, i * K * K);
      }
      for (let l = last - 1; l >= 0; l--) {
        gemm(unscaled[l], jacobians[l + 1], weightsOf(layers[l + 1], theta));
        scaleColumns(jacobians[l].data, unscaled[l].data, slopesOf(l));
      }
      curvatureBar.data.fill(0);
      for (const { data } of jacobianBars) data.fill(0);
    },
    pullBack(zBars: readonly Float64Array[], out: Float64Array) {
      for (let l = 0; l < last; l++) {
        const { units } = layers[l];
        const above = layers[l + 1];
        const bars = jacobianBars[l];
        const zBar = zBars[l].subarray(made.from * units);
        const bend = pass.layers[l].second.subarray(made.from * units);
        for (let i = 0, at = 0; i < count; i++) {
          for (let k = 0; k < K; k++)
            for (let to = i * units; to < (i + 1) * units; to++, at++)
              zBar[to] += bend[to] * bars.data[at] * unscaled[l].data[at];
        }
        scaleColumns(bars.data, bars.data, slopesOf(l));
        gemm(weightsOf(above, out), transpose(jacobians[l + 1]), bars, 1, 1);
        gemm(jacobianBars[l + 1], bars, transpose(weightsOf(above, theta)), 1, 1);
      }
      pullBackCurvature(zBars[last]);
    },
  };

  /** φ′ of these samples. */
  const slopesOf = (l: number): Float64Array => {
    const { units } = layers[l];
    return pass.layers[l].first.subarray(made.from * units, (made.from + count) * units);
  };

  /** out = y D for every sample, a row of `slopes` for each. */
  const scaleColumns = (out: Float64Array, y: Float64Array, slopes: Float64Array): void => {
    const units = slopes.length / count;
    for (let i = 0, at = 0; i < count; i++) {
      for (let k = 0; k < K; k++)
        for (let q = i * units; q < (i + 1) * units; q++, at++) out[at] = y[at] * slopes[q];
    }
  };

  /** ū += S p̄, where p̄ is what the adjoint of S leaves to the mean. */
  const pullBackCurvature = (logitBar: Float64Array): void => {
    for (let i = 0; i < count; i++) {
      const own = i * K * K;
      const sample = (made.from + i) * K;
      for (let k = 0; k < K; k++) {
        for (let l = 0; l < K; l++)
          s[k * K + l] = 0.5 * (curvatureBar.data[own + k * K + l] + curvatureBar.data[own + l * K + k]);
      }
      meanBar.fill(0);
      loss.curvatureAdjoint(pass.means, sample, K, s, meanBar);
      for (let k = 0; k < K; k++)
        for (let l = 0; l < K; l++) logitBar[sample + k] += curvature.data[own + k * K + l] * meanBar[l];
    }
  };
  return made;
}
