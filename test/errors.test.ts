import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import * as autodiff from "../src/autodiff/index.js";
import {
  ArgumentError,
  type FlatwardError,
  inCallback,
  inFunction,
  inMaker,
  requireVector,
} from "../src/errors.js";
import * as flatwardErrors from "../src/flatward-error.js";
import * as root from "../src/index.js";
import { requireKnownKeys } from "../src/options.js";
import { entryPoints } from "./wrong-calls/calls.js";

const refuse = (): never => {
  throw new ArgumentError({ expected: "a", got: "b", next: "c" });
};

/** What a call throws. */
function thrownBy(call: () => unknown): FlatwardError {
  try {
    call();
  } catch (error) {
    return error as FlatwardError;
  }
  throw new Error("nothing was thrown");
}

describe("an error", () => {
  it("names the innermost function that it left, once", () => {
    const error = thrownBy(() => inFunction("outer", () => inFunction("inner", refuse)));
    expect(error.message).toBe("inner: expected a, got b; c");
    expect(error.stack).toMatch(/^ArgumentError: inner: expected a, got b; c\n/);
    expect(error).toMatchObject({
      code: "invalid-argument",
      where: "inner",
      expected: "a",
      got: "b",
      next: "c",
    });
  });

  it("has all its parts in JSON, as logs keep it", () => {
    const error = thrownBy(() => inFunction("outer", refuse));
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: "ArgumentError",
      code: "invalid-argument",
      where: "outer",
      expected: "a",
      got: "b",
      next: "c",
    });
  });

  it("of a vector of any length says that one was wanted", () => {
    const { expected, got } = thrownBy(() => requireVector("theta", undefined, undefined));
    expect([expected, got]).toEqual(["theta to be a Float64Array", "undefined"]);
  });

  it("of a tensor where a vector was wanted tells of its data, and that a view's are more than its entries", () => {
    const view = { data: Float64Array.of(1, 2, 3, 4), shape: [2], stride: [2], offset: 0 };
    expect(thrownBy(() => requireVector("theta", 2, view)).next).toBe(
      "pass its data, or a copy of its entries where it is a view",
    );
  });

  it("that a callback threw names whoever passed the callback", () => {
    const solve = (callback: () => never) => inFunction("solve", () => inCallback(callback));
    const error = thrownBy(() => inFunction("caller", () => solve(refuse)));
    expect(error.message).toBe("caller: expected a, got b; c");
    expect(error.stack).toMatch(/^ArgumentError: caller: expected a, got b; c\n/);
    expect(thrownBy(() => inFunction("caller", () => inFunction("other", () => solve(refuse)))).where).toBe(
      "other",
    );
  });

  it("that a callback threw names the outermost function where nobody else is left", () => {
    const solve = (callback: () => never) => inFunction("solve", () => inCallback(callback));
    expect(thrownBy(() => solve(() => solve(refuse))).where).toBe("solve");
    expect(thrownBy(() => inFunction("a", () => inCallback(() => solve(refuse)))).where).toBe("a");
  });

  it("of another library passes as it is", () => {
    const error = new TypeError("theirs");
    const call = () =>
      inFunction("ours", () =>
        inCallback(() => {
          throw error;
        }),
      );
    expect(call).toThrow(error);
    expect(error.message).toBe("theirs");
  });
});

describe("what a function made", () => {
  it("names it in what it refuses later: methods, what they return, and functions", () => {
    const made = inMaker("make", () => ({ size: 3, at: () => ({ apply: refuse }), value: refuse }));
    expect(made.size).toBe(3);
    expect(thrownBy(made.value).where).toBe("make");
    expect(thrownBy(made.at().apply).where).toBe("make");
    expect(thrownBy(inMaker("make", () => refuse)).where).toBe("make");
  });

  it("keeps its getters, its results and its arguments", () => {
    let count = 0;
    const result = Float64Array.of(1, 2);
    const made = inMaker("make", () => ({
      get count() {
        return count;
      },
      add: (a: number, b: number) => a + b,
      result: () => result,
    }));
    count = 7;
    expect(made.count).toBe(7);
    expect(made.add(2, 3)).toBe(5);
    expect(made.result()).toBe(result);
  });

  it("is itself to its methods, and to those of what they return", () => {
    const counter = () => ({
      count: 2,
      next() {
        return ++this.count;
      },
    });
    const made = inMaker("make", () => ({ ...counter(), other: counter }));
    made.next();
    expect(made.next()).toBe(4);
    expect(made.count).toBe(4);
    expect(made.other().next()).toBe(3);
  });
});

describe("docs/reference/errors.md", () => {
  const read = (path: string) => readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), "utf8");

  it("lists every code with its class, and nothing else", () => {
    const listed = [...read("docs/reference/errors.md").matchAll(/^\| `([a-z-]+)` \| `(\w+)` \| .+ \|$/gm)];
    const [, union] = /type ErrorCode =([^;]+);/.exec(read("src/flatward-error.ts")) ?? [];
    const codes = Array.from((union ?? "").matchAll(/"([a-z-]+)"/g), ([, code]) => code);
    expect(listed.map(([, code]) => code)).toEqual(codes);

    const classes = { ...root, ...autodiff } as unknown as Record<
      string,
      new (
        parts: object,
      ) => FlatwardError
    >;
    const exported = Object.keys(classes).filter(
      (name) => name.endsWith("Error") && name !== "FlatwardError",
    );
    expect(listed.map(([, , name]) => name).sort()).toEqual(exported.sort());
    for (const [, code, name] of listed)
      expect(new classes[name]({ expected: "a", got: "b" }).code).toBe(code);
  });
});

describe("every entry point", () => {
  it.each(Object.keys(entryPoints))("exports the errors: %s", (path) => {
    for (const name of Object.keys(flatwardErrors)) expect(entryPoints[path]).toHaveProperty(name);
    expect(entryPoints[path].FlatwardError).toBe(root.FlatwardError);
  });
});

describe("an unknown option", () => {
  const refused = (options: object, names: readonly string[]) =>
    thrownBy(() => requireKnownKeys(options, names, "an option")).next;
  it.each([
    ["betas", ["beta1", "beta2"], 'did you mean "beta1" and "beta2"?'],
    ["weight_decay", ["learningRate", "weightDecay"], 'did you mean "weightDecay"?'],
    ["WeightDecay", ["learningRate", "weightDecay"], 'did you mean "weightDecay"?'],
    ["lr", ["learningRate", "weightDecay"], 'did you mean "learningRate"?'],
    ["tol", ["tolerance", "seed"], 'did you mean "tolerance"?'],
    ["axis", ["axes", "keepAxes"], 'did you mean "axes"?'],
    ["sample_weights", ["x", "y", "weights"], 'did you mean "weights"?'],
    ["max_iter", ["tolerance", "maxIterations"], 'did you mean "maxIterations"?'],
    ["count", ["k", "seed"], 'did you mean "k"?'],
    ["momentun", ["learningRate", "momentum"], 'did you mean "momentum"?'],
    ["mse", ["poisson", "mean-squared-error"], 'did you mean "mean-squared-error"?'],
    ["somethingElse", ["k", "seed"], undefined],
    ["constructor", ["k", "seed"], undefined],
  ])("is answered with what may be meant: %s", (key, names, next) => {
    expect(refused({ [key]: 1 }, names)).toBe(next);
  });

  it("of a reduction is answered with the right call", () => {
    const matrix = [
      [1, 2],
      [3, 4],
    ];
    const next = (options: unknown) => thrownBy(() => autodiff.sum(matrix, options as never)).next;
    expect(next({ axis: 0 })).toBe('did you mean "axes"?');
    expect(next(0)).toBe("write sum(x, { axes: 0 })");
    expect(thrownBy(() => autodiff.softmax(matrix, { axes: 1 } as never)).next).toBe("write softmax(x, 1)");
  });
});

describe("a message", () => {
  const none = root.objectiveOf(1, () => ({ value: 0, gradient: Float64Array.of(0) }));
  const operator = root.productOperator(2, (v) => v);
  it.each([
    [
      "a typed array for a shape",
      () => root.symmetricEigen({ data: new Float64Array(4), shape: Int32Array.of(2, 2) as never }),
      /a\.shape to be an array of integers, got Int32Array of length 2; pass Array\.from\(shape\)/,
    ],
    [
      "an objective without products",
      () => root.epsilonSharpness(none, Float64Array.of(0), { radius: 1 }),
      /objectiveOf\(size, f, \{ hessianVectorProduct/,
    ],
    [
      "an operator for a quadrature",
      () => root.spectralDensity(operator as never),
      /pass stochasticLanczosQuadrature\(operator\)/,
    ],
    [
      "a matrix for an operator",
      () => root.lanczos([[1]] as never),
      /got array of length 1; matrixOperator\(a\)/,
    ],
    ["an objective for an operator", () => root.lanczos(none as never), /hessianAt\(objective, theta\)/],
    ["an operator for a matrix", () => root.symmetricEigen(operator as never), /operator\.toMatrix\(\)/],
    ["a matrix for moments", () => root.wsBounds([[1]] as never), /matrixMoments of a matrix/],
    [
      "what makes an optimizer",
      () => root.stableSpectrum(root.sgd as never),
      /got the function sgd; sgd, usam/,
    ],
    ["texts in a matrix", () => root.symmetricEigen([["1"]] as never), /got "1" in row 0, column 0; convert/],
    [
      "numbers nested too deeply",
      () => root.symmetricEigen([[[1]]] as never),
      /got array of length 1 in row 0/,
    ],
    [
      "an array for theta",
      () => root.epsilonSharpness(none, [0] as never, { radius: 1 }),
      /Float64Array\.from/,
    ],
    [
      "an array for a tensor's data",
      () => root.tensor([1] as never, [1]),
      /data to be a Float64Array, got array/,
    ],
    [
      "a number for a shape",
      () => root.tensor(Float64Array.of(1), 1 as never),
      /shape to be an array, got 1/,
    ],
    [
      "a point where options belong",
      () => autodiff.grad(autodiff.sum, Float64Array.of(1) as never),
      /grad\(f\)\(x\)/,
    ],
    [
      "arguments in another order",
      () => root.productOperator(((v: unknown) => v) as never, 2 as never),
      /comes first/,
    ],
    [
      "a layer's type for its kind",
      () => root.sequential({ input: 1, layers: [{ type: "dense" } as never] }),
      /kind: "dense"/,
    ],
  ])("speaks of what was wrong: %s", (_, call, says) => {
    expect(thrownBy(call).message).toMatch(says);
  });
});
