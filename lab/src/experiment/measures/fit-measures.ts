import { lossObjective } from "flatward";
import { norm } from "flatward/tensor";
import { accuracyOf } from "./evaluation.js";
import type { Measure } from "./measure.js";
import { perNetwork } from "./measured-network.js";

const trainLoss = perNetwork(({ trainObjective, theta }) => trainObjective.value(theta));
const testLoss = perNetwork(({ net, theta, test }) => lossObjective(net, test).value(theta));

/** How well a network fits, and generalizes. */
export const fitMeasures: readonly Measure[] = [
  {
    id: "trainLoss",
    label: "train loss",
    group: "fit",
    format: "number",
    reproducible: true,
    explanation: "mean training loss, without any penalty",
    of: trainLoss,
  },
  {
    id: "testLoss",
    label: "test loss",
    group: "fit",
    format: "number",
    reproducible: true,
    explanation: "mean loss on the held-out samples",
    of: testLoss,
  },
  {
    id: "generalizationGap",
    label: "gap",
    group: "fit",
    format: "number",
    reproducible: true,
    onRequest: true,
    explanation: "test loss less training loss",
    of: (network) => testLoss(network) - trainLoss(network),
  },
  {
    id: "trainAccuracy",
    label: "train accuracy",
    group: "fit",
    format: "percent",
    reproducible: true,
    onRequest: true,
    explanation: "share of training samples whose most probable class is right",
    of: ({ net, theta, train }) => accuracyOf(net, theta, train),
  },
  {
    id: "testAccuracy",
    label: "test accuracy",
    group: "fit",
    format: "percent",
    reproducible: true,
    explanation: "share of held-out samples whose most probable class is right",
    of: ({ net, theta, test }) => accuracyOf(net, theta, test),
  },
  {
    id: "gradientNorm",
    label: "‖∇loss‖",
    group: "fit",
    format: "number",
    reproducible: true,
    explanation: "norm of the gradient of the training loss, without any penalty",
    of: ({ trainObjective, theta }) => norm(trainObjective.gradient(theta)),
  },
];
