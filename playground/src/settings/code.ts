import type { MethodName } from "./methods.js";
import type { Settings } from "./settings.js";
import { LEARNING_RATE } from "./settings.js";

/** Training samples, row by row. */
export interface Samples {
  readonly x: readonly (readonly number[])[];
  readonly y: readonly number[];
}

interface Lines {
  readonly imports: readonly string[];
  objective(strength: number): string;
  optimizer(strength: number): string;
}

const plain = "lossObjective(net, batch)";
const descent = `sgd({ learningRate: ${LEARNING_RATE} })`;

const lines: Readonly<Record<MethodName, Lines>> = {
  hsr: {
    imports: ["hsrObjective"],
    objective: (strength) => `hsrObjective(net, batch, { strength: ${strength}, every: 1, samples: "all" })`,
    optimizer: () => descent,
  },
  sam: sharpnessAware("sam"),
  asam: sharpnessAware("asam"),
  "weight-decay": {
    imports: [],
    objective: () => plain,
    optimizer: (strength) => `sgd({ learningRate: ${LEARNING_RATE}, weightDecay: ${strength} })`,
  },
};

function sharpnessAware(name: "sam" | "asam"): Lines {
  return {
    imports: [name],
    objective: () => plain,
    optimizer: (radius) => `${name}({ learningRate: ${LEARNING_RATE}, radius: ${radius} })`,
  };
}

/** A program that trains the same with the engine, and prints λ_max of both. */
export function codeFor(
  { hidden, method, strength, steps, seed }: Settings,
  { x, y }: Samples,
  outputs: number,
): string {
  const { imports, objective, optimizer } = lines[method];
  const names = [
    "exactHessian",
    ...imports,
    "lossObjective",
    "minimize",
    "sgd",
    "symmetricEigen",
    "threeLayerNet",
  ];
  return `import { ${names.sort().join(", ")} } from "flatward";

const batch = {
  x: ${JSON.stringify(x)},
  y: ${JSON.stringify(y)},
};
const net = threeLayerNet({ inputs: ${x[0].length}, hidden: ${hidden}, outputs: ${outputs} });

for (const [objective, optimizer] of [
  [${plain}, ${descent}],
  [${objective(strength)}, ${optimizer(strength)}],
]) {
  const { theta } = minimize(objective, net.init(${seed}), optimizer, { steps: ${steps} });
  console.log(symmetricEigen(exactHessian(net, theta, batch)).values.at(-1));
}
`;
}
