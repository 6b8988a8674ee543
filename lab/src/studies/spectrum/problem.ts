import { type Batch, lossAndGradient, type Tensor } from "flatward";
import type { Architecture } from "flatward/nn";
import type { SpectrumResult } from "./analyze.js";
import type { SpectrumInput } from "./input.js";

/**
 * A network as the options of `threeLayerNet` or, where that has not all of them, of `multilayerNet`, its parameters and its
 * training data as JSON, with flatward's results for its Hessian, so that any other
 * program can check them: eigenvalues from the dense H where there is one, otherwise by Lanczos.
 */
export function problemText(
  architecture: Architecture,
  { net, theta, train }: SpectrumInput,
  { dense, extremes, traces }: SpectrumResult,
): string {
  const all = dense?.eigenvalues;
  const count = extremes.largest.length;
  const problem = {
    format: "flatward-problem/1",
    network: networkOf(architecture),
    theta: Array.from(theta),
    x: rowsOf(train.x as Tensor),
    y: labelsOf(train),
    expected: {
      loss: lossAndGradient(net, theta, train).loss,
      trace: traces.trace,
      frobeniusSquared: traces.frobeniusSquared,
      largest: all ? all.slice(-count).reverse() : extremes.largest.map(({ value }) => value),
      smallest: all ? all.slice(0, count) : extremes.smallest.map(({ value }) => value),
    },
  };
  return `${JSON.stringify(problem)}\n`;
}

function networkOf({ inputs, outputs, loss, layers }: Architecture): object {
  const [{ units: hidden, activation, bias }, last] = layers;
  if (layers.length === 2 && last.bias === bias) return { inputs, hidden, outputs, activation, loss, bias };
  return {
    sizes: [inputs, ...layers.map(({ units }) => units)],
    activation: layers.slice(0, -1).map((layer) => layer.activation),
    loss,
    bias: layers.map((layer) => layer.bias),
  };
}

/** Rows of a contiguous matrix. */
function rowsOf({ data, shape: [count, width] }: Tensor): number[][] {
  return Array.from({ length: count }, (_, i) => Array.from(data.subarray(i * width, (i + 1) * width)));
}

function labelsOf({ y }: Batch): number[] {
  return Array.from(y as ArrayLike<number>);
}
