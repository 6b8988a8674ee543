import { ArgumentError, inFunction, requireFinite, requireNumber } from "../errors.js";
import { symmetricEigen } from "../linalg/dense/eigh.js";
import {
  type SymmetryOptions,
  symmetricCopy,
  symmetricPartOf,
  symmetryToleranceOf,
} from "../linalg/dense/symmetric-part.js";
import { requireOptions } from "../options.js";
import { gemm } from "../tensor/matmul.js";
import { powerOfTwoNear } from "../tensor/power-of-two.js";
import { maxAbs } from "../tensor/reduce.js";
import { asMatrix, type MatrixLike, type Tensor, transpose, zeros } from "../tensor/view.js";

/** What a covariance's eigenvalues may fall below 0, relative to its largest entry. */
const ROUNDING = 1e-10;

export interface StationaryOptions extends SymmetryOptions {
  /** Eigenvalues within ±tolerance·max |λ| are flat. ≥ 0, default 1e-8. */
  readonly tolerance?: number | undefined;
}

export interface LangevinOptions extends StationaryOptions {
  /** T ≥ 0. */
  readonly temperature: number;
  /** α > 0 of noisy gradient descent; without it, time is continuous. */
  readonly learningRate?: number | undefined;
}

export interface SgdCovarianceOptions extends StationaryOptions {
  /** α > 0. */
  readonly learningRate: number;
}

/** The stationary law around a minimum, on the eigenspace of positive eigenvalues. */
export interface StationaryCovariance {
  /** (n,n), symmetric to the bit; 0 across and along the eigenvectors that follow. */
  readonly covariance: Tensor;
  /** Positive eigenvalues: the dimension of the stationary law. */
  readonly positive: number;
  /** Flat directions: along these θ diffuses, and has no stationary law. */
  readonly flat: number;
  /** Negative eigenvalues: along these θ runs away, and what the covariance describes does not last. */
  readonly negative: number;
}

/**
 * The stationary covariance of Langevin dynamics dθ = −Hθ dt + √(2T) dB around a minimum: T·H⁻¹. With a learning rate α, of
 * noisy gradient descent θ ← θ − αHθ + √(2αT)·ξ, ξ ~ N(0, I): T·[H(I − αH/2)]⁻¹, exactly on a quadratic. Where some
 * eigenvalue is not positive it is that of the others, and `flat` and `negative` say so.
 * @param hessian (n,n), symmetric
 * @throws ArgumentError, as where αλ_max ≥ 2, so that θ diverges; ShapeError, SymmetryError, NonFiniteError
 * @example
 * import { langevinCovariance } from "flatward/landscape";
 * const { covariance } = langevinCovariance([[4, 0], [0, 1]], { temperature: 0.1 }); // T·H⁻¹
 * console.log(Array.from(covariance.data)); // → [ 0.025, 0, 0, 0.1 ]
 */
export function langevinCovariance(hessian: MatrixLike, options: LangevinOptions): StationaryCovariance {
  return inFunction("langevinCovariance", () => {
    requireOptions(
      options,
      ["temperature", "learningRate", "tolerance", "symmetryTolerance"],
      "at least { temperature }",
    );
    const { learningRate } = options;
    const temperature = requireNumber("temperature", options.temperature, { atLeast: 0 });
    const rate = learningRate === undefined ? 0 : requireNumber("learningRate", learningRate, { above: 0 });
    const twice = 2 * temperature;
    return stationaryCovariance(hessian, rate, options, () => (i, j) => (i === j ? twice : 0));
  });
}

/**
 * The stationary covariance Σ of θ ← θ − α(Hθ + ξ) around a minimum, ξ white with covariance C: the solution of
 * HΣ + ΣH − αHΣH = αC, exact on a quadratic. Without −αHΣH it is that of the Ornstein–Uhlenbeck process that Mandt,
 * Hoffman & Blei 2017 (JMLR 18) take for SGD. C = 2T/α·I gives `langevinCovariance`.
 * @param hessian (n,n), symmetric @param noise C (n,n), symmetric, positive semidefinite, as `gradientNoise` finds it
 * @throws ArgumentError, as where αλ_max ≥ 2, so that θ diverges, or where C has a negative eigenvalue; ShapeError,
 *   SymmetryError, NonFiniteError
 * @example
 * import { sgdCovariance } from "flatward/landscape";
 * const { covariance } = sgdCovariance([[1]], [[2]], { learningRate: 0.1 }); // αC/(2H − αH²) = 0.2/1.9
 * console.log(covariance.data[0].toFixed(6)); // → 0.105263
 */
export function sgdCovariance(
  hessian: MatrixLike,
  noise: MatrixLike,
  options: SgdCovarianceOptions,
): StationaryCovariance {
  return inFunction("sgdCovariance", () => {
    requireOptions(options, ["learningRate", "tolerance", "symmetryTolerance"], "at least { learningRate }");
    const rate = requireNumber("learningRate", options.learningRate, { above: 0 });
    const matrix = symmetricCopy(
      "noise",
      noise,
      symmetryToleranceOf({ symmetryTolerance: options.symmetryTolerance }),
    );
    const [least] = symmetricEigen(matrix).values;
    if (least < -ROUNDING * maxAbs(matrix.data)) {
      throw new ArgumentError({
        expected: "noise to be a covariance, without negative eigenvalues",
        got: String(least),
      });
    }
    return stationaryCovariance(hessian, rate, options, (vectors) => {
      const n = vectors.shape[0];
      asMatrix("noise", matrix, [n, n]);
      const rotated = congruent(transpose(vectors), matrix);
      return (i, j) => rate * rotated.data[i * n + j];
    });
  });
}

/** In H's eigenbasis: Σ_ij = N_ij/(λ_i + λ_j − αλ_iλ_j), N the noise that time brings. */
function stationaryCovariance(
  hessian: MatrixLike,
  rate: number,
  { tolerance = 1e-8, symmetryTolerance }: StationaryOptions,
  noiseIn: (vectors: Tensor) => (i: number, j: number) => number,
): StationaryCovariance {
  requireNumber("tolerance", tolerance, { atLeast: 0 });
  const matrix = symmetricCopy("hessian", hessian, symmetryToleranceOf({ symmetryTolerance }));
  const { values, vectors } = symmetricEigen(matrix, { vectors: true });
  const n = values.length;
  const noise = noiseIn(vectors);
  const small = tolerance * maxAbs(values);
  const largest = values[n - 1];
  if (rate * largest >= 2) {
    throw new ArgumentError({
      expected: `learningRate < 2/λ_max = ${2 / largest}`,
      got: `${rate}`,
      next: "beyond, gradient descent diverges and nothing is stationary",
    });
  }
  const first = values.findIndex((value) => value > small);
  const from = first < 0 ? n : first;
  // Sums of eigenvalues may overflow.
  const unit = powerOfTwoNear(maxAbs(values));
  const scaled = values.map((value) => value / unit);
  const spread = zeros([n, n]);
  for (let i = from; i < n; i++) {
    for (let j = from; j < n; j++) {
      spread.data[i * n + j] = noise(i, j) / unit / (scaled[i] + scaled[j] - rate * values[i] * scaled[j]);
    }
  }
  const covariance = congruent(vectors, spread);
  requireFinite("the covariance", covariance.data, "raise tolerance");
  const negative = values.filter((value) => value < -small).length;
  return { covariance, positive: n - from, flat: from - negative, negative };
}

/** A B Aᵀ for symmetric B, symmetric to the bit. */
function congruent(a: Tensor, b: Tensor): Tensor {
  const n = a.shape[0];
  const half = zeros([n, n]);
  gemm(half, a, b);
  const whole = zeros([n, n]);
  gemm(whole, half, transpose(a));
  return symmetricPartOf(whole);
}
