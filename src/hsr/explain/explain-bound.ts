import type { SpectralMoments } from "../../bounds/wolkowicz-styan.js";
import {
  ArgumentError,
  inFunction,
  requireFinite,
  requireFiniteValue,
  requireFlag,
  requireInteger,
  requireOneOf,
} from "../../errors.js";
import { factoredLossAt } from "../../hessian/factored.js";
import { type Batch, prepareSamples } from "../../nn/batch.js";
import { reusingScratch } from "../../nn/dense/reuse.js";
import type { Network } from "../../nn/network.js";
import { optionsOf } from "../../options.js";
import type { Tensor } from "../../tensor/view.js";
import {
  type BoundSlopes,
  type MomentSlopes,
  requireSeveralParameters,
  spreadSlopes,
} from "../bound-slopes.js";
import { createContraction } from "../contraction/contraction.js";
import { blockAt, checkRoute, type RouteOptions } from "../contraction/route.js";
import { type ExplainedBound, explainedBounds, termsOf } from "./bounds.js";
import { classesOf } from "./classes.js";
import { createInputSlopes } from "./input-slopes.js";
import type { PairShare } from "./largest.js";
import { measureParts } from "./measured-parts.js";
import { classShares, pairShares } from "./pair-shares.js";
import { combined, type Parts } from "./parts.js";
import { createSamplePairs } from "./sample-pairs.js";

/** Which bound `explainBound` takes apart, and how far. */
export interface ExplainOptions extends RouteOptions {
  /** Which of `wsBounds`. Default "largest-upper", B of `wsUpperBoundAndGradient`. */
  readonly bound?: ExplainedBound | undefined;
  /**
   * How many pairs of samples are told one by one. Default 10. With `false` pairs are not formed, unless inputs or a weight
   * of 0 need them: then time grows with N, not with N², and there are no `classPairs`.
   */
  readonly pairs?: number | false | undefined;
  /** Whether the derivative by the inputs is wanted, for chains of dense layers. Default false. */
  readonly inputs?: boolean | undefined;
}

/**
 * A bound B of moments in shares. Each part of H has the share ⟨∂B/∂H, part⟩, pairs of parts have theirs of tr H²; those of
 * one level add up to B, and may be negative.
 */
export interface BoundShares {
  /** byTrace · tr H. */
  readonly trace: number;
  /** 2 bySquare · tr H². */
  readonly frobenius: number;
  /** By layer (L): its rows of H. */
  readonly layers: Float64Array;
  /** By blocks between layers l ≤ m, `blocks[m][l]` counted from 0; one off the diagonal with its mirror image. */
  readonly blocks: readonly Float64Array[];
  /** By the units of each layer: a unit's rows of H are those of the weights into it and its bias. */
  readonly units: readonly Float64Array[];
  /** Of the Gauss–Newton part G, with tr G², of R = H − G, with tr R², and of 2 tr GR. */
  readonly gaussNewton: number;
  readonly residual: number;
  readonly cross: number;
  /** By sample (N). */
  readonly samples: Float64Array;
  /** By class (K); left out where targets are no classes. */
  readonly classes?: Float64Array | undefined;
  /**
   * By the classes of both samples of a pair, `classPairs[a][b]`, each pair half on either side: rows add up to classes. Left
   * out with `pairs: false` too.
   */
  readonly classPairs?: readonly Float64Array[] | undefined;
  /**
   * Of pairs of samples i ≤ j the largest in size, largest first: i < j with their mirror image, and a sample with itself,
   * with its share of the trace.
   */
  readonly pairs: readonly PairShare[];
  /** Of all other pairs together. */
  readonly otherPairs: number;
}

/** A bound with its slopes by both moments, and its shares. */
export interface BoundExplanation extends MomentSlopes {
  /** B. */
  readonly value: number;
  readonly moments: SpectralMoments;
  /** ∂B/∂tr H and ∂B/∂tr H², or where `moments.deviation` is given ∂B/∂‖H − mI‖_F² with m fixed. */
  readonly byTrace: number;
  readonly bySquare: number;
  readonly shares: BoundShares;
  /** ∂B/∂ω_i by the samples' weights (N), of samples of weight 0 too; a sample's share is ω_i times it. */
  readonly influence: Float64Array;
  /** ∂B/∂x (N,d), where `inputs` asked for it. */
  readonly inputs?: Tensor | undefined;
}

/**
 * What makes a minimum sharp: the Wolkowicz–Styan bound B on λ_max of the loss Hessian in parts that add up to it, by layer,
 * block, unit, sample, class and pair of samples; exact, without forming H. B is homogeneous of degree 1 in H, so that
 * B = byTrace · tr H + 2 bySquare · tr H², and both moments are sums over these parts. Shares may be negative.
 *
 * The shares of each level add up to B within 1e-12 of the sum of their absolute values. tr GR is got by subtraction, to the
 * rounding of tr H², and so is tr G² of one hidden layer, tr R² of others. Near a multiple of I, where s/m ≪ 1, B's derivative
 * by H is as exact as H − mI, to about 1e-16 m/s. All pairs of samples are formed unless `pairs` is false: time grows with N²,
 * memory is that of `wsUpperBoundAndGradient`.
 * @param theta (n)
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError for an unknown route or bound, pairs that are neither false nor an
 * integer ≥ 0, n = 1, or a network without a closed form
 * @example
 * import { explainBound, threeLayerNet } from "flatward";
 * const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
 * const batch = { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] };
 * const { value, shares } = explainBound(net, net.init(7), batch);
 * const percent = (shares) => Array.from(shares, (share) => Math.round((100 * share) / value)).join(" ");
 * console.log(percent(shares.samples), "–", percent(shares.layers)); // → 25 13 25 37 – 9 91
 * const [{ i, j, share }] = shares.pairs;
 * console.log(i, j, percent([share])); // → 3 3 55
 */
export function explainBound(
  net: Network,
  theta: Float64Array,
  batch: Batch,
  options: ExplainOptions = {},
): BoundExplanation {
  return inFunction("explainBound", () => reusingScratch(net, () => explain(net, theta, batch, options)));
}

function explain(net: Network, theta: Float64Array, batch: Batch, options: ExplainOptions): BoundExplanation {
  const given = optionsOf(options, ["route", "bound", "pairs", "inputs"]);
  const { bound = "largest-upper", pairs: keep = 10, inputs: byInputs = false } = given;
  const route = checkRoute(given.route);
  requireOneOf("bound", bound, explainedBounds);
  if (keep !== false) requireInteger("pairs", keep, 0);
  requireFlag("inputs", byInputs);
  const loss = factoredLossAt(net, theta, batch, true);
  requireSeveralParameters(net.size);
  // Of a chain the rows of inputs end in a 1.
  const samples = (!byInputs && loss.finished?.batch) || prepareSamples(net, batch);
  const classes = classesOf(net, samples);
  const { weights } = loss;
  const formed = keep !== false || byInputs || weights.includes(0);
  const pairs = createSamplePairs(weights, classes, keep || 0);
  if (byInputs) requireClosedForm(net);
  const inputs = byInputs ? createInputSlopes(net.size, weights, samples.inputs) : undefined;
  const contraction = createContraction(loss, true);
  const measured = measureParts(loss, contraction, route, formed ? pairs.visit : undefined, inputs);
  const slopes = spreadSlopes(measured.moments, termsOf(bound, net.size));
  const parts = combined(measured.traces, measured.squares, slopes);
  requireFinite("the shares", parts.samples);

  const { value, byTrace, bySquare } = slopes;
  const { moments, total } = measured;
  const scale = 2 * bySquare;
  const sums = byTrace * moments.trace + scale * total;
  const cross = 2 * scale * measured.cross;
  const blocks = blocksOf(parts, loss.taps.length);
  const whole = wholeSlopes(slopes, moments);
  const alone = (i: number) => whole.byTrace * measured.ownTraces[i] + scale * pairs.withAll(i);
  // What a sample's share is beside its pairs with others.
  const self = weights.map(
    (weight, i) => weight * (whole.byTrace * measured.ownTraces[i] + scale * weight * pairs.self[i]),
  );
  const influence = parts.samples.map((share, i) => (weights[i] > 0 ? share / weights[i] : alone(i)));
  requireFinite("the samples' influence", influence);
  const byPairs =
    keep === false ? { pairs: [], otherPairs: value } : pairShares(value, pairs, self, scale, keep);
  requireFiniteValue("the shares of pairs", byPairs.otherPairs);
  const slopesByInputs = inputs?.combined(slopes, whole);
  if (slopesByInputs) requireFinite("∂B/∂x", slopesByInputs.data);
  return {
    value,
    moments,
    byTrace,
    bySquare,
    shares: {
      trace: byTrace * moments.trace,
      frobenius: scale * total,
      layers: layersOf(blocks),
      blocks,
      units: parts.units,
      gaussNewton: parts.gaussNewton - cross / 2,
      residual: sums - parts.gaussNewton - cross / 2,
      cross,
      samples: parts.samples,
      ...(classes &&
        classShares(classes, parts.samples, keep === false ? undefined : { pairs, self, scale })),
      ...byPairs,
    },
    influence,
    ...(slopesByInputs && { inputs: slopesByInputs }),
  };
}

function blocksOf({ blocks }: Parts, layers: number): readonly Float64Array[] {
  return Array.from({ length: layers }, (_, m) =>
    Float64Array.from({ length: m + 1 }, (_, l) => blocks[blockAt({ m, l })]),
  );
}

/** Through tr H², also where ‖H − mI‖² takes its place. */
function wholeSlopes(
  { byTrace, bySquare }: MomentSlopes,
  { size, trace, deviation }: SpectralMoments,
): BoundSlopes {
  return deviation === undefined
    ? { byTrace, bySquare }
    : { byTrace: byTrace - (2 * bySquare * trace) / size, bySquare };
}

/** @throws ArgumentError unless inputs enter through the first layer alone */
function requireClosedForm({ closedForm }: Network): void {
  if (closedForm) return;
  throw new ArgumentError({
    expected: "a chain of dense layers with inputs: true",
    got: "a network of other layers",
    next: "leave inputs out: its shares need no chain",
  });
}

/** A block between two layers counts half for either. */
function layersOf(blocks: readonly Float64Array[]): Float64Array {
  const layers = new Float64Array(blocks.length);
  blocks.forEach((row, m) => {
    row.forEach((share, l) => {
      layers[m] += share / 2;
      layers[l] += share / 2;
    });
  });
  return layers;
}
