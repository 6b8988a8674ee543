import { untraced } from "../autodiff/value.js";
import { sizeOf, type Tensor } from "../tensor/view.js";
import type { Moments, Pass } from "./layers/layer.js";
import { type Model, parametersOf, piecesOf, samplesOf } from "./sequential-model.js";

/**
 * What every batch normalisation of a network would see of all samples at once, layer by layer: each one's input is
 * normalised by the population statistics of those before it. One pass over the samples for each, in pieces.
 * @param x N × d
 */
export function populationMoments(model: Model, theta: Float64Array, x: Tensor): readonly Moments[] {
  const parameters = parametersOf(model, theta);
  const known: Moments[] = [];
  while (known.length < model.counts.normalizations) {
    let seen: Running | undefined;
    const pass: Pass = {
      firstSample: 0,
      moments(normalization, value) {
        const tensor = untraced(value);
        if (normalization === known.length) seen = merge(seen, tensor);
        // What comes after is not looked at in this round.
        return known[normalization] ?? identity(tensor.shape[1]);
      },
    };
    for (const [from, to] of piecesOf(model, x.shape[0], pass))
      model.chain.apply(samplesOf(model, x, from, to), parameters, pass);
    const { count, mean, squares } = seen as Running;
    known.push({ mean, variance: squares.map((sum) => sum / count) });
  }
  return known;
}

function identity(channels: number): Moments {
  return { mean: new Float64Array(channels), variance: new Float64Array(channels).fill(1) };
}

/** Of every channel: how many values, their mean, and Σ (value − mean)². */
interface Running {
  readonly count: number;
  readonly mean: Float64Array;
  readonly squares: Float64Array;
}

/** Joins the values of a piece, (N, channels, …), to those before (Chan, Golub & LeVeque 1983: no cancellation). */
function merge(before: Running | undefined, { data, shape }: Tensor): Running {
  const [samples, channels] = shape;
  const pixels = sizeOf(shape) / (samples * channels);
  const count = samples * pixels;
  const mean = new Float64Array(channels);
  const squares = new Float64Array(channels);
  const forEach = (c: number, visit: (value: number) => void): void => {
    for (let i = 0; i < samples; i++) {
      const start = (i * channels + c) * pixels;
      for (let at = start; at < start + pixels; at++) visit(data[at]);
    }
  };
  for (let c = 0; c < channels; c++) {
    let sum = 0;
    forEach(c, (value) => {
      sum += value;
    });
    const centre = sum / count;
    let square = 0;
    forEach(c, (value) => {
      square += (value - centre) * (value - centre);
    });
    mean[c] = centre;
    squares[c] = square;
  }
  if (before === undefined) return { count, mean, squares };
  const total = before.count + count;
  for (let c = 0; c < channels; c++) {
    const apart = mean[c] - before.mean[c];
    mean[c] = before.mean[c] + (apart * count) / total;
    squares[c] += before.squares[c] + (apart * apart * before.count * count) / total;
  }
  return { count: total, mean, squares };
}
