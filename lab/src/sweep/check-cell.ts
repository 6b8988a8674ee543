import { type Batch, FlatwardError, lossObjective, type Network } from "flatward";
import { zeros } from "flatward/tensor";
import { LabError } from "../errors.js";
import { unmetNeed } from "../experiment/measures/needs.js";
import type { Method } from "../experiment/method.js";
import { methods } from "../experiment/methods.js";
import { hasMoments } from "../experiment/network/make.js";
import { networkTitle } from "../experiment/network/text.js";
import type { Budget } from "./budget.js";
import type { GridPoint } from "./expand.js";

/** @throws LabError "usage" for a method that needs another network */
export function checkMethod({ method, network }: GridPoint["config"], net: Network): void {
  const { needs, chainFor }: Method = methods[method.name];
  const closedForm = (["samples", "estimator"] as const).find((key) => method[key] !== undefined);
  if (closedForm !== undefined && (method.vectors !== undefined || !hasMoments(net)))
    throw new LabError(
      "usage",
      `methods: ${method.name} has ${closedForm} in closed form alone${method.vectors === undefined ? `, which ${networkTitle(network)} has not` : ", and vectors are of estimates"}; leave one out`,
    );
  if (chainFor !== undefined && method[chainFor] !== undefined && net.closedForm === null)
    throw new LabError(
      "usage",
      `methods: ${method.name} has ${chainFor} for chains of smooth dense layers alone, and ${networkTitle(network)} is another; leave it out`,
    );
  const lack = unmetNeed(needs, net, true);
  if (lack === undefined) return;
  const advice =
    needs === "closed form" || needs === "chain"
      ? `, and ${networkTitle(network)} is another; leave it out, or describe the network as { hidden: … }`
      : `; leave it out, or ${needs === "softmax" ? "take that loss" : "take a network without dropout"}`;
  throw new LabError("usage", `methods: ${method.name} ${lack}${advice}`);
}

/** Unbiased estimates compare samples of a batch. @throws LabError "usage" where one is alone in its batch */
export function checkPairs({ training, method }: GridPoint["config"], count: number): void {
  if (method.estimator !== "unbiased" || !leavesOneAlone(training.batchSize, count)) return;
  throw new LabError(
    "usage",
    `training.batchSize: with estimator unbiased ${method.name} compares samples of a batch, and of ${count} training samples one would be alone; take another number`,
  );
}

/** Whether a mini-batch has a single sample. */
function leavesOneAlone(batchSize: number | "full", count: number): boolean {
  const size = batchSize === "full" ? count : Math.min(batchSize, count);
  return size === 1 || count % size === 1;
}

/**
 * Nothing can be normalised by a single value: a sample that is alone in its batch must have more, as the places of an
 * image. @throws LabError "usage"
 */
export function checkBatches(
  { training, ...config }: GridPoint["config"],
  net: Network,
  count: number,
): void {
  const alone = leavesOneAlone(training.batchSize, count) ? "training.batchSize" : undefined;
  const option = config.curvatureSamples === 1 ? "curvatureSamples" : alone;
  if (option === undefined || takesOneSample(net)) return;
  throw new LabError(
    "usage",
    `${option}: ${networkTitle(config.network)} normalises by the batch, and of ${count} training samples one would be alone; take another number`,
  );
}

/** Whether the network has a loss on one sample. */
function takesOneSample(net: Network): boolean {
  const one: Batch = { x: zeros([1, net.inputs]), y: [0] };
  try {
    lossObjective(net, one).value(net.init(0));
    return true;
  } catch (error) {
    if (error instanceof FlatwardError) return false;
    throw error;
  }
}

/** A method with steps of its own leaves a budget no effect. @throws LabError "usage" */
export function checkBudget({ method }: GridPoint["config"], budget: Budget): void {
  if (budget === "steps" || method.steps === undefined) return;
  throw new LabError(
    "usage",
    `methods: ${method.name} has steps of its own, and budget: ${budget} says how many it gets; leave one of them out`,
  );
}

/** The error for a network that has none of the measures. */
export function nothingToMeasure({ network }: GridPoint["config"]): LabError {
  return new LabError(
    "usage",
    `measures: there is none for ${networkTitle(network)}; name one that it has, as trainLoss`,
  );
}
