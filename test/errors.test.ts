import { describe, expect, it } from "vitest";
import { ArgumentError, type FlatwardError, inCallback, inFunction, inMaker } from "../src/errors.js";

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
