import {
  type Batch,
  hsrObjective,
  lossObjective,
  type Objective,
  type Optimizer,
  sam,
  sgd,
  type ThreeLayerNet,
} from "flatward";

/** The hyperparameters that methods draw on. */
export interface MethodSettings {
  readonly learningRate: number;
  readonly momentum: number;
  /** Of the weight-decay method alone. */
  readonly weightDecay: number;
  /** Of SAM. */
  readonly radius: number;
  /** Of HSR, one method each. */
  readonly strengths: readonly number[];
}

/** One way to train: what is minimised, and by which optimizer. */
export interface Method {
  readonly id: string;
  readonly label: string;
  /** Methods of one family share a hue. */
  readonly family: string;
  readonly hyperparameters: Readonly<Record<string, number>>;
  objective(net: ThreeLayerNet, batch: Batch): Objective;
  optimizer(): Optimizer;
}

/** Every family of methods makes its members from the settings. A new one is one row. */
const families: Readonly<Record<string, (settings: MethodSettings) => Omit<Method, "family">[]>> = {
  "gradient-descent": ({ learningRate, momentum }) => [
    {
      id: "gradient-descent",
      label: "gradient descent",
      hyperparameters: { learningRate, momentum },
      objective: lossObjective,
      optimizer: () => sgd({ learningRate, momentum }),
    },
  ],
  "weight-decay": ({ learningRate, momentum, weightDecay }) => [
    {
      id: "weight-decay",
      label: `weight decay ${weightDecay}`,
      hyperparameters: { learningRate, momentum, weightDecay },
      objective: lossObjective,
      optimizer: () => sgd({ learningRate, momentum, weightDecay }),
    },
  ],
  sam: ({ learningRate, momentum, radius }) => [
    {
      id: "sam",
      label: `SAM ${radius}`,
      hyperparameters: { learningRate, momentum, radius },
      objective: lossObjective,
      optimizer: () => sam({ learningRate, momentum, radius }),
    },
  ],
  hsr: ({ learningRate, momentum, strengths }) =>
    strengths.map((strength) => ({
      id: `hsr-${strength}`,
      label: `HSR ${strength}`,
      hyperparameters: { learningRate, momentum, strength },
      objective: (net, batch) => hsrObjective(net, batch, { strength }),
      optimizer: () => sgd({ learningRate, momentum }),
    })),
};

/** All methods under these settings, in the order of the table. */
export function methodsFor(settings: MethodSettings): Method[] {
  return Object.entries(families).flatMap(([family, members]) =>
    members(settings).map((method) => ({ ...method, family })),
  );
}
