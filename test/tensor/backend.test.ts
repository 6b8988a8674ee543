import { afterEach, describe, expect, it } from "vitest";
import { ArgumentError, backend, useBackend } from "../../src/tensor/index.js";
import { chosenBackend } from "../setup.js";

afterEach(() => useBackend(chosenBackend));

describe("the backend", () => {
  it("is the one that this run of the tests is for", () => {
    expect(backend()).toBe(chosenBackend);
  });

  it("is WebAssembly by default, where the platform has it", () => {
    useBackend("auto");
    expect(backend()).toBe("wasm");
  });

  it.each(["plain", "wasm"] as const)("is %s when that is asked for", (name) => {
    useBackend(name);
    expect(backend()).toBe(name);
  });

  it("stays what it was when another name is refused", () => {
    useBackend("plain");
    expect(() => useBackend("simd" as "wasm")).toThrow(ArgumentError);
    expect(backend()).toBe("plain");
  });
});
