import type { Measure } from "./measure.js";

/** What the training cost. */
export const costMeasures: readonly Measure[] = [
  {
    id: "steps",
    label: "steps",
    group: "cost",
    format: "count",
    reproducible: true,
    explanation: "training steps",
    of: ({ effort }) => effort.steps,
  },
  {
    id: "gradients",
    label: "gradients",
    group: "cost",
    format: "count",
    reproducible: true,
    explanation:
      "gradients that its steps evaluated, of the loss or of what is added to it, a Hessian-vector product counted as two",
    of: ({ effort }) => effort.gradients,
  },
  {
    id: "trainingSeconds",
    label: "s",
    group: "cost",
    format: "number",
    reproducible: false,
    explanation: "wall-clock time of all training steps on this machine, seconds",
    of: ({ effort }) => effort.milliseconds / 1000,
  },
  {
    id: "millisecondsPerStep",
    label: "ms/step",
    group: "cost",
    format: "number",
    reproducible: false,
    explanation: "wall-clock time of a training step on this machine, the mean of all",
    of: ({ effort }) => effort.milliseconds / effort.steps,
  },
];
