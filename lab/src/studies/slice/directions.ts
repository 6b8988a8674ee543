import { lossObjective } from "flatward";
import {
  directionalDerivatives,
  directionCosine,
  eigenvectorDirections,
  lineDirection,
  normalizedDirection,
  orthogonalDirection,
  randomDirection,
  sliceGrid,
  trajectoryDirections,
} from "flatward/landscape";
import type { IterationStatus } from "flatward/linalg";
import { norm } from "flatward/tensor";
import { LabError } from "../../errors.js";
import type { MethodConfig } from "../../experiment/methods.js";
import { minus } from "../../report/format.js";
import type { Trajectory } from "../../sweep/replay.js";
import type { SliceNetwork } from "./functions.js";
import { defaultNormalization, type SliceOptions } from "./options.js";

/** Where a slice is taken. */
export interface SliceCentre extends SliceNetwork {
  readonly theta: Float64Array;
  /** The training that led here, once more. */
  replay(snapshots: number): Trajectory;
}

/** Another solution, to which the first direction leads. */
export interface SliceTarget {
  /** Its identity. */
  readonly cell: string;
  /** What pictures call it. */
  readonly name: string;
  readonly theta: Float64Array;
  /** Of the training that ended there: it draws the split. */
  readonly seed: number;
  /** What it was trained on, by name. */
  readonly data: string;
  /** Whether that is the training part of the centre. */
  readonly sameData: boolean;
  /** How it was trained. */
  readonly method: MethodConfig;
  /** The training that led there, once more. */
  replay(snapshots: number): Trajectory;
}

/** What is told of it. */
export type SliceEnd = Omit<SliceTarget, "theta" | "method" | "replay">;

export interface Eigenpair {
  readonly residual: number;
  readonly status: IterationStatus;
}

/** Facts about one direction. */
export interface DirectionFacts {
  /** As the picture names it. */
  readonly name: string;
  /** ‖d‖. */
  readonly length: number;
  /** ∇Lᵀd/‖d‖ at the centre. */
  readonly slope: number;
  /** dᵀH d/‖d‖² at the centre. */
  readonly curvature: number;
  /** Of an eigenvector v: ‖Hv − λv‖, and how the search for it ended. */
  readonly eigenvector?: Eigenpair;
}

/** A point of a training, in the plane. */
export interface PathPoint {
  readonly step: number;
  readonly coordinates: readonly number[];
  /** The training loss at the point itself, which lies in the plane only nearly. */
  readonly loss: number;
}

/** Line or plane, and the grid on it. */
export interface SlicePlane {
  readonly directions: readonly Float64Array[];
  readonly axes: readonly Float64Array[];
  readonly facts: readonly DirectionFacts[];
  /** Between the two directions; null where there is one. */
  readonly cosine: number | null;
  /** Between them as they were drawn, where the second was made orthogonal. */
  readonly cosineBefore?: number;
  readonly path?: readonly PathPoint[];
  /** Of the training that led to the other solution. */
  readonly otherPath?: readonly PathPoint[];
}

/** One direction before it is measured. */
interface Named {
  readonly name: string;
  readonly vector: Float64Array;
  readonly eigenvector?: Eigenpair;
}

/** Share of a path's extent that is seen on either side of it. */
const MARGIN = 0.2;
/** Of a line between two solutions: as much beyond either end as lies half-way between. */
const LINE_RANGE = [-0.5, 1.5] as const;

/** The directions that the options ask for, their grid, and what the loss does along them at the centre. @throws LabError, FlatwardError */
export function planeOf(centre: SliceCentre, options: SliceOptions, target?: SliceTarget): SlicePlane {
  const { theta } = centre;
  if (options.directions === "trajectory" && target) return throughBoth(centre, target, options);
  const { path, named: own } =
    options.directions === "trajectory" ? alongPath(centre, options) : { named: drawn(centre, options) };
  const named = target
    ? [{ name: `to ${target.name}`, vector: lineDirection(theta, target.theta) }, ...own]
    : [...own];
  const [first, second] = named.slice(0, options.dimensions);
  const chosen = second ? [first, second] : [first];
  let cosineBefore: number | undefined;
  if (second && (target || options.orthogonal)) {
    const { direction, cosine } = orthogonalDirection(second.vector, first.vector);
    cosineBefore = cosine;
    // A plane through two solutions has one scale.
    const scale = target ? norm(first.vector) / norm(direction) : 1;
    chosen[1] = { ...second, vector: direction.map((entry) => scale * entry) };
  }
  const directions = chosen.map(({ vector }) => vector);
  return {
    directions,
    axes: directions.map((_, k) => gridOf(options, k, target !== undefined, path)),
    facts: factsOf(centre, chosen),
    cosine: second ? directionCosine(directions[0], directions[1]) : null,
    ...(cosineBefore === undefined ? {} : { cosineBefore }),
    ...(path ? { path } : {}),
  };
}

/** What the loss does along directions at the centre. */
function factsOf({ net, train, theta }: SliceCentre, chosen: readonly Named[]): DirectionFacts[] {
  const objective = lossObjective(net, train);
  return chosen.map(({ name, vector, eigenvector }) => {
    const length = norm(vector);
    const { slope, curvature } = directionalDerivatives(objective, theta, vector);
    return {
      name,
      length,
      slope: slope / length,
      // The square of a length may overflow.
      curvature: curvature / length / length,
      ...(eigenvector ? { eigenvector } : {}),
    };
  });
}

/** The plane of two trainings: through both ends and the start of the first, with the paths of both. */
function throughBoth(centre: SliceCentre, target: SliceTarget, options: SliceOptions): SlicePlane {
  const { theta } = centre;
  const own = centre.replay(options.snapshots);
  const other = target.replay(options.snapshots);
  const across = lineDirection(theta, target.theta);
  const back = orthogonalDirection(lineDirection(theta, own.thetas[0]), across);
  const scale = norm(across) / norm(back.direction);
  const directions = [across, back.direction.map((entry) => scale * entry)];
  const pathOf = ({ steps, thetas, losses }: Trajectory): PathPoint[] =>
    thetas.map((point, i) => ({
      step: steps[i],
      coordinates: directions.map((direction) => share(point, theta, direction)),
      loss: losses[i],
    }));
  const [path, otherPath] = [pathOf(own), pathOf(other)];
  return {
    directions,
    axes: directions.map((_, k) => gridOf(options, k, true, [...path, ...otherPath])),
    facts: factsOf(centre, [
      { name: `to ${target.name}`, vector: directions[0] },
      { name: "to the start", vector: directions[1] },
    ]),
    cosine: directionCosine(directions[0], directions[1]),
    cosineBefore: back.cosine,
    path,
    otherPath,
  };
}

/** How far a point lies from another along a direction, in multiples of it. */
function share(point: Float64Array, from: Float64Array, direction: Float64Array): number {
  const length = norm(direction);
  return direction.reduce((sum, entry, i) => sum + (entry / length) * ((point[i] - from[i]) / length), 0);
}

/** Random directions or eigenvectors, as many as a slice has dimensions. */
function drawn({ net, theta, sample }: SliceCentre, options: SliceOptions): readonly Named[] {
  const { directions: kind, normalization = defaultNormalization(kind), biases, which, seed } = options;
  if (kind === "random")
    return [0, 1].map((index) => ({
      name: `random ${index + 1}`,
      vector: randomDirection(theta, net.layout, { seed, index, normalization, vectors: biases }),
    }));
  const k = which === "both" ? 1 : 2;
  const found = eigenvectorDirections(lossObjective(net, sample), theta, { which, k });
  const { directions, values, residuals, status } = found;
  if (directions.length < options.dimensions)
    throw new LabError("data", `only ${directions.length} of the eigenvectors was found (${status})`);
  // The search of an invariant subspace went as far as rounding allows.
  const sure = status === "converged" || status === "invariant-subspace";
  return directions.map((direction, i) => ({
    name: eigenvectorName(eigenvalueName(which, i), values[i], sure),
    vector: normalizedDirection(direction, theta, net.layout, { normalization, vectors: biases }),
    eigenvector: { residual: residuals[i], status },
  }));
}

/** @param sure whether the search for it converged */
export function eigenvectorName(eigenvalue: string, value: number, sure: boolean): string {
  return `eigenvector of ${eigenvalue} ${sure ? "=" : "≈"} ${minus(value.toPrecision(4))}${sure ? "" : " (not converged)"}`;
}

function eigenvalueName(which: SliceOptions["which"], i: number): string {
  if (which === "both") return i === 0 ? "λ_max" : "λ_min";
  if (which === "smallest") return i === 0 ? "λ_min" : "λ_n−1";
  return i === 0 ? "λ_max" : "λ_2";
}

/** The principal directions of the training, and its path among them. */
function alongPath(
  { replay }: SliceCentre,
  { snapshots, dimensions }: SliceOptions,
): { named: readonly Named[]; path: readonly PathPoint[] } {
  const { steps, thetas, losses } = replay(snapshots);
  if (thetas.length <= dimensions)
    throw new LabError(
      "usage",
      `a training of ${steps.at(-1)} steps is a path of ${thetas.length}, and principal directions need more than ${dimensions} points; train for more --steps, or take --directions random`,
    );
  const { directions, explained, path } = trajectoryDirections(thetas, { components: dimensions });
  return {
    named: directions.map((vector, k) => ({
      name: `principal component ${k + 1} (${(100 * explained[k]).toPrecision(3)} % of the variance)`,
      vector,
    })),
    path: steps.map((step, i) => ({
      step,
      coordinates: Array.from(path.data.subarray(i * dimensions, (i + 1) * dimensions)),
      loss: losses[i],
    })),
  };
}

function gridOf(
  { range, points }: SliceOptions,
  axis: number,
  line: boolean,
  path: readonly PathPoint[] | undefined,
): Float64Array {
  if (range) return sliceGrid({ range, points });
  if (path) {
    const along = path.map(({ coordinates }) => coordinates[axis]);
    const [least, most] = [Math.min(...along), Math.max(...along)];
    const margin = MARGIN * (most - least);
    return sliceGrid({ range: [least - margin, most + margin], points });
  }
  return sliceGrid({ range: line && axis === 0 ? LINE_RANGE : 1, points });
}
