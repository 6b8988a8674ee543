import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
// @ts-expect-error: a script, without types.
import { compiled, kernels, pathOf } from "../../kernels/build.mjs";

const built = new URL("../../src/tensor/kernels/", import.meta.url);

describe("the bytes of kernels", () => {
  it("are of every source in kernels/, and of nothing else", () => {
    expect(kernels.map((name: string) => `${name}.ts`)).toEqual(readdirSync(built).sort());
  });

  it.each<string>(kernels)("of %s are what its source compiles to (npm run kernels)", async (name) => {
    expect(readFileSync(pathOf(name), "utf8")).toBe(await compiled(name));
  });
});
