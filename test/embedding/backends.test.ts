// The engine bundled for pages: in contexts of Node's, and in Chromium where it is installed, with WebAssembly and without.

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createContext, runInContext } from "node:vm";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromium, isInstalled, switches } from "./chromium.js";
// @ts-expect-error: a script, without types.
import { results } from "./results.mjs";

const sources = fileURLToPath(new URL("../../src", import.meta.url));

/** A script that leaves `results` in a variable. */
async function bundled(): Promise<string> {
  const bundle = await rolldown({
    input: fileURLToPath(new URL("results.mjs", import.meta.url)),
    platform: "browser",
    logLevel: "silent",
    resolve: { alias: { flatward: sources }, extensionAlias: { ".js": [".ts", ".js"] } },
  });
  const { output } = await bundle.generate({ format: "iife", name: "engine" });
  await bundle.close();
  return output[0].code;
}

let script: string;
let here: ReturnType<typeof results>;
beforeAll(async () => {
  script = await bundled();
  here = results();
});

describe("a context", () => {
  it.each([
    ["that allows WebAssembly", "wasm", createContext()],
    ["whose policy forbids it", "plain", createContext({}, { codeGeneration: { wasm: false } })],
    ["that does not have it", "plain", createContext({ WebAssembly: undefined })],
  ])("%s runs on %s, to the same bits", (_, backend, context) => {
    runInContext(script, context);
    expect(JSON.parse(runInContext("JSON.stringify(engine.results())", context))).toEqual({
      ...here,
      backend,
    });
  });

  it("whose policy forbids WebAssembly says so when it is asked for", () => {
    const context = createContext({}, { codeGeneration: { wasm: false } });
    runInContext(script, context);
    expect(() => runInContext(`engine.useBackend("wasm")`, context)).toThrow(
      /useBackend: expected WebAssembly .*, got .* without it; take "auto" or "plain"/,
    );
    expect(runInContext("engine.results().backend", context)).toBe("plain");
  });
});

if (!isInstalled) console.log("Chromium is not installed: its policies are not tried");

describe.runIf(isInstalled)("a page in Chromium", () => {
  let server: Server;
  let profile: string;
  beforeAll(async () => {
    profile = mkdtempSync(join(tmpdir(), "flatward-chromium-"));
    server = createServer(({ url = "" }, response) => {
      const { pathname, searchParams } = new URL(url, "http://localhost");
      if (pathname === "/engine.js") return response.end(script);
      if (pathname === "/print.js")
        return response.end("document.body.textContent = JSON.stringify(engine.results());");
      response.setHeader("Content-Security-Policy", searchParams.get("policy") ?? "");
      response.setHeader("Content-Type", "text/html");
      return response.end('<body><script src="/engine.js"></script><script src="/print.js"></script>');
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  });
  afterAll(() => {
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 10 });
  });

  /** What the page has written. */
  async function written(policy: string): Promise<unknown> {
    const { port } = server.address() as AddressInfo;
    const { stdout } = await promisify(execFile)(chromium, [
      ...switches(profile),
      "--dump-dom",
      `http://127.0.0.1:${port}/?policy=${encodeURIComponent(policy)}`,
    ]);
    return JSON.parse(/<body>(.*)<\/body>/s.exec(stdout)?.[1] ?? "null");
  }

  it.each([
    ["with 'wasm-unsafe-eval'", "wasm", "script-src 'self' 'wasm-unsafe-eval'"],
    ["without", "plain", "script-src 'self'"],
  ])("under a policy %s runs on %s, to the same bits of arithmetic", async (_, backend, policy) => {
    expect(await written(policy)).toMatchObject({ backend, arithmetic: here.arithmetic });
  });
});
