import {
  type ActivationName,
  activationNames,
  type Batch,
  type LossName,
  lossNames,
  type MultilayerNet,
  multilayerNet,
  randomStream,
  tensor,
} from "flatward";

import { type Dataset, featuresOf } from "../../data/dataset.js";
import { fitStandardization, standardize } from "../../data/scaling.js";
import { LabError } from "../../errors.js";

/** A network, its parameters and data: everything a closed form is evaluated on. */
export interface Problem {
  /** How to draw it again. */
  readonly name: string;
  readonly net: MultilayerNet;
  readonly theta: Float64Array;
  /** x and y as tensors, (N,d) and (N,K), weights (N). */
  readonly batch: Batch & { readonly weights: Float64Array };
}

/** Which networks to draw. */
export interface ProblemFilter {
  readonly activation?: ActivationName;
  readonly loss?: LossName;
}

/** Every activation × loss × bias × weights: case i is made from the i-th, and around again. */
const combinations = activationNames.flatMap((activation) =>
  lossNames.flatMap((loss) =>
    [true, false].flatMap((bias) => [true, false].map((weighted) => ({ activation, loss, bias, weighted }))),
  ),
);

/** The first `count` case numbers that a filter leaves. A case has the same number whatever the filter. */
export function caseNumbers(count: number, { activation, loss }: ProblemFilter): number[] {
  const found: number[] = [];
  for (let index = 0; found.length < count; index++) {
    const each = combinations[index % combinations.length];
    if ((activation ?? each.activation) === each.activation && (loss ?? each.loss) === each.loss)
      found.push(index);
  }
  return found;
}

type Draws = ReturnType<typeof randomStream>;

/** The most affine layers, and the most hidden units of each of several hidden layers: H grows with both. */
const MAX_LAYERS = 5;
const MAX_UNITS = 3;

/** Hidden layers behind the first: another activation in half of them, and without biases in a quarter. */
function drawDeeper(draws: Draws, activation: ActivationName, bias: boolean) {
  return Array.from({ length: draws.integer(MAX_LAYERS - 1) }, () => ({
    units: 1 + draws.integer(MAX_UNITS),
    activation: draws.integer(2) === 0 ? activation : activationNames[draws.integer(activationNames.length)],
    bias: bias && draws.integer(4) > 0,
  }));
}

/** Case `index` of a seed: the combinations in turn, with random extents, depth, data and parameters. */
export function drawProblem(seed: number, index: number): Problem {
  const { activation, loss, bias, weighted } = combinations[index % combinations.length];
  const draws = randomStream(seed, "verify", index);
  const count = 1 + draws.integer(20);
  const inputs = 1 + draws.integer(4);
  const first = 1 + draws.integer(5);
  // A single softmax output is constant: all its derivatives are 0.
  const outputs = (loss === "softmax-cross-entropy" ? 2 : 1) + draws.integer(3);
  const deeper = drawDeeper(draws.stream("depth"), activation, bias);
  const hidden = [
    deeper.length === 0 ? first : Math.min(first, MAX_UNITS),
    ...deeper.map(({ units }) => units),
  ];
  const activations = [activation, ...deeper.map((layer) => layer.activation)];
  const net = multilayerNet({
    sizes: [inputs, ...hidden, outputs],
    activation: activations,
    loss,
    bias: [bias, ...deeper.map((layer) => layer.bias), bias],
  });
  // Every fourth cross-entropy is far out, where probabilities are near 0 and 1. Other losses would overflow there.
  const saturated = loss.endsWith("cross-entropy") && draws.integer(4) === 0;
  const normals = (size: number, deviation = 1) =>
    Float64Array.from({ length: size }, () => draws.normal(0, deviation));
  const x = tensor(normals(count * inputs), [count, inputs]);
  const y = tensor(drawTargets(loss, count, outputs, draws), [count, outputs]);
  const weights = Float64Array.from({ length: count }, () => (weighted ? draws.uniform(0.1, 2) : 1) / count);
  return {
    name: `case ${index} (${activations.join(" → ")}, ${loss}${biasText(net.biases)}${weighted ? ", weights" : ""}${saturated ? ", saturated" : ""}; N ${count}, d ${inputs}, h ${hidden.join("-")}, K ${outputs})`,
    net,
    // Behind more layers the same weights would make logits so large that finite differences see nothing.
    theta: normals(net.size, saturated ? (deeper.length === 0 ? 2.5 : 1.5) : 0.7),
    batch: { x, y, weights },
  };
}

/** Which layers have no biases. */
function biasText(biases: readonly boolean[]): string {
  const without = biases.flatMap((has, l) => (has ? [] : [l + 1]));
  if (without.length === 0) return "";
  return without.length === biases.length ? ", no bias" : `, no bias in layer ${without.join(", ")}`;
}

function drawTargets(loss: LossName, count: number, outputs: number, draws: Draws): Float64Array {
  const targets = new Float64Array(count * outputs);
  for (let i = 0; i < count; i++) {
    const row = targets.subarray(i * outputs, (i + 1) * outputs);
    for (let k = 0; k < outputs; k++)
      row[k] = loss === "mean-squared-error" ? draws.normal() : draws.uniform();
    if (loss === "softmax-cross-entropy") {
      const total = row.reduce((sum, value) => sum + value, 0);
      for (let k = 0; k < outputs; k++) row[k] /= total;
    }
  }
  return targets;
}

/** A network for data of the user's own. */
export interface NetworkShape {
  /** Units of every hidden layer. */
  readonly hidden: readonly number[];
  readonly activation: ActivationName;
  readonly loss: LossName;
}

/** The third-order oracle differentiates through the whole Hessian: its cost grows with n². */
const MAX_PARAMETERS = 160;
/** Samples beyond this add time and no evidence. */
const MAX_SAMPLES = 200;

/**
 * Case `index` on a data set: standardised features, one-hot targets, random parameters. Of a large data set, a random
 * part is taken.
 * @throws LabError "usage" when the network has more parameters than the oracle can take
 */
export function datasetProblem(
  dataset: Dataset,
  { hidden, activation, loss }: NetworkShape,
  seed: number,
  index: number,
): Problem {
  const net = multilayerNet({
    sizes: [dataset.features.length, ...hidden, dataset.classes.length],
    activation,
    loss,
  });
  if (net.size > MAX_PARAMETERS) {
    throw new LabError(
      "usage",
      `hidden layers of ${hidden.join(", ")} make ${net.size} parameters, more than the ${MAX_PARAMETERS} that third-order differentiation through the whole Hessian can take; choose fewer with --hidden, or fewer feature columns`,
    );
  }
  const draws = randomStream(seed, "verify", dataset.name, index);
  const rows = [...draws.permutation(dataset.y.length)].slice(0, MAX_SAMPLES);
  const x = featuresOf(dataset, rows);
  standardize(x, fitStandardization(x));
  const y = tensor(new Float64Array(rows.length * net.outputs), [rows.length, net.outputs]);
  rows.forEach((i, row) => {
    y.data[row * net.outputs + dataset.y[i]] = 1;
  });
  return {
    name: `case ${index} (${dataset.name}; N ${rows.length}${rows.length < dataset.y.length ? ` of ${dataset.y.length}` : ""}, d ${net.inputs}, h ${hidden.join("-")}, K ${net.outputs}, n ${net.size})`,
    net,
    theta: Float64Array.from({ length: net.size }, () => draws.normal(0, 0.7)),
    batch: { x, y, weights: new Float64Array(rows.length).fill(1 / rows.length) },
  };
}
