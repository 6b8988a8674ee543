import { backend, useBackend } from "flatward/tensor";
import { afterEach, describe, expect, it, vi } from "vitest";
import { chosenBackend } from "../../test/setup.js";
import { chooseBackend } from "../src/backend.js";
import { main } from "../src/cli/main.js";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  useBackend(chosenBackend);
});

describe("FLATWARD_BACKEND", () => {
  it.each(["plain", "wasm"] as const)("chooses %s", (name) => {
    vi.stubEnv("FLATWARD_BACKEND", name);
    chooseBackend();
    expect(backend()).toBe(name);
  });

  it("leaves the choice to the engine where it is not set", () => {
    vi.stubEnv("FLATWARD_BACKEND", undefined);
    useBackend("plain");
    chooseBackend();
    expect(backend()).toBe("plain");
  });

  it("is refused by every command where it names no backend", async () => {
    vi.stubEnv("FLATWARD_BACKEND", "simd");
    const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    expect(await main(["node", "flatward", "methods"])).toBe(2);
    expect(String(write.mock.calls[0]?.[0])).toMatch(
      /FLATWARD_BACKEND: .* one of auto, wasm, plain, got "simd"/,
    );
  });
});
