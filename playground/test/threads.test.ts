import { describe, expect, it } from "vitest";
import { latest } from "../src/state/latest.js";
import { type Port, remote, serve } from "../src/worker/remote.js";

/** Two ends of a line. */
function line(): [Port, Port] {
  const { port1, port2 } = new MessageChannel();
  for (const port of [port1, port2]) port.start();
  return [port1, port2] as unknown as [Port, Port];
}

describe("a remote", () => {
  const api = {
    sum: (a: number, b: number) => a + b,
    fail: (what: string): number => {
      throw new Error(`no ${what}`);
    },
  };

  it("answers each call with its own result, and hands errors on", async () => {
    const [here, there] = line();
    serve(there, api);
    const calls = remote<typeof api>(here);
    expect(await Promise.all([calls.sum(1, 2), calls.sum(3, 4)])).toEqual([3, 7]);
    await expect(calls.fail("way")).rejects.toThrow("no way");
    for (const port of [here, there]) (port as unknown as MessagePort).close();
  });
});

describe("the latest", () => {
  it("runs the first and the last of calls that come at once", async () => {
    const seen: number[] = [];
    const run = latest(async (value: number) => {
      seen.push(value);
      await Promise.resolve();
    });
    for (const value of [1, 2, 3, 4]) run(value);
    await new Promise((done) => setTimeout(done));
    run(5);
    await new Promise((done) => setTimeout(done));
    expect(seen).toEqual([1, 4, 5]);
  });
});
