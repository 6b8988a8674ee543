import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { command, installed, killGroup, planFile, start, startRedis } from "../support/clusters.js";
import { scratch } from "../support/run.js";

const PASSWORD = "correct-horse";
const plan = () => planFile({ seeds: [1], training: { steps: 5 } });

describe.skipIf(!installed("redis-server", "redis-server"))("a Redis server", () => {
  const started: ReturnType<typeof start>[] = [];
  afterEach(() => {
    for (const { child } of started.splice(0)) killGroup(child);
  });
  const server = async (...options: string[]): Promise<number> => {
    const redis = await startRedis(options);
    started.push(redis);
    return redis.port;
  };
  const flatward = (args: string[], env = {}) => {
    const running = start(process.execPath, [command, ...args], env);
    started.push(running);
    return running;
  };
  /** A sweep and a worker that find each other. */
  const works = async (url: string, env = {}) => {
    const worker = flatward(["worker", "--redis", url, "--workers", "1"], env);
    const sweep = flatward(["sweep", plan(), "--output", scratch(), "--redis", url], env);
    expect([await sweep.ended, sweep.said()]).toEqual([0, expect.stringContaining("computed now")]);
    worker.child.kill("SIGTERM");
    expect(await worker.ended).toBe(0);
    for (const { said } of [worker, sweep]) expect(said()).not.toContain(PASSWORD);
  };
  const refused = async (url: string, says: RegExp, env = {}) => {
    const sweep = flatward(["sweep", plan(), "--output", scratch(), "--redis", url], env);
    expect([await sweep.ended, sweep.said()]).toEqual([4, expect.stringMatching(says)]);
  };

  it("may want a password, from the URL or from the environment", async () => {
    const port = await server("--port", "PORT", "--requirepass", PASSWORD);
    await works(`redis://:${PASSWORD}@127.0.0.1:${port}`);
    await works(`redis://127.0.0.1:${port}`, { FLATWARD_REDIS_PASSWORD: PASSWORD });
    await refused(`redis://127.0.0.1:${port}`, /NOAUTH.*FLATWARD_REDIS_PASSWORD/);
    await refused(`redis://:wrong-one@127.0.0.1:${port}`, /redis:\/\/…@127\.0\.0\.1:\d+: WRONGPASS/);
  });

  it.skipIf(!installed("openssl", "openssl"))(
    "may be reached by TLS, with an authority of one's own",
    async (context) => {
      const folder = scratch();
      const at = (name: string) => join(folder, name);
      const made = [
        `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=authority -days 2 -keyout ca.key -out ca.crt`,
        `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=queue -days 2 -keyout queue.key -out queue.crt -addext subjectAltName=IP:127.0.0.1 -addext basicConstraints=critical,CA:FALSE -CA ca.crt -CAkey ca.key`,
      ].map((args) => spawnSync("openssl", args.split(" "), { cwd: folder, encoding: "utf8" }));
      expect(made.map(({ status, stderr }) => [status, status === 0 || stderr])).toEqual([
        [0, true],
        [0, true],
      ]);
      const tls = [
        "--tls-port",
        "PORT",
        "--tls-cert-file",
        at("queue.crt"),
        "--tls-key-file",
        at("queue.key"),
      ];
      const port = await server("--port", "0", ...tls, "--tls-auth-clients", "no").catch(() => undefined);
      if (port === undefined) {
        console.warn("redis-server is built without TLS, which is not tested");
        context.skip();
      }
      const url = `rediss://127.0.0.1:${port}`;
      await works(url, { NODE_EXTRA_CA_CERTS: at("ca.crt") });
      await refused(url, /certificate/);
    },
  );
});
