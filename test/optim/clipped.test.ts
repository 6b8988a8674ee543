import { describe, expect, it } from "vitest";
import { ArgumentError, minibatchObjective, minimize, objectiveOf, sgd, usam } from "../../src/index.js";
import { clipped } from "../../src/optim/index.js";
import { expectClose } from "../oracles/compare.js";
import { refusals } from "../refusals.js";
import { quadratic } from "./quadratic.js";
import { smooth } from "./smooth.js";

describe("clipped", () => {
  const steep = () => quadratic([1, 10]);
  const at = Float64Array.of(3, 4);

  it("by norm shortens what is longer, and leaves what is shorter as it is", () => {
    const gradient = clipped(steep(), { norm: 2 }).gradient(at);
    const length = Math.hypot(3, 40);
    expectClose(gradient, [(3 * 2) / (length + 1e-6), (40 * 2) / (length + 1e-6)], 1e-15);
    expect(clipped(steep(), { norm: 50 }).gradient(at)).toEqual(Float64Array.of(3, 40));
  });

  it("by value clips every entry to its bounds", () => {
    expect(clipped(steep(), { value: 5 }).gradient(at)).toEqual(Float64Array.of(3, 5));
    expect(clipped(steep(), { value: 5 }).gradient(at.map((x) => -x))).toEqual(Float64Array.of(-3, -5));
  });

  it("nests, the inner clip first", () => {
    const both = clipped(clipped(steep(), { value: 4 }), { norm: 1 });
    expectClose(both.gradient(at), [0.6, 0.8], 1e-6);
  });

  it("comes before weight decay", () => {
    const optimizer = sgd({ learningRate: 1, weightDecay: 0.5 });
    const { theta } = optimizer.step(clipped(steep(), { value: 1 }), at, optimizer.initialState(2));
    expect(Array.from(theta)).toEqual([3 - (1 + 1.5), 4 - (1 + 2)]);
  });

  it("clips every gradient of a step, and no value", () => {
    const seen: number[] = [];
    const watched = {
      ...steep(),
      gradient(x: Float64Array) {
        seen.push(x[0]);
        return steep().gradient(x);
      },
    };
    const optimizer = usam({ learningRate: 1, radius: 0.1 });
    const objective = clipped(watched, { value: 1 });
    const step = optimizer.step(objective, at, optimizer.initialState(2));
    expect(seen).toEqual([3.1]);
    expect(Array.from(step.theta)).toEqual([2, 3]);
    expect(step.value).toBe(steep().value(at));
    expect(objective.value(at)).toBe(steep().value(at));
  });

  it("ends a run where the norm is beyond the largest number, as the objective itself does", () => {
    const cliff = objectiveOf(2, ([x, y]) => ({
      value: x + y,
      gradient: new Float64Array(2).fill(x === 1 ? 1 : 1.7e308),
    }));
    const start = Float64Array.of(1, 1);
    const [plain, byNorm] = [cliff, clipped(cliff, { norm: 2 })].map((objective) =>
      minimize(objective, start, sgd({ learningRate: 0.1 }), { steps: 3 }),
    );
    expect(plain.status).toBe("non-finite");
    expect(byNorm).toEqual(plain);
  });

  it("passes on what the objective has, and nothing else", () => {
    const plain = clipped(steep(), { norm: 1 });
    expect([plain.size, plain.hessianVectorProduct, plain.beginStep]).toEqual([2, undefined, undefined]);
    const v = Float64Array.of(1, 2, 3);
    const start = Float64Array.of(1, 2, 3);
    const curved = minibatchObjective({ count: 2, batchSize: 1, seed: 1 }, () => smooth());
    const whole = clipped(curved, { norm: 1 });
    expect(whole.hessianVectorProduct?.(start, v)).toEqual(smooth().hessianVectorProduct!(start, v));
    expect(whole.beginStep).toBeTypeOf("function");
    expect("hessianVectorProduct" in minibatchObjective({ count: 2, batchSize: 1, seed: 1 }, steep)).toBe(
      false,
    );
  });
});

describe("an ArgumentError refuses, of clips,", () => {
  refusals(ArgumentError, "invalid-argument", [
    ["no clip", () => clipped(quadratic([1]), {}), /clipped: .*one of \{ norm \} and \{ value \}/],
    ["two clips", () => clipped(quadratic([1]), { norm: 1, value: 1 }), /nest two/],
    ["a clip of 0", () => clipped(quadratic([1]), { norm: 0 }), /norm.*> 0/],
    ["a clip of -1", () => clipped(quadratic([1]), { value: -1 }), /value.*> 0/],
    [
      "nothing to clip",
      () => clipped(undefined as never, { norm: 1 }),
      /clipped: .*objective to be an object/,
    ],
  ]);
});

describe("clipped refuses", () => {
  const partial = { size: 2 } as never;
  refusals(ArgumentError, "invalid-argument", [
    ["a clip of a size", () => clipped(partial, { norm: 1 }), /clipped: .*objective\.value/],
  ]);
});
