import { describe, expect, it } from "vitest";
import { FlatwardError, sgd } from "../../src/index.js";
import * as optim from "../../src/optim/index.js";
import { quadratic } from "./quadratic.js";

const descent = sgd({ learningRate: 0.1 });
const well = quadratic([1, 2]);
const at = Float64Array.of(1, 1);
const wrong = [undefined, null, {}, [], 2, "sgd", true, () => 1, { size: 2 }, { name: "sgd" }] as never[];

describe("whatever is passed for an argument of src/optim,", () => {
  const functions = Object.entries(optim).filter(([name]) => !name.endsWith("Error")) as unknown as [
    string,
    (...args: unknown[]) => unknown,
  ][];

  it.each(functions)("%s returns, or throws an error that names a function", (_, call) => {
    for (const first of [...wrong, descent, well])
      for (const second of [...wrong, at, { strength: 1 }])
        for (const third of [undefined, {}, descent]) {
          try {
            call(first, second, third, { steps: 1 });
          } catch (error) {
            expect(error).toBeInstanceOf(FlatwardError);
            expect((error as Error).message).toMatch(/^[A-Za-z]+: expected .+, got .+/);
          }
        }
  });
});
