// Threads in Chromium, where it is installed: a page that loads what is built, isolated from other origins or not.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { chromium, isInstalled, switches } from "./chromium.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const isolating = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** Nothing of the package ndarray is needed, or loaded. */
const page = `<script type="module">
  const say = (said) => fetch("/said", { method: "POST", body: said });
  try {
    const { startThreads } = await import("/dist/threads/index.js");
    const { addProduct } = await import("/dist/tensor/product.js");
    const { exactHessian } = await import("/dist/hessian/exact.js");
    const { wsUpperBoundAndGradient } = await import("/dist/hsr/upper-bound.js");
    const { threeLayerNet } = await import("/dist/nn/dense/three-layer.js");
    const n = 300;
    const matrix = (data) => ({ data, offset: 0, down: n, across: 1 });
    const a = matrix(Float64Array.from({ length: n * n }, (_, i) => Math.sin(i)));
    const square = () => {
      const c = matrix(new Float64Array(n * n));
      addProduct(c, a, a, [n, n, n]);
      return c.data;
    };
    const net = threeLayerNet({ inputs: 12, hidden: 16, outputs: 8 });
    const theta = net.init(3);
    const x = { data: Float64Array.from({ length: 12 * 192 }, (_, i) => Math.sin(i)), shape: [192, 12] };
    const batch = { x, y: Array.from({ length: 192 }, (_, i) => i % 8) };
    const all = [
      square,
      () => exactHessian(net, theta, batch).data,
      () => wsUpperBoundAndGradient(net, theta, batch, { route: "gram" }).gradient,
    ];
    const alone = all.map((one) => one());
    const threads = await startThreads(3);
    const isSame = (one, at) => one().every((x, i) => x === alone[at][i]);
    const same = Array.from({ length: 20 }, () => all.every(isSame)).every(Boolean);
    threads.stop();
    await say(threads.count + " threads, " + (same ? "the same bits" : "other bits"));
  } catch (error) {
    await say(String(error));
  }
</script>`;

/** What the page says, served with such headers. */
async function said(headers: Readonly<Record<string, string>>): Promise<string> {
  let hear: (text: string) => void;
  const heard = new Promise<string>((resolve) => {
    hear = resolve;
  });
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "", "http://localhost");
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (pathname === "/said") {
      const chunks = await request.toArray();
      response.end();
      return hear(Buffer.concat(chunks).toString());
    }
    const script = pathname.startsWith("/dist/");
    response.setHeader("Content-Type", script ? "text/javascript" : "text/html");
    response.end(script ? readFileSync(join(root, pathname)) : page);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const profile = mkdtempSync(join(tmpdir(), "flatward-chromium-"));
  const { port } = server.address() as AddressInfo;
  const browser = spawn(chromium, [...switches(profile), `http://127.0.0.1:${port}/`], {
    stdio: "ignore",
    detached: true,
  });
  const ended = once(browser, "exit");
  try {
    return await Promise.race([heard, ended.then(() => "Chromium ended")]);
  } finally {
    // With all its processes, which would go on writing to the profile.
    if (browser.exitCode === null) process.kill(-(browser.pid as number), "SIGKILL");
    await ended;
    server.closeAllConnections();
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 10 });
  }
}

describe.runIf(isInstalled)("threads in a page", () => {
  beforeAll(() => {
    execFileSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, "-b", "src"], { cwd: root });
  });

  it("that is isolated give the same bits", async () => {
    expect(await said(isolating)).toBe("3 threads, the same bits");
  });

  it("that is not are refused, with the headers that isolate it", async () => {
    expect(await said({})).toMatch(
      /startThreads: expected memory .* Cross-Origin-Embedder-Policy: require-corp/,
    );
  });
});
