import {
  type Batch,
  exactHessian,
  lossAndGradient,
  NonFiniteError,
  spectralMoments,
  symmetricEigen,
  type ThreeLayerNet,
  wsBounds,
} from "flatward";

/** An eigenvalue counts as negative below −NEGATIVE_THRESHOLD · max |λ|: rounding leaves about 1e-15 of it. */
export const NEGATIVE_THRESHOLD = 1e-8;

/** What is known of a trained network. */
export interface Subject {
  readonly net: ThreeLayerNet;
  readonly theta: Float64Array;
  readonly train: Batch;
  readonly test: Batch;
  /** Along training; empty unless it was asked for. */
  readonly curve: readonly CurvePoint[];
  /** All eigenvalues of the training loss Hessian, ascending; none where the curvature overflows. */
  readonly eigenvalues: Float64Array;
  /** Median over steps, milliseconds. */
  readonly millisecondsPerStep: number;
}

/** The training loss and its WS bound after `step` steps, on the whole training set. */
export interface CurvePoint {
  readonly step: number;
  readonly trainLoss: number;
  readonly wsBound: number;
}

/** A number measured of a trained network: one column of a table. */
export interface Measure {
  readonly id: string;
  readonly label: string;
  readonly group: "fit" | "curvature";
  /** How a value is shown. */
  readonly format: "number" | "percent" | "count" | "ratio";
  /** Timings differ from run to run; everything else is reproducible to the bit. */
  readonly reproducible: boolean;
  readonly explanation: string;
  of(subject: Subject): number;
}

/** More than a number, kept for pictures and for later use. */
export interface Recording {
  readonly explanation: string;
  of(subject: Subject): readonly number[] | readonly CurvePoint[];
}

const smallest = ({ eigenvalues }: Subject): number => eigenvalues[0] ?? Number.NaN;
const largest = ({ eigenvalues }: Subject): number => eigenvalues[eigenvalues.length - 1] ?? Number.NaN;

const wsBound = ({ net, theta, train }: Subject): number =>
  wsBounds(spectralMoments(net, theta, train)).largest.upper;

/** Every number measured of a trained network. A new one is one row. */
export const measures: readonly Measure[] = [
  {
    id: "trainLoss",
    label: "train loss",
    group: "fit",
    format: "number",
    reproducible: true,
    explanation: "mean training loss, without any penalty",
    of: ({ net, theta, train }) => lossAndGradient(net, theta, train).loss,
  },
  {
    id: "testLoss",
    label: "test loss",
    group: "fit",
    format: "number",
    reproducible: true,
    explanation: "mean loss on the held-out samples",
    of: ({ net, theta, test }) => lossAndGradient(net, theta, test).loss,
  },
  {
    id: "testAccuracy",
    label: "test accuracy",
    group: "fit",
    format: "percent",
    reproducible: true,
    explanation: "share of held-out samples whose most probable class is right",
    of: ({ net, theta, test }) => accuracy(net, theta, test),
  },
  {
    id: "gradientNorm",
    label: "‖∇loss‖",
    group: "fit",
    format: "number",
    reproducible: true,
    explanation: "norm of the gradient of the training loss, without any penalty",
    of: ({ net, theta, train }) =>
      Math.sqrt(lossAndGradient(net, theta, train).gradient.reduce((sum, g) => sum + g * g, 0)),
  },
  {
    id: "millisecondsPerStep",
    label: "ms/step",
    group: "fit",
    format: "number",
    reproducible: false,
    explanation: "median wall-clock time of a training step on this machine",
    of: ({ millisecondsPerStep }) => millisecondsPerStep,
  },
  {
    id: "lambdaMin",
    label: "λ_min",
    group: "curvature",
    format: "number",
    reproducible: true,
    explanation: "smallest eigenvalue of the Hessian of the training loss",
    of: smallest,
  },
  {
    id: "lambdaMax",
    label: "λ_max",
    group: "curvature",
    format: "number",
    reproducible: true,
    explanation: "largest eigenvalue of the Hessian of the training loss",
    of: largest,
  },
  {
    id: "negative",
    label: "negative",
    group: "curvature",
    format: "count",
    reproducible: true,
    explanation: `number of eigenvalues below −${NEGATIVE_THRESHOLD} · max |λ|`,
    of(subject) {
      const size = Math.max(Math.abs(smallest(subject)), Math.abs(largest(subject)));
      if (Number.isNaN(size)) return size;
      return subject.eigenvalues.filter((value) => value < -NEGATIVE_THRESHOLD * size).length;
    },
  },
  {
    id: "wsBound",
    label: "WS bound",
    group: "curvature",
    format: "number",
    reproducible: true,
    explanation: "Wolkowicz–Styan upper bound on λ_max, from tr H and tr H² in closed form",
    of: wsBound,
  },
  {
    id: "tightness",
    label: "WS/λ_max",
    group: "curvature",
    format: "ratio",
    reproducible: true,
    explanation: "the bound over what it bounds, ≥ 1 where λ_max > 0",
    of: (subject) => wsBound(subject) / largest(subject),
  },
];

/** Every recording of a trained network. A new one is one row. */
export const recordings = {
  eigenvalues: {
    explanation: "all eigenvalues of the Hessian of the training loss, ascending",
    of: ({ eigenvalues }) => Array.from(eigenvalues),
  },
  curve: {
    explanation: "training loss and WS bound along training",
    of: ({ curve }) => curve,
  },
  theta: {
    explanation: "the trained parameters",
    of: ({ theta }) => Array.from(theta),
  },
} as const satisfies Record<string, Recording>;

export type RecordingId = keyof typeof recordings;

/** Whatever can be measured, by the name that a plan uses. */
export const measureIds: readonly string[] = [
  ...measures.map((measure) => measure.id),
  ...Object.keys(recordings),
];

/** A subject whose eigenvalues are computed when a measure first asks for them. */
export function subjectOf(trained: Omit<Subject, "eigenvalues">): Subject {
  let eigenvalues: Float64Array | undefined;
  return {
    ...trained,
    get eigenvalues() {
      eigenvalues ??= hessianSpectrum(trained.net, trained.theta, trained.train);
      return eigenvalues;
    },
  };
}

function hessianSpectrum(net: ThreeLayerNet, theta: Float64Array, batch: Batch): Float64Array {
  return unlessNonFinite(() => symmetricEigen(exactHessian(net, theta, batch)).values, new Float64Array(0));
}

/** A diverged run may end where a measure overflows: that is a missing value, and no reason to lose the others. */
export function unlessNonFinite<Result>(compute: () => Result, missing: Result): Result {
  try {
    return compute();
  } catch (error) {
    if (error instanceof NonFiniteError) return missing;
    throw error;
  }
}

function accuracy(net: ThreeLayerNet, theta: Float64Array, { x, y }: Batch): number {
  const labels = y as ArrayLike<number>;
  const { data, shape } = net.predict(theta, x);
  const [count, classes] = shape;
  let right = 0;
  for (let i = 0; i < count; i++) {
    const row = data.subarray(i * classes, (i + 1) * classes);
    if (row.indexOf(Math.max(...row)) === labels[i]) right++;
  }
  return right / count;
}
