import { describe, expect, it } from "vitest";
import { ArgumentError, hessianUsam, minimize, type Objective, penaltySam } from "../../src/index.js";
import { optimizersByRate } from "./optimizers.js";
import { objective, rho, start } from "./recurrence.js";

/** Gradients and products H·v a step, whatever the options. */
const costs: Readonly<Record<string, readonly [gradients: number, products: number]>> = {
  sgd: [1, 0],
  "heavy ball": [1, 0],
  nesterov: [1, 0],
  adam: [1, 0],
  adamw: [1, 0],
  rmsprop: [1, 0],
  sam: [2, 0],
  // Of its steps of SAM; those between take one.
  "look sam": [2, 0],
  asam: [2, 0],
  usam: [2, 0],
  "two-step usam": [3, 0],
  "hessian usam": [2, 1],
  "penalty sam": [1, 1],
};

describe("what a step evaluates:", () => {
  it.each(optimizersByRate.map(([name, make]) => [name, ...costs[name.split(",")[0]], make(0.05)] as const))(
    "%s takes %i gradients and %i products H·v a step",
    (_, gradients, products, optimizer) => {
      const seen = { gradients: 0, products: 0 };
      const counted: Objective = {
        ...objective,
        gradient: (theta) => {
          seen.gradients++;
          return objective.gradient(theta);
        },
        valueAndGradient: (theta) => {
          seen.gradients++;
          return objective.valueAndGradient(theta);
        },
        hessianVectorProduct: (theta, v) => {
          seen.products++;
          return objective.hessianVectorProduct!(theta, v);
        },
      };
      optimizer.step(counted, Float64Array.from(start), optimizer.initialState(3));
      expect(seen).toEqual({ gradients, products });
    },
  );

  it.each([
    ["hessianUsam", hessianUsam(rho)],
    ["penaltySam", penaltySam(rho)],
  ])("%s refuses an objective without H·v", (name, optimizer) => {
    const { hessianVectorProduct: _, ...blind } = objective;
    const go = () => minimize(blind, Float64Array.from(start), optimizer, { steps: 1 });
    expect(go).toThrow(ArgumentError);
    expect(go).toThrow(new RegExp(`^${name}: expected an objective with hessianVectorProduct, got object`));
  });
});
