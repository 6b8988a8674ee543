import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as clusters from "../support/clusters.js";
import { flatward, scratch } from "../support/run.js";

/** A cluster of one node, this machine, without accounts or authentication. */
async function startCluster() {
  const folder = scratch();
  for (const name of ["state", "spool"]) mkdirSync(join(folder, name));
  const conf = join(folder, "slurm.conf");
  writeFileSync(
    conf,
    `ClusterName=test
SlurmctldHost=${hostname()}(127.0.0.1)
SlurmUser=root
SlurmctldPort=${await clusters.freePort()}
SlurmdPort=${await clusters.freePort()}
AuthType=auth/none
CryptoType=crypto/none
CredType=cred/none
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
ReturnToService=2
SlurmctldPidFile=${join(folder, "slurmctld.pid")}
SlurmdPidFile=${join(folder, "slurmd.pid")}
SlurmctldLogFile=${join(folder, "slurmctld.log")}
SlurmdLogFile=${join(folder, "slurmd.log")}
StateSaveLocation=${join(folder, "state")}
SlurmdSpoolDir=${join(folder, "spool")}
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,sched_min_interval=0,batch_sched_delay=0,bf_interval=1
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
JobAcctGatherType=jobacct_gather/none
KillWait=5
NodeName=${hostname()} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`,
  );
  const daemons = [
    clusters.start("slurmctld", ["-D", "-f", conf]),
    clusters.start("slurmd", ["-D", "-f", conf]),
  ];
  const env = { ...process.env, SLURM_CONF: conf };
  const slurm = (program: string, ...args: string[]) =>
    execFileSync(program, args, { env, encoding: "utf8" });
  await clusters.until(
    () => spawnSync("sinfo", ["-h", "-o", "%T"], { env, encoding: "utf8" }).stdout.includes("idle"),
    "the node to be idle",
  );
  const stop = () => {
    for (const { child } of daemons) clusters.killGroup(child);
  };
  return { slurm, stop };
}

const possible = clusters.installed("slurmctld", "slurm-wlm") && process.getuid?.() === 0;

describe.skipIf(!possible)("a sweep as a Slurm job array", () => {
  let cluster: Awaited<ReturnType<typeof startCluster>>;
  beforeAll(async () => {
    cluster = await startCluster();
  });
  afterAll(() => cluster?.stop());
  const finished = (what: string) => clusters.until(() => cluster.slurm("squeue", "-h").trim() === "", what);

  it("gives the same results, and submits again only what is missing", async () => {
    const plan = clusters.planFile();
    const folder = scratch();
    const write = () => flatward("export", "slurm", plan, "--output", folder, "--cells-per-task", "2");
    expect(write().stdout).toContain("6 of 6 tasks");
    const script = join(folder, "sweep.sbatch");
    cluster.slurm("sbatch", script);
    await finished("the array");
    const expected = clusters.undisturbed(plan);
    expect(clusters.reproducible(folder)).toEqual(expected);

    // Two results are lost: their tasks, and no other, are submitted again.
    const names = readdirSync(join(folder, "cells")).sort();
    for (const name of names.slice(0, 2)) rmSync(join(folder, "cells", name));
    const before = new Map(
      names.slice(2).map((name) => [name, readFileSync(join(folder, "cells", name), "utf8")]),
    );
    expect(write().stdout).toMatch(/[12] of 6 tasks/);
    cluster.slurm("sbatch", script);
    await finished("the missing tasks");
    expect(clusters.reproducible(folder)).toEqual(expected);
    for (const [name, text] of before) expect(readFileSync(join(folder, "cells", name), "utf8")).toBe(text);
    expect(write().stdout).toContain("all 12 cells are done");
  });

  it("queues a task again that is stopped, and it goes on from its checkpoint", async () => {
    const plan = clusters.planFile({
      seeds: [1],
      methods: [{ name: "hsr", learningRate: 0.3, strength: 0.1 }],
      training: { steps: 30_000, batchSize: 50 },
    });
    const folder = scratch();
    flatward("export", "slurm", plan, "--output", folder);
    const job = /\d+/.exec(cluster.slurm("sbatch", join(folder, "sweep.sbatch")))?.[0] as string;
    await clusters.until(
      () => flatward("status", folder, "--json").stdout.includes('"running"'),
      "the cell to run",
    );
    await new Promise((resolve) => setTimeout(resolve, 1000));
    cluster.slurm("scancel", "--batch", "--signal=TERM", `${job}_0`);
    await clusters.until(
      () => flatward("status", folder, "--json").stdout.includes('"checkpoint": true'),
      "its checkpoint",
    );
    // Slurm lets two minutes pass before a task runs again, unless it is told otherwise.
    await clusters.until(
      () => cluster.slurm("squeue", "-h", "-o", "%T").includes("PENDING"),
      "the task to be queued again",
    );
    cluster.slurm("scontrol", "update", `JobId=${job}_0`, "StartTime=now");
    await clusters.until(
      () => flatward("status", folder, "--json").stdout.includes('"state": "done"'),
      "the task to end",
    );
    const { stdout } = flatward("run", "--of", folder, "--index", "0", "--json");
    expect(stdout).toMatch(/"resumedAt": \d{2,}/);
    expect(clusters.reproducible(folder)).toEqual(clusters.undisturbed(plan));
  });

  it("makes a failed cell a failed task", async () => {
    const plan = clusters.planFile(clusters.failing);
    const folder = scratch();
    flatward("export", "slurm", plan, "--output", folder);
    const job = /\d+/.exec(cluster.slurm("sbatch", join(folder, "sweep.sbatch")))?.[0] as string;
    await finished("the task");
    expect(cluster.slurm("scontrol", "show", "job", job)).toMatch(/JobState=FAILED[\s\S]*ExitCode=6:0/);
  });
});
