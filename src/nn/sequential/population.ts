import { untraced } from "../../autodiff/value.js";
import { ArgumentError, requireFinite, ShapeError } from "../../errors.js";
import { sizeOf, type Tensor } from "../../tensor/view.js";
import type { Moments, Pass } from "./layers/layer.js";
import { type Model, parametersOf, piecesOf, samplesOf } from "./model.js";

/** Thrown where a pass has seen what it was made for. */
const SEEN = Symbol("seen");

/**
 * What every batch normalisation of a network would see of all samples at once, layer by layer: each one's input is
 * normalised by the population statistics of those before it. A single piece takes one pass; several take one for every
 * normalisation, as far as that, because its statistics are those of all pieces.
 * @param x N × d @throws ShapeError for a single value to normalise by, NonFiniteError; ArgumentError where one is not applied
 */
export function populationMoments(model: Model, theta: Float64Array, x: Tensor): readonly Moments[] {
  const { normalizations } = model.counts;
  const parameters = parametersOf(model, theta);
  const known: Moments[] = [];
  let seen: Running | undefined;
  const learn = (): void => {
    known.push(momentsOf(known.length, seen as Running));
    seen = undefined;
  };
  // Never without moments: no sample depends on the others.
  const pass: Pass = {
    firstSample: 0,
    moments(normalization, value) {
      if (normalization === known.length) {
        seen = merge(seen, untraced(value));
        if (pieces.length > 1) throw SEEN;
        learn();
      }
      return known[normalization];
    },
  };
  const pieces = piecesOf(model, x.shape[0], pass);
  while (known.length < normalizations) {
    const before = known.length;
    for (const [from, to] of pieces) {
      try {
        model.chain.apply(samplesOf(model, x, from, to), parameters, pass);
      } catch (error) {
        if (error !== SEEN) throw error;
      }
    }
    if (seen) learn();
    else if (known.length === before) throw notApplied(before);
  }
  return known;
}

function notApplied(normalization: number): ArgumentError {
  return new ArgumentError({
    expected: `batch normalisation ${normalization + 1} to be applied`,
    got: "a layer that leaves it out",
    next: "apply what context.nested made",
  });
}

/** @throws ShapeError, NonFiniteError */
function momentsOf(normalization: number, { count, mean, squares }: Running): Moments {
  if (count < 2) {
    throw new ShapeError({
      expected: "at least 2 values to normalise by",
      got: "a single sample",
      next: "freeze on more samples",
    });
  }
  const moments = { mean, variance: squares.map((sum) => sum / count) };
  for (const [name, values] of Object.entries(moments)) {
    requireFinite(
      `the ${name} that batch normalisation ${normalization + 1} normalises by`,
      values,
      "scale the inputs, or freeze at another theta",
    );
  }
  return moments;
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
