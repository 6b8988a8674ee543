import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  activationNames,
  lossNames,
  lossObjective,
  NonFiniteError,
  randomStream,
  ShapeError,
  tensor,
  threeLayerNet,
} from "../../../src/index.js";
import {
  type ParameterLayout,
  randomDirection,
  sliceGrid,
  sliceValues,
} from "../../../src/landscape/index.js";
import { refusals } from "../../refusals.js";
import { quadraticForm } from "../quadratic-form.js";

const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
const theta = net.init(1);
const batch = {
  x: [
    [0, 1],
    [1, 0],
    [2, -1],
  ],
  y: [0, 1, 1],
};
const objective = lossObjective(net, batch);
const plane = [0, 1].map((index) => randomDirection(theta, net.layout, { seed: 4, index }));

describe("A grid", () => {
  it("is symmetric about 0 to the bit, with 0 itself in the middle of an odd number", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
        fc.integer({ min: 2, max: 300 }),
        (range, points) => {
          const grid = sliceGrid({ range, points });
          expect([grid[0], grid[points - 1]]).toEqual([-range, range]);
          grid.forEach((t, i) => {
            expect(t + grid[points - 1 - i]).toBe(0);
            if (i > 0) expect(t).toBeGreaterThan(grid[i - 1]);
          });
          if (points % 2) expect(grid[(points - 1) / 2]).toBe(0);
        },
      ),
    );
  });

  it("runs from one number to another, both included", () => {
    expect(Array.from(sliceGrid({ range: [-0.5, 1.5], points: 5 }))).toEqual([-0.5, 0, 0.5, 1, 1.5]);
    const grid = sliceGrid({ range: [0.1, 0.7], points: 8 });
    expect([grid[0], grid[7]]).toEqual([0.1, 0.7]);
    const widest = Number.MAX_VALUE;
    expect(Array.from(sliceGrid({ range: widest, points: 3 }))).toEqual([-widest, 0, widest]);
    expect(sliceGrid({ range: 1e308, points: 41 }).every(Number.isFinite)).toBe(true);
  });
});

describe("A slice", () => {
  it("of a quadratic form in dyadic numbers has its values to the bit", () => {
    // Oracle: (x, y) ↦ ½ (θ + x d + y e)ᵀA(θ + x d + y e) + b(…), multiplied out by hand; no number needs rounding.
    const form = quadraticForm(tensor(Float64Array.from([2, 1, 1, 3]), [2, 2]), Float64Array.from([-1, 4]));
    const at = Float64Array.from([1, -2]);
    const directions = [Float64Array.from([1, 1]), Float64Array.from([0.5, -2])];
    const axes = [sliceGrid({ range: 2, points: 9 }), sliceGrid({ range: [-1, 3], points: 5 })];
    const { shape, values, missing } = sliceValues(form.value, at, directions, axes);
    expect(shape).toEqual([5, 9]);
    expect(missing).toBe(0);
    axes[1].forEach((y, j) => {
      axes[0].forEach((x, i) => {
        // ½θᵀAθ + bᵀθ = −4; ∇ = Aθ + b = (−1, −1): −2 along d, 1.5 along e. dᵀAd = 7, eᵀAe = 10.5, dᵀAe = −6.5.
        expect(values[9 * j + i]).toBe(-4 - 2 * x + 1.5 * y + 3.5 * x * x + 5.25 * y * y - 6.5 * x * y);
      });
    });
  });

  it("has the loss at theta in its middle, to the bit, for every activation and loss", () => {
    for (const activation of activationNames)
      for (const loss of lossNames) {
        const any = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2, activation, loss });
        const { value } = lossObjective(any, {
          ...batch,
          y: [
            [0, 1],
            [1, 0],
            [1, 0],
          ],
        });
        const axis = sliceGrid({ range: 1, points: 5 });
        expect(sliceValues(value, theta, plane, [axis, axis]).values[12]).toBe(value(theta));
        expect(sliceValues(value, theta, [plane[1]], [axis]).values[2]).toBe(value(theta));
      }
  });

  it("has rows that are the same bits when each is computed alone", () => {
    const [x, y] = [sliceGrid({ range: 1, points: 6 }), sliceGrid({ range: [-2, 1], points: 4 })];
    const whole = sliceValues(objective.value, theta, plane, [x, y]);
    for (let j = 0; j < 4; j++) {
      const row = sliceValues(objective.value, theta, plane, [x, y.subarray(j, j + 1)]);
      expect(row.shape).toEqual([1, 6]);
      expect(row.values).toEqual(whole.values.subarray(6 * j, 6 * j + 6));
    }
  });

  it("has theta itself at coordinates 0, the signs of its zeros included", () => {
    const seen: number[] = [];
    const see = (at: Float64Array) => {
      seen.push(1 / at[0]);
      return 0;
    };
    sliceValues(see, Float64Array.of(-0), [Float64Array.of(1), Float64Array.of(0)], [[0, 1], [-0]]);
    expect(seen).toEqual([Number.NEGATIVE_INFINITY, 1]);
  });

  it("leaves theta and the directions as they were", () => {
    const before = [theta, ...plane].map((v) => v.slice());
    sliceValues(objective.value, theta, plane, [[-1, 1], [2]]);
    expect([theta, ...plane]).toEqual(before);
  });

  it("has gaps where the function is not finite, and counts them", () => {
    const root = sliceValues(
      (at) => Math.log(at[0]),
      Float64Array.of(1),
      [Float64Array.of(1)],
      [[-2, -1, 0, 1]],
    );
    expect(Array.from(root.values)).toEqual([Number.NaN, Number.NaN, 0, Math.log(2)]);
    expect(root.missing).toBe(2);
    const poisson = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2, loss: "poisson" });
    const { value } = lossObjective(poisson, {
      ...batch,
      y: [
        [0, 1],
        [1, 0],
        [1, 0],
      ],
    });
    expect(sliceValues(value, theta, [plane[0]], [[0, 1e6]]).missing).toBe(1);
    const broken = () => {
      throw new RangeError("of another kind");
    };
    expect(() => sliceValues(broken, theta, [plane[0]], [[0]])).toThrow("of another kind");
  });
});

describe("A slice along filter-normalised directions", () => {
  // A ReLU network with biases, written out here: layers may be scaled against each other and compute the same.
  const extents = [3, 5, 4, 2];
  const layout: ParameterLayout = (() => {
    let offset = 0;
    return extents.slice(1).flatMap((outputs, l) =>
      [[outputs, extents[l]], [outputs]].map((shape) => {
        const tensorOf = { name: `${l}`, shape, offset };
        offset += shape.reduce((product, extent) => product * extent, 1);
        return tensorOf;
      }),
    );
  })();
  const size = 20 + 24 + 10;
  const inputs = Array.from({ length: 6 }, (_, i) => [Math.sin(i), Math.cos(2 * i), 1 - i / 3]);
  const reluLoss = (at: Float64Array): number => {
    let loss = 0;
    for (const [sample, input] of inputs.entries()) {
      let signal = input;
      for (let l = 0; l < 3; l++) {
        const [weights, biases] = [layout[2 * l], layout[2 * l + 1]];
        const [outputs, width] = weights.shape;
        signal = Array.from({ length: outputs }, (_, k) => {
          let z = at[biases.offset + k];
          for (let c = 0; c < width; c++) z += at[weights.offset + k * width + c] * signal[c];
          return l < 2 ? Math.max(z, 0) : z;
        });
      }
      loss += Math.log1p(Math.exp((sample % 2 ? 1 : -1) * (signal[0] - signal[1]))) / inputs.length;
    }
    return loss;
  };
  const stream = randomStream(9, "relu");
  const at = Float64Array.from({ length: size }, () => stream.normal());
  /** Layers scaled by α, β and 1/αβ: the same function. */
  const scaled = (alpha: number, beta: number): Float64Array => {
    const weights = [alpha, beta, 1 / (alpha * beta)];
    const biases = [alpha, alpha * beta, 1];
    const out = at.slice();
    layout.forEach(({ shape, offset }, i) => {
      const factor = (i % 2 ? biases : weights)[i >> 1];
      const count = shape.reduce((product, extent) => product * extent, 1);
      for (let k = offset; k < offset + count; k++) out[k] *= factor;
    });
    return out;
  };
  const axis = sliceGrid({ range: 1, points: 9 });
  const slice = (point: Float64Array, normalization: "filter" | "unit") => {
    const directions = [0, 1].map((index) => randomDirection(point, layout, { index, normalization }));
    return sliceValues(reluLoss, point, directions, [axis, axis]).values;
  };

  it("does not change when the layers of a ReLU network are scaled against each other", () => {
    // Powers of two: not one rounding differs.
    expect(slice(scaled(8, 1 / 16), "filter")).toEqual(slice(at, "filter"));
    const [other, before] = [slice(scaled(3, 0.7), "filter"), slice(at, "filter")];
    other.forEach((value, i) => {
      expect(Math.abs(value - before[i])).toBeLessThan(1e-13);
    });
  });

  it("does change along directions of fixed length, which is what normalisation is for", () => {
    const [other, before] = [slice(scaled(8, 1 / 16), "unit"), slice(at, "unit")];
    expect(Math.max(...other.map((value, i) => Math.abs(value - before[i])))).toBeGreaterThan(0.1);
  });
});

describe("An ArgumentError refuses, of slices,", () => {
  const { value } = objective;
  refusals(ArgumentError, "invalid-argument", [
    ["no options", () => sliceGrid(undefined as never), /\{ range, points \}/],
    ["one point", () => sliceGrid({ range: 1, points: 1 }), /points to be an integer ≥ 2/],
    ["no range", () => sliceGrid({ range: 0, points: 3 }), /range to be a finite number > 0/],
    ["a range backwards", () => sliceGrid({ range: [1, 0], points: 3 }), /end of range .*> 1/],
    ["a range to infinity", () => sliceGrid({ range: [0, Infinity], points: 3 }), /end of range/],
    [
      "a range too narrow for its points",
      () => sliceGrid({ range: [1, 1 + 2 ** -52], points: 3 }),
      /3 different numbers/,
    ],
    ["subnormal ends", () => sliceGrid({ range: 5e-324, points: 5 }), /wider, or take fewer/],
    ["no function", () => sliceValues(objective as never, theta, plane, [[0], [0]]), /objective\.value/],
    ["three directions", () => sliceValues(value, theta, [theta, theta, theta], []), /one or two directions/],
    ["no directions", () => sliceValues(value, theta, undefined as never, []), /one or two directions/],
    ["an empty axis", () => sliceValues(value, theta, [theta], [[]]), /length of an axis .*≥ 1, got 0/],
    ["NaN in an axis", () => sliceValues(value, theta, [theta], [[Number.NaN]]), /a coordinate/],
  ]);
});

describe("A ShapeError refuses, of slices,", () => {
  const { value } = objective;
  refusals(ShapeError, "shape-mismatch", [
    ["one axis for two directions", () => sliceValues(value, theta, plane, [[0]]), /2 lists of coordinates/],
    [
      "a direction of another size",
      () => sliceValues(value, theta, [new Float64Array(1)], [[0]]),
      /direction/,
    ],
    ["theta as a plain array", () => sliceValues(value, [0] as never, plane, [[0]]), /theta/],
  ]);
});

describe("A NonFiniteError refuses, of slices,", () => {
  const infinite = theta.map(() => Number.POSITIVE_INFINITY);
  refusals(NonFiniteError, "non-finite", [
    ["infinite parameters", () => sliceValues(objective.value, infinite, plane, [[0], [0]]), /theta/],
    ["an infinite direction", () => sliceValues(objective.value, theta, [infinite], [[0]]), /direction/],
  ]);
});
