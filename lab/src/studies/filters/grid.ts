import { hessianOperator, lanczos, type Optimizer } from "flatward";
import type { Dataset } from "../../data/dataset.js";
import { LabError } from "../../errors.js";
import type { TrainingConfig } from "../../experiment/config.js";
import { edgeOf } from "../../experiment/measures/filter-edge.js";
import { type MethodConfig, type MethodName, methods } from "../../experiment/methods.js";
import type { NetworkConfig } from "../../experiment/network/config.js";
import { networkFor } from "../../experiment/network/make.js";
import { prepare } from "../../experiment/prepare.js";
import { train } from "../../experiment/train.js";

/** λ* over the edge: learning rates put edges from far above the curvature λ* of a minimum to below it. */
const SHARES = [0.7, 0.9, 0.98, 1.02, 1.2];
/** ρλ*, or ρλ*²: by how much a step uphill stiffens the curvature of a minimum. */
const BENDS = [0.1, 0.5];
const MOMENTUM = 0.7;

/** Every optimizer with a filter in λ alone, and the power of λ that ρ goes with, where it has one. */
const families: readonly (readonly [name: MethodName, settings: object, power?: 1 | 2])[] = [
  ["gradient-descent", {}],
  ["heavy-ball", { momentum: MOMENTUM }],
  ["nesterov", { momentum: MOMENTUM }],
  ["usam", {}, 1],
  ["usam", { momentum: MOMENTUM }, 1],
  ["usam-nesterov", { momentum: MOMENTUM }, 1],
  ["two-step-usam", {}, 1],
  ["hessian-usam", {}, 2],
  ["penalty-sam", {}, 1],
];

/** Methods with lists of values, as a plan has them. */
export type MethodGrid = Readonly<Record<string, unknown>>;

/** Learning rates and radii that put the edges of filters around a curvature, three digits each. */
export function filterGrid(curvature: number): MethodGrid[] {
  return families.flatMap(([name, settings, power]) => {
    const radii =
      power === undefined
        ? [{}]
        : BENDS.map((bend) => ({ radius: short(bend / (power === 1 ? curvature : curvature * curvature)) }));
    return radii.map((radius) => {
      const fixed = { momentum: 0, ...settings, ...radius };
      const learningRate = SHARES.map((share) =>
        short(
          rateWithEdge(curvature / share, (rate) =>
            methods[name].optimizer({ ...fixed, learningRate: rate } as never),
          ),
        ),
      );
      return { name, ...settings, ...radius, learningRate };
    });
  });
}

/** The learning rate with this edge, by bisection of its logarithm: edges fall as rates rise. */
function rateWithEdge(edge: number, optimizer: (rate: number) => Optimizer): number {
  let [low, high] = [1e-12 / edge, 1e3 / edge];
  for (let i = 0; i < 60; i++) {
    const middle = Math.sqrt(low * high);
    if (edgeOf(optimizer(middle)) > edge) low = middle;
    else high = middle;
  }
  return Math.sqrt(low * high);
}

function short(value: number): number {
  return Number(value.toPrecision(3));
}

/** Where the pilot run stops, as a multiple of the tolerance of the others. */
const ROUGHLY = 10;

/**
 * λ_max of what is minimised, at the end of a run of gradient descent from the first seed with an edge twice as high as
 * the curvature at the start: what a minimum of this problem has, more or less.
 * @throws LabError "data" where there is none
 */
export function typicalCurvature(
  dataset: Dataset,
  network: NetworkConfig,
  training: TrainingConfig,
  seed: number,
): number {
  const net = networkFor(dataset, network);
  const { train: batch } = prepare(dataset, training, seed);
  const curvature = (theta: Float64Array): number => {
    const hessian = hessianOperator(net, theta, batch);
    const [largest] = lanczos(hessian, { tolerance: 1e-6, certify: false }).values;
    if (largest + training.l2 > 0) return largest + training.l2;
    throw new LabError(
      "data",
      `${dataset.name}: no curvature is positive there, so a filter excludes nothing there`,
    );
  };
  const method: MethodConfig = {
    name: "gradient-descent",
    learningRate: 1 / curvature(net.init(seed)),
    momentum: 0,
  };
  const pilot = { ...training, perturbations: 0, gradientTolerance: ROUGHLY * training.gradientTolerance };
  const { theta } = train(net, { train: batch, sample: batch }, method, pilot, {
    seed,
    curve: false,
    sharpness: false,
    afterStep: () => "go on",
    onCheckpoint() {},
  });
  return curvature(theta);
}
