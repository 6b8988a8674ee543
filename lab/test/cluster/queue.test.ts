import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { checkpointKey } from "../../src/cluster/checkpoints.js";
import { deserialize } from "../../src/serialize.js";
import type { Saved } from "../../src/sweep/checkpoint.js";
import type { CellRecord } from "../../src/sweep/record.js";
import {
  command,
  installed,
  killGroup,
  planFile,
  reproducible,
  start,
  startRedis,
  undisturbed,
  until,
} from "../support/clusters.js";
import { writePictures } from "../support/idx-files.js";
import { flatward, scratch } from "../support/run.js";

describe.skipIf(!installed("redis-server", "redis-server"))("a sweep on a queue", () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  let url: string;
  beforeAll(async () => {
    redis = await startRedis();
    url = `redis://127.0.0.1:${redis.port}`;
  });
  afterAll(() => killGroup(redis.child));

  const started: ReturnType<typeof start>[] = [];
  afterEach(() => {
    for (const { child } of started.splice(0)) killGroup(child);
  });
  const run = (...args: string[]) => {
    const running = start(process.execPath, [command, ...args]);
    started.push(running);
    return running;
  };

  const worker = () =>
    run(
      ...["worker", "--redis", url, "--workers", "1"],
      ...["--lock-seconds", "1", "--checkpoint-seconds", "0.05"],
    );
  const sweep = (plan: string, folder: string) => run("sweep", plan, "--output", folder, "--redis", url);
  const cellsOf = (said: string) => said.match(/^done .*$/gm) ?? [];

  it("gives the same results, though one of two workers is killed twice", async () => {
    const plan = planFile({ seeds: [1, 2, 3] });
    const folder = scratch();
    const sweeping = sweep(plan, folder);
    await until(() => sweeping.said().includes("waiting for workers"), "the sweep to wait for workers");
    const steady = worker();
    for (let kill = 0; kill < 2; kill++) {
      const doomed = worker();
      await until(() => cellsOf(doomed.said()).length > 0, "the doomed worker's cells");
      killGroup(doomed.child);
    }
    const last = worker();
    expect(await sweeping.ended).toBe(0);
    expect(reproducible(folder)).toEqual(undisturbed(plan));
    expect(sweeping.said()).toContain("18 cells: 18 computed now");

    for (const { child } of [steady, last]) child.kill("SIGTERM");
    expect(await steady.ended).toBe(0);
    expect(await last.ended).toBe(0);
  });

  it("keeps what is finished while nobody listens, and computes nothing twice", async () => {
    const plan = planFile({ seeds: [3] });
    const folder = scratch();
    const first = sweep(plan, folder);
    await until(() => first.said().includes("waiting for workers"), "the sweep to wait for workers");
    killGroup(first.child);
    const busy = worker();
    await until(() => cellsOf(busy.said()).length === 6, "the worker to finish all cells");
    const second = sweep(plan, folder);
    expect(await second.ended).toBe(0);
    expect(reproducible(folder)).toEqual(undisturbed(plan));
    expect(cellsOf(busy.said())).toHaveLength(6);
    busy.child.kill("SIGTERM");
    expect(await busy.ended).toBe(0);
  });

  it("goes on from the checkpoint of a worker that was asked to leave", async () => {
    const plan = planFile({ seeds: [4], training: { steps: 12_000, batchSize: 50 } });
    const folder = scratch();
    const connection = new Redis(url);
    // Workers that were killed have left checkpoints behind.
    await connection.flushall();
    const sweeping = sweep(plan, folder);
    const leaving = worker();
    while ((await connection.keys(checkpointKey("*"))).length === 0);
    leaving.child.kill("SIGTERM");
    expect(await leaving.ended).toBe(0);
    const kept: Pick<Saved, "cell" | "steps">[] = [];
    for (const key of await connection.keys(checkpointKey("*")))
      kept.push(deserialize((await connection.getBuffer(key)) as Buffer) as Saved);
    connection.disconnect();
    // That of a cell which is done may be there still.
    const [{ cell, steps }, ...others] = kept.filter(
      ({ cell }) => !leaving.said().includes(cell.slice(0, 12)),
    );
    expect([others, steps > 0]).toEqual([[], true]);
    const staying = worker();
    expect(await sweeping.ended).toBe(0);
    staying.child.kill("SIGTERM");
    await staying.ended;
    const { stdout } = flatward("run", "--of", plan, "--cell", cell, "--json", "--output", folder);
    const [record]: CellRecord[] = JSON.parse(stdout);
    expect(record.provenance.resumedAt).toBe(steps);
    expect(reproducible(folder)).toEqual(undisturbed(plan));
  });

  it("is put into the queue again, with its data, when the server has forgotten it", async () => {
    const data = ownData[0][1](scratch());
    const plan = planFile({ data, seeds: [5], training: { steps: 20 } });
    const folder = scratch();
    const sweeping = sweep(plan, folder);
    await until(() => sweeping.said().includes("waiting for workers"), "the sweep to wait for workers");
    const connection = new Redis(url);
    await connection.flushall();
    connection.disconnect();
    worker();
    expect(await sweeping.ended).toBe(0);
    expect(reproducible(folder)).toEqual(undisturbed(plan));
  });

  it("loses nothing when another sweep, which asked for the same cells, is stopped", async () => {
    const plan = planFile({ seeds: [6], training: { steps: 20 } });
    const [kept, left] = [scratch(), scratch()];
    const [staying, leaving] = [sweep(plan, kept), sweep(plan, left)];
    for (const one of [staying, leaving])
      await until(() => one.said().includes("waiting for workers"), "the sweeps to wait for workers");
    leaving.child.kill("SIGINT");
    expect(await leaving.ended).toBe(75);
    worker();
    expect(await staying.ended).toBe(0);
    expect(reproducible(kept)).toEqual(undisturbed(plan));
  });

  const ownData: readonly [what: string, write: (folder: string) => { name: string; path: string }][] = [
    [
      "file",
      (folder) => {
        const path = join(folder, "own.csv");
        const line = (i: number) => `${Math.sin(i) + (i % 2)},${Math.cos(3 * i)},${i % 2 ? "a" : "b"}`;
        writeFileSync(path, `u,v,side\n${Array.from({ length: 40 }, (_, i) => line(i)).join("\n")}\n`);
        return { name: "csv", path };
      },
    ],
    [
      "folder",
      (folder) => {
        writePictures(folder, "train", { count: 20 });
        writePictures(folder, "t10k", { count: 10 }, { gzipped: true });
        return { name: "mnist", path: folder };
      },
    ],
  ];
  it.each(ownData)("sends a user's %s along", async (_, write) => {
    const [folder, own] = [scratch(), scratch()];
    const plan = planFile({ data: write(own), seeds: [1], training: { steps: 5 } });
    const expected = undisturbed(plan);
    const sweeping = sweep(plan, folder);
    await until(() => sweeping.said().includes("waiting for workers"), "the sweep to wait for workers");
    rmSync(own, { recursive: true });
    const busy = worker();
    expect(await sweeping.ended).toBe(0);
    expect(reproducible(folder)).toEqual(expected);
    busy.child.kill("SIGTERM");
    await busy.ended;
  });

  it("says so when there is no server", () => {
    const { status, stderr } = flatward(
      "sweep",
      planFile(),
      "--output",
      scratch(),
      "--redis",
      "redis://127.0.0.1:1",
    );
    expect(status).toBe(4);
    expect(stderr).toMatch(/cannot work with Redis at redis:\/\/127\.0\.0\.1:1.*start one/);
  });
});
