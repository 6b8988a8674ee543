import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import v8 from "node:v8";
import { Queue, UnrecoverableError, Worker } from "bullmq";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { checkpointKey } from "../../src/cluster/checkpoints.js";
import { fileKey } from "../../src/cluster/published.js";
import { PREFIX, queueName } from "../../src/cluster/redis.js";
import { hashOf } from "../../src/experiment/provenance.js";
import { serialize } from "../../src/serialize.js";
import type { Manifest } from "../../src/sweep/manifest.js";
import type { CellRecord } from "../../src/sweep/record.js";
import { command, installed, killGroup, planFile, start, startRedis, until } from "../support/clusters.js";
import {
  announced,
  controls,
  csv,
  type Job,
  jobsOf,
  listing,
  markup,
  ownFolders,
  SECRET,
  secretTable,
  sha256,
  table,
  watchedFolder,
} from "../support/hostile.js";
import { flatward, scratch } from "../support/run.js";
import { hostileJobs } from "./hostile-jobs.js";

const short = {
  seeds: [1],
  methods: [{ name: "gradient-descent", learningRate: 0.3 }],
  training: { steps: 5 },
};
const manifestOf = (plan: string): Manifest =>
  JSON.parse(flatward("sweep", plan, "--dry-run", "--json").stdout);

describe.skipIf(!installed("redis-server", "redis-server"))("whoever can write to a queue", () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  let url: string;
  let connection: Redis;
  let queue: Queue<unknown>;
  let name: string;
  let iris: Manifest;
  beforeAll(async () => {
    redis = await startRedis();
    url = `redis://127.0.0.1:${redis.port}`;
    iris = manifestOf(planFile(short));
    name = queueName(iris.engine);
    connection = new Redis(url, { maxRetriesPerRequest: null });
    queue = new Queue(name, { connection, prefix: PREFIX });
  });
  afterAll(async () => {
    await queue.close();
    connection.disconnect();
    killGroup(redis.child);
  });
  const started: ReturnType<typeof start>[] = [];
  afterEach(async () => {
    for (const { child } of started.splice(0)) killGroup(child);
    await connection.flushall();
  });
  const run = (args: string[], env = {}) => {
    const running = start(process.execPath, [command, ...args], env);
    started.push(running);
    return running;
  };

  /** A worker whose temporary folder and home lie in a watched one. */
  const worker = (root: string, ...options: string[]) =>
    run(["worker", "--redis", url, "--workers", "2", "--lock-seconds", "1", ...options], {
      TMPDIR: join(root, "tmp"),
      HOME: join(root, "home"),
    });
  /** All that is in the server, as one text. */
  const everything = async (): Promise<string> => {
    const parts: unknown[] = [];
    for (const key of await connection.keys("*")) {
      const type = await connection.type(key);
      if (type === "hash") parts.push(await connection.hgetall(key));
      if (type === "stream") parts.push(await connection.xrange(key, "-", "+"));
    }
    return JSON.stringify(parts);
  };
  /** How a job has ended. */
  const ended = async (id: string): Promise<{ state: string; reason: string }> => {
    for (;;) {
      const state = await queue.getJobState(id);
      const { failedReason: reason = "", stacktrace = "[]" } = await connection.hgetall(queue.toKey(id));
      // Of which folders this machine has, nothing is said.
      expect(stacktrace).toBe("[]");
      if (state === "failed" || state === "completed") return { state, reason };
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  /** Puts a job into the queue that was given back ten times, and will not be again. */
  const put = async ({ id, content }: Job, options = {}) => {
    await queue.add("cell", {}, { jobId: id, ...options });
    const data = typeof content === "string" ? content : JSON.stringify(content);
    await connection.hset(queue.toKey(id), { data, ats: 10 });
  };

  it("makes a worker write and read nothing, and keeps it from nothing", { timeout: 120_000 }, async () => {
    const root = watchedFolder();
    for (const content of [table, secretTable]) await connection.set(fileKey(sha256(content)), content);
    await connection.set(fileKey(sha256("announced")), "delivered");
    const job = jobsOf(iris);
    const hostile = hostileJobs(job, iris.cells[0].config, root);
    expect(hostile.length).toBeGreaterThanOrEqual(20);
    for (const [, one, , options] of hostile) await put(one, options);
    // No JSON at all: the queue's own library stumbles.
    await put({ id: "torn", content: "{" });
    const place = "../../outside/written.csv";
    const good = job({ data: csv(place), files: announced(table) });
    await put(good);

    const before = listing(root);
    const busy = worker(root);
    for (const [what, { id }, says] of hostile) {
      const { state, reason } = await ended(id);
      expect([what, state, reason]).toEqual([what, "failed", expect.stringMatching(says)]);
      expect([what, reason.length <= 81]).toEqual([what, true]);
    }
    expect(await ended(good.id)).toEqual({ state: "completed", reason: "" });
    // A place that somebody names is a name, and no more.
    expect(await connection.hget(queue.toKey(good.id), "returnvalue")).toContain(place);

    const plan = planFile({ ...short, seeds: [1, 2, 3, 4, 5] });
    const [first, ...others] = manifestOf(plan).cells.map(({ id }) => checkpointKey(id));
    const checkpoints = [
      Buffer.from("no checksum"),
      serialize(Buffer.from("no checkpoint")),
      // Three million objects in one another.
      serialize(Buffer.concat([Buffer.from([0xff, 0x0f]), Buffer.alloc(3_000_000, 0x6f)])),
      serialize(v8.serialize({ theta: "none", steps: -1, state: { __proto__: null } })),
    ];
    await connection.rpush(first, "no text");
    for (const [i, key] of others.entries()) await connection.set(key, Buffer.from(checkpoints[i]));
    const folder = scratch();
    const sweeping = run(["sweep", plan, "--redis", url, "--output", folder]);
    expect([await sweeping.ended, sweeping.said()]).toEqual([0, expect.stringContaining("5 computed now")]);

    expect(listing(root)).toEqual(before);
    const [own, ...more] = ownFolders(root);
    expect(more).toEqual([]);
    expect(statSync(join(root, "tmp", own)).mode & 0o777).toBe(0o700);
    const replies = await everything();
    // What was sent had it once: in no job, and in no record.
    expect(replies).not.toContain(SECRET);
    expect(replies).not.toContain(`${root}/tmp`);
    expect(busy.said()).not.toMatch(controls);
    expect(busy.said().match(/the checkpoint of \w+ cannot be used/g)).toHaveLength(checkpoints.length);
    busy.child.kill("SIGTERM");
    expect(await busy.ended).toBe(0);
    expect(ownFolders(root)).toEqual([]);
  });

  it("makes a worker read its own files in the folder that it was given, and no others", async () => {
    const root = watchedFolder();
    const job = jobsOf(iris);
    const local = (path: string) => job({ data: csv(path) });
    const mnist = (path: string) => job({ data: { source: { name: "mnist", path } } });
    const tries: readonly (readonly [Job, string])[] = [
      [local(join(root, "data", "own.csv")), "completed"],
      [local("own.csv"), "completed"],
      [local("bad.csv"), "data"],
      [local("none.csv"), "file"],
      [local("pictures"), "file"],
      [local("."), "file"],
      [local("own.csv\0.csv"), "file"],
      [local("x/".repeat(100_000)), "file"],
      [local("link.csv"), "file"],
      [local("folder/secret.csv"), "file"],
      [mnist("folder"), "file"],
      [mnist("pictures"), "file"],
      [local("../outside/secret.csv"), "file"],
      [local(join(root, "outside", "secret.csv")), "file"],
      [local(`${root}/data/../outside/secret.csv`), "file"],
    ];
    const before = listing(root);
    const [[{ id, content }]] = tries;
    await queue.add("cell", content, { jobId: id });
    const other = worker(root);
    await until(() => other.said().includes("left to another worker"), "the worker without a folder");
    other.child.kill("SIGTERM");
    expect(await other.ended).toBe(0);
    for (const [one] of tries.slice(1)) await put(one);
    const busy = worker(root, "--data-root", join(root, "data"));
    for (const [i, [{ id }, how]] of tries.entries()) {
      const sentence = `its data cannot be read, or do not fit (${how}); the worker's terminal says why`;
      const [state, reason] = how === "completed" ? [how, ""] : ["failed", sentence];
      expect([i, await ended(id)]).toEqual([i, { state, reason }]);
    }
    expect(listing(root)).toEqual(before);
    expect(await everything()).not.toContain(SECRET);
    expect(busy.said()).toContain("the only folder that this worker reads");
    busy.child.kill("SIGTERM");
    expect(await busy.ended).toBe(0);
    expect(ownFolders(root)).toEqual([]);
  });

  it("makes a sweep take nothing that is no record of its cells", { timeout: 120_000 }, async () => {
    const plan = planFile({ ...short, seeds: { first: 1, count: 17 } });
    const ids = manifestOf(plan).cells.map(({ id }) => id);
    const local = scratch();
    flatward("sweep", plan, "--output", local);
    const recordOf = (id: string): CellRecord =>
      JSON.parse(readFileSync(join(local, "cells", `${id}.json`), "utf8"));
    /** A record with other content, its hash right. */
    const forged = (id: string, changes: object, { provenance, sha256: _, ...content } = recordOf(id)) => {
      const changed = { ...content, ...changes };
      return JSON.stringify({ ...changed, sha256: hashOf(changed), provenance });
    };
    const result = (id: string, changes: object) => ({ result: { ...recordOf(id).result, ...changes } });
    const measured = (id: string, changes: object) =>
      result(id, { measures: { ...recordOf(id).result?.measures, ...changes } });
    const failing = (message: string) => ({
      state: "failed",
      result: undefined,
      error: { name: "Error", message },
    });
    const giant = `${markup}${"x".repeat(2_000_000)}`;
    const unusable: readonly ((id: string) => unknown)[] = [
      () => "",
      () => markup,
      () => 7,
      () => null,
      () => giant,
      () => '{ "__proto__": { "polluted": 1 }, "constructor": 1 }',
      () => JSON.stringify(recordOf(ids.at(-1) as string)),
      (id) => forged(id, { result: undefined }),
      (id) => forged(id, { "../../junk": 1 }),
      (id) => forged(id, result(id, { junk: 1 })),
      (id) => forged(id, result(id, { steps: 1e9 })),
      (id) => forged(id, measured(id, { [markup]: 1 })),
      (id) => forged(id, measured(id, { lambdaMax: markup })),
      (id) => JSON.stringify({ ...recordOf(id), state: "failed", error: { name: "E", message: markup } }),
    ];
    // The last three: a record that may be, but for its words; an error; and a good one.
    const [rude, thrown, good] = ids.slice(unusable.length);
    let taken = 0;
    const own = connection.duplicate();
    const hostile = new Worker(
      name,
      async ({ id = "" }) => {
        taken++;
        if (id === rude) return forged(id, failing(giant));
        if (id === thrown) throw new UnrecoverableError(giant);
        return id === good ? JSON.stringify(recordOf(id)) : unusable[ids.indexOf(id)](id);
      },
      { connection: own, prefix: PREFIX, concurrency: 4 },
    );
    // A key of another kind where a job shall be, and a job that is no JSON.
    const [text, torn] = ids;
    await connection.set(queue.toKey(text), "text");
    await connection.hset(queue.toKey(torn), "data", "{");
    const folder = scratch();
    const sweeping = run(["sweep", plan, "--redis", url, "--output", folder]);
    const code = await sweeping.ended;
    await hostile.close(true);
    own.disconnect();
    const said = sweeping.said();
    expect([code, said]).toEqual([6, expect.stringContaining("16 cells failed; npx flatward status")]);
    expect(taken).toBe(3 + 3 * (unusable.length - 1));
    expect(said.match(/an answer from the queue is no record of its cell: /g)).toHaveLength(1);
    expect(said).toContain(`${3 * unusable.length} answers from the queue were no records of their cells`);
    const kept: CellRecord = JSON.parse(readFileSync(join(folder, "cells", `${thrown}.json`), "utf8"));
    expect(kept.error?.message.length).toBeLessThan(90);
    const { stdout } = flatward("status", folder);
    expect(stdout).toContain("3 answers from the queue were no records of this cell");
    const page = readFileSync(join(folder, "report.html"), "utf8");
    const results = readFileSync(join(folder, "results.json"), "utf8");
    for (const shown of [said, stdout]) {
      expect(shown).not.toMatch(controls);
      expect(shown).not.toContain("x".repeat(600));
      expect(shown).toContain("<img src=x");
    }
    for (const written of [page, results]) expect(written).not.toContain("x".repeat(600));
    expect(page).not.toContain("<img src=x");
    expect(page).not.toMatch(controls);
  });

  it("shows nothing of an answer that a terminal obeys", async () => {
    const own = connection.duplicate();
    const hostile = new Worker(name, async () => markup, { connection: own, prefix: PREFIX });
    const sweeping = run(["sweep", planFile(short), "--redis", url, "--output", scratch()]);
    expect(await sweeping.ended).toBe(6);
    await hostile.close(true);
    own.disconnect();
    expect(sweeping.said()).toContain("<img src=x");
    expect(sweeping.said()).not.toMatch(controls);
  });
});
