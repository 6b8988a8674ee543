import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  asam,
  heavyBall,
  hessianUsam,
  minimize,
  nesterov,
  type Objective,
  type Optimizer,
  penaltySam,
  rmsprop,
  sam,
  sgd,
  twoStepUsam,
  usam,
} from "../../src/index.js";
import { alpha, ball, objective, rho, start } from "./recurrence.js";

describe("what a step evaluates:", () => {
  it.each([
    ["sgd", 1, 0, sgd(alpha)],
    ["heavyBall", 1, 0, heavyBall({ ...alpha, ...ball })],
    ["nesterov", 1, 0, nesterov({ ...alpha, ...ball })],
    ["rmsprop", 1, 0, rmsprop(alpha)],
    ["sam", 2, 0, sam(rho)],
    ["asam", 2, 0, asam(rho)],
    ["usam", 2, 0, usam(rho)],
    ["twoStepUsam", 3, 0, twoStepUsam(rho)],
    ["hessianUsam", 2, 1, hessianUsam(rho)],
    ["penaltySam", 1, 1, penaltySam(rho)],
  ])("%s takes %i gradients and %i products H·v a step", (_, gradients, products, optimizer) => {
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
    const one = optimizer as Optimizer;
    one.step(counted, Float64Array.from(start), one.initialState(3));
    expect(seen).toEqual({ gradients, products });
  });

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
