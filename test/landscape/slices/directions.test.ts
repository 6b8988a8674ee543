import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  exactHessian,
  lossObjective,
  NonFiniteError,
  randomStream,
  ShapeError,
  symmetricEigen,
  threeLayerNet,
} from "../../../src/index.js";
import * as landscape from "../../../src/landscape/index.js";
import {
  directionCosine,
  type ParameterLayout,
  randomDirection,
  sliceValues,
} from "../../../src/landscape/index.js";
import { euclidean } from "../../oracles/compare.js";
import { column, diagonalMatrix, inner } from "../../oracles/plain-matrix.js";
import { refusals } from "../../refusals.js";
import { quadraticForm } from "../quadratic-form.js";

/** Tensors of the shapes that networks have, one after the other. */
function layoutOf(shapes: readonly (readonly number[])[]): { layout: ParameterLayout; size: number } {
  let size = 0;
  const layout = shapes.map((shape, i) => {
    const offset = size;
    size += shape.reduce((product, extent) => product * extent, 1);
    return { name: String(i), shape, offset };
  });
  return { layout, size };
}

const shapes = fc.array(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }), {
  minLength: 1,
  maxLength: 5,
});
const gaussian = (size: number, seed: number): Float64Array => {
  const stream = randomStream(seed, "test");
  return Float64Array.from({ length: size }, () => stream.normal());
};
/** The filters of a layout, by the definition: entries that share the first index of a tensor with two or more. */
const filtersOf = (layout: ParameterLayout) =>
  layout
    .filter(({ shape }) => shape.length > 1)
    .flatMap(({ shape, offset }) => {
      const width = shape.slice(1).reduce((product, extent) => product * extent, 1);
      return Array.from({ length: shape[0] }, (_, i) => [offset + i * width, offset + (i + 1) * width]);
    });
const vectorsOf = (layout: ParameterLayout) =>
  layout.filter(({ shape }) => shape.length === 1).map(({ shape, offset }) => [offset, offset + shape[0]]);
const close = (a: number, b: number): void =>
  expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-14 * Math.abs(b));

const net = threeLayerNet({ inputs: 3, hidden: 4, outputs: 2 });
const theta = net.init(3);
const batch = { x: [0, 1, 2, 3].map((i) => [Math.sin(i), Math.cos(i), i / 4]), y: [0, 1, 1, 0] };
const objective = lossObjective(net, batch);

describe("A random direction", () => {
  it("has filters as long as theta's, and no biases", () => {
    fc.assert(
      fc.property(shapes, fc.nat(1000), (extents, seed) => {
        const { layout, size } = layoutOf(extents);
        const at = gaussian(size, seed);
        const direction = randomDirection(at, layout, { seed });
        for (const [from, to] of filtersOf(layout))
          close(euclidean(direction.subarray(from, to)), euclidean(at.subarray(from, to)));
        for (const [from, to] of vectorsOf(layout))
          expect(direction.subarray(from, to).every((entry) => entry === 0)).toBe(true);
      }),
    );
  });

  it("has biases scaled once, each vector as a whole, where that is asked for", () => {
    fc.assert(
      fc.property(shapes, fc.nat(1000), (extents, seed) => {
        const { layout, size } = layoutOf(extents);
        const at = gaussian(size, seed);
        const drawn = gaussian(size, seed + 1);
        const direction = landscape.normalizedDirection(drawn, at, layout, { vectors: "normalize" });
        for (const [from, to] of [...filtersOf(layout), ...vectorsOf(layout)]) {
          const [own, wanted] = [drawn, at].map((v) => euclidean(v.subarray(from, to)));
          for (let i = from; i < to; i++)
            expect(Math.abs(direction[i] - (wanted / own) * drawn[i])).toBeLessThanOrEqual(1e-14 * wanted);
        }
      }),
    );
  });

  it("is as long as each tensor, as theta, or as 1, where that is asked for", () => {
    const drawn = gaussian(net.size, 1);
    const layer = landscape.normalizedDirection(drawn, theta, net.layout, { normalization: "layer" });
    close(euclidean(layer.subarray(0, 12)), euclidean(theta.subarray(0, 12)));
    expect(layer.subarray(12, 16)).toEqual(new Float64Array(4));
    const network = landscape.normalizedDirection(drawn, theta, net.layout, { normalization: "network" });
    close(euclidean(network), euclidean(theta));
    const unit = landscape.normalizedDirection(drawn, theta, net.layout, { normalization: "unit" });
    close(euclidean(unit), 1);
    close(directionCosine(network, drawn), 1);
    expect(unit.every((entry) => entry !== 0)).toBe(true);
  });

  it("is drawn from a Gaussian: fourth moment 3, where a uniform one has 1.8", () => {
    const { layout, size } = layoutOf([[1, 40_000]]);
    const drawn = randomDirection(new Float64Array(size).fill(1), layout);
    const moment = (power: number) => drawn.reduce((sum, entry) => sum + entry ** power, 0) / size;
    // The norm is fixed, so that the variance is 1; five standard deviations √(96/n) of the fourth moment.
    close(moment(2), 1);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / size));
    expect(Math.abs(moment(1))).toBeLessThan(5 / Math.sqrt(size));
  });

  it("is the same for the same seed and index, and independent for others", () => {
    const { layout, size } = layoutOf([[1, 40_000]]);
    const at = new Float64Array(size).fill(1);
    const draw = (seed: number, index: number) => randomDirection(at, layout, { seed, index });
    expect(draw(5, 1)).toEqual(draw(5, 1));
    for (const other of [draw(5, 0), draw(6, 1)])
      expect(Math.abs(directionCosine(draw(5, 1), other))).toBeLessThan(5 / Math.sqrt(size));
  });

  it("stays 0 where a filter of theta is 0, and changes nothing that it was given", () => {
    const { layout, size } = layoutOf([[2, 3]]);
    const at = Float64Array.from([0, 0, 0, 1, 2, 2]);
    const drawn = gaussian(size, 1);
    const before = drawn.slice();
    const direction = landscape.normalizedDirection(drawn, at, layout);
    expect(Array.from(direction.subarray(0, 3))).toEqual([0, 0, 0]);
    close(euclidean(direction), 3);
    expect(drawn).toEqual(before);
    expect(at).toEqual(Float64Array.from([0, 0, 0, 1, 2, 2]));
  });
});

describe("Directions of eigenvectors", () => {
  const values = [-3, -1, 0, 2, 5, 7];
  const form = quadraticForm(diagonalMatrix(values), new Float64Array(6));
  const at = new Float64Array(6);

  it("come from the end or ends that were asked for, outermost first", () => {
    const of = (which: "largest" | "smallest" | "both", k: number) =>
      landscape.eigenvectorDirections(form, at, { which, k }).values.map((value) => Math.round(value) + 0);
    expect(of("largest", 2)).toEqual([7, 5]);
    expect(of("smallest", 2)).toEqual([-3, -1]);
    expect(of("both", 2)).toEqual([7, 5, -3, -1]);
    expect(of("both", 3)).toEqual([7, 5, 2, -3, -1, 0]);
  });

  it("are those of the dense Hessian, with the entry largest in size positive", () => {
    const { directions, values: found, status } = landscape.eigenvectorDirections(objective, theta, { k: 2 });
    const dense = symmetricEigen(exactHessian(net, theta, batch), { vectors: true });
    expect(status).toBe("converged");
    for (const [i, direction] of directions.entries()) {
      const expected = column(dense.vectors, net.size - 1 - i);
      expect(Math.abs(inner(direction, expected))).toBeGreaterThan(1 - 1e-12);
      close(euclidean(direction), 1);
      expect(Math.max(...direction)).toBe(Math.max(...direction.map(Math.abs)));
      const { curvature } = landscape.directionalDerivatives(objective, theta, direction);
      expect(Math.abs(curvature - found[i])).toBeLessThanOrEqual(1e-12 * found[0]);
    }
    expect(Math.abs(inner(directions[0], directions[1]))).toBeLessThan(1e-14);
  });
});

describe("The derivatives along a direction", () => {
  it("are those of a slice: differences come near them with the square of the step", () => {
    const direction = randomDirection(theta, net.layout, { seed: 2 });
    const { slope, curvature } = landscape.directionalDerivatives(objective, theta, direction);
    const errors = [0.04, 0.02, 0.01].map((step) => {
      const { values } = sliceValues(objective.value, theta, [direction], [[-step, 0, step]]);
      return [
        (values[2] - values[0]) / (2 * step) - slope,
        (values[2] - 2 * values[1] + values[0]) / (step * step) - curvature,
      ];
    });
    for (const part of [0, 1])
      for (const i of [0, 1]) expect(errors[i][part] / errors[i + 1][part]).toBeCloseTo(4, 1);
  });
});

describe("A direction made orthogonal to another", () => {
  it("keeps its length, and says what the cosine was", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 30 }), fc.nat(1000), (size, seed) => {
        const [a, b] = [gaussian(size, seed), gaussian(size, seed + 1)];
        const { direction, cosine } = landscape.orthogonalDirection(b, a);
        close(euclidean(direction), euclidean(b));
        expect(Math.abs(inner(direction, a))).toBeLessThanOrEqual(1e-13 * euclidean(a) * euclidean(b));
        expect(Math.abs(cosine - inner(a, b) / (euclidean(a) * euclidean(b)))).toBeLessThan(1e-14);
        expect(cosine).toBe(directionCosine(b, a));
      }),
    );
  });
});

describe("The line between two points", () => {
  it("is at the one for 0, to the bit, and at the other for 1", () => {
    const to = net.init(8);
    const direction = landscape.lineDirection(theta, to);
    const ends = sliceValues(objective.value, theta, [direction], [[0, 1]]).values;
    expect(ends[0]).toBe(objective.value(theta));
    close(ends[1], objective.value(to));
  });
});

describe("An ArgumentError refuses, of directions,", () => {
  refusals(ArgumentError, "invalid-argument", [
    [
      "an unknown normalization",
      () => randomDirection(theta, net.layout, { normalization: "weight" as never }),
      /normalizedDirection: .*normalization to be one of filter, layer, network, unit, got "weight"/,
    ],
    [
      "a wrong choice for biases",
      () => randomDirection(theta, net.layout, { vectors: "ignore" as never }),
      /vectors to be one of zero, normalize/,
    ],
    ["a negative seed", () => randomDirection(theta, net.layout, { seed: -1 }), /randomDirection: .*seed/],
    ["a seed for options", () => randomDirection(theta, net.layout, 1 as never), /options to be an object/],
    ["no layout", () => randomDirection(theta, undefined as never), /layout .*net\.layout/],
    [
      "a line between one point",
      () => landscape.lineDirection(theta, theta),
      /lineDirection: .*have a length/,
    ],
    [
      "parallel directions",
      () =>
        landscape.orthogonalDirection(
          theta,
          theta.map((entry) => -2 * entry),
        ),
      /not parallel, got a cosine of -1/,
    ],
    [
      "a direction whose length no number is",
      () =>
        landscape.normalizedDirection(
          theta.map(() => 1.7e308),
          theta,
          net.layout,
          { normalization: "unit" },
        ),
      /normalizedDirection: .*length to be a finite number/,
    ],
    ["no direction", () => directionCosine(new Float64Array(3), new Float64Array(3)), /have a length/],
    [
      "an objective without products",
      () =>
        landscape.eigenvectorDirections({ ...objective, hessianVectorProduct: undefined as never }, theta),
      /hessianVectorProduct/,
    ],
  ]);
});

describe("A ShapeError refuses, of directions,", () => {
  refusals(ShapeError, "shape-mismatch", [
    ["a plain array", () => randomDirection([1, 2] as never, net.layout), /theta to be a Float64Array/],
    [
      "another size",
      () => landscape.normalizedDirection(new Float64Array(2), theta, net.layout),
      /direction to be a Float64Array of length 26/,
    ],
    ["a layout of another network", () => randomDirection(new Float64Array(5).fill(1), net.layout), /layout/],
    ["two sizes", () => landscape.lineDirection(theta, new Float64Array(2)), /to to be a Float64Array/],
    ["nothing", () => landscape.lineDirection(undefined as never, theta), /from to be a Float64Array/],
  ]);
});

describe("A NonFiniteError refuses, of directions,", () => {
  const bad = theta.map((entry, i) => (i === 3 ? Number.NaN : entry));
  const vast = Float64Array.of(1.7e308, 1.7e308);
  refusals(NonFiniteError, "non-finite", [
    ["NaN in theta", () => randomDirection(bad, net.layout), /theta to be finite, got NaN at index 3/],
    ["NaN in a line", () => landscape.lineDirection(theta, bad), /to to be finite/],
    [
      "NaN in a direction",
      () => landscape.directionalDerivatives(objective, theta, bad),
      /direction to be finite/,
    ],
    [
      "NaN in the gradient",
      () => landscape.directionalDerivatives({ ...objective, gradient: () => bad }, theta, theta),
      /directionalDerivatives: expected the gradient to be finite/,
    ],
    [
      "a line that is too long",
      () => landscape.lineDirection(Float64Array.of(-1.7e308), Float64Array.of(1.7e308)),
      /line/,
    ],
    ["a length that no number is", () => directionCosine(vast, vast), /finite length, got Infinity/],
  ]);
});
