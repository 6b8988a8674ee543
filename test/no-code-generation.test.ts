import { describe, expect, it } from "vitest";

/** Set by the project "engine without code generation" (vitest.config.ts). */
const forbidden = process.env.CODE_GENERATION === "forbidden";

const compile = (): unknown => new Function("return 1")();

describe.runIf(forbidden)("in a process that may not compile strings", () => {
  it("runs under the flag that forbids it", () => {
    expect(process.execArgv).toContain("--disallow-code-generation-from-strings");
  });

  it("refuses new Function, as a strict content security policy does", () => {
    expect(compile).toThrow(EvalError);
  });

  it("imports the whole engine, the door to ndarray included", async () => {
    const engine = await import("flatward");
    expect(engine.threeLayerNet({ inputs: 1, hidden: 1, outputs: 1 }).size).toBe(4);
  });

  it("refuses toNdarray alone, since ndarray compiles its accessors", async () => {
    const { tensor, toNdarray } = await import("flatward");
    expect(() => toNdarray(tensor(new Float64Array(4), [2, 2]))).toThrow(EvalError);
  });
});

describe.skipIf(forbidden)("in an ordinary process", () => {
  it("compiles strings, so that the other project is the stricter one", () => {
    expect(compile()).toBe(1);
  });
});
