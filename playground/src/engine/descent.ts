import { asam, type Objective, type Optimizer, type PreparedCurvature, sam, sgd } from "flatward";
import type { MethodName } from "../settings/methods.js";
import { LEARNING_RATE as learningRate } from "../settings/settings.js";

/** What is minimised, and by which optimizer. */
export interface Descent {
  readonly objective: Objective;
  readonly optimizer: Optimizer;
}

/** Gradient descent, or a method of some strength. */
export type MethodSetting = "plain" | { readonly method: MethodName; readonly strength: number };

export function descentOf(curvature: PreparedCurvature, setting: MethodSetting): Descent {
  if (setting === "plain")
    return { objective: lossOf(curvature), optimizer: sgd({ learningRate }) as Optimizer };
  return descents[setting.method](curvature, setting.strength);
}

const descents: Readonly<Record<MethodName, (curvature: PreparedCurvature, strength: number) => Descent>> = {
  hsr: (curvature, strength) => ({
    objective: hsrOf(curvature, strength),
    optimizer: sgd({ learningRate }) as Optimizer,
  }),
  sam: onLoss((radius) => sam({ learningRate, radius }) as Optimizer),
  asam: onLoss((radius) => asam({ learningRate, radius }) as Optimizer),
  "weight-decay": onLoss((weightDecay) => sgd({ learningRate, weightDecay }) as Optimizer),
};

function onLoss(optimizer: (strength: number) => Optimizer) {
  return (curvature: PreparedCurvature, strength: number): Descent => ({
    objective: lossOf(curvature),
    optimizer: optimizer(strength),
  });
}

/** `lossObjective`, on what is prepared: nothing else of it is needed here. */
function lossOf(curvature: PreparedCurvature): Objective {
  return objectiveOf(curvature, (theta, gradient) => curvature.lossAndGradient(theta, gradient));
}

/** `hsrObjective` likewise, of all samples at every theta: the loss and so much of the bound. */
function hsrOf(curvature: PreparedCurvature, strength: number): Objective {
  const slope = new Float64Array(curvature.size);
  return objectiveOf(curvature, (theta, gradient) => {
    const loss = curvature.lossAndGradient(theta, gradient);
    const bound = curvature.wsUpperBoundAndGradient(theta, slope);
    for (let i = 0; i < slope.length; i++) gradient[i] += strength * slope[i];
    return loss + strength * bound;
  });
}

function objectiveOf(
  { size }: PreparedCurvature,
  evaluate: (theta: Float64Array, gradient: Float64Array) => number,
): Objective {
  const valueAndGradient = (theta: Float64Array) => {
    const gradient = new Float64Array(size);
    return { value: evaluate(theta, gradient), gradient };
  };
  return {
    size,
    valueAndGradient,
    value: (theta) => valueAndGradient(theta).value,
    gradient: (theta) => valueAndGradient(theta).gradient,
  };
}
