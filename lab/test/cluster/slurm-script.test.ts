import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { planFile, start, until } from "../support/clusters.js";
import { flatward, scratch } from "../support/run.js";

/** Starts a task of a job array without Slurm, where flatward is `run`, and scontrol keeps what it is asked. */
function startTask(run: string) {
  const folder = scratch();
  flatward("export", "slurm", planFile(), "--output", folder);
  const program = join(folder, "run.mjs");
  writeFileSync(program, run);
  const asked = join(folder, "asked");
  writeFileSync(join(folder, "scontrol"), `#!/bin/sh\necho "$@" >> '${asked}'\n`, { mode: 0o755 });
  const task = start("bash", [join(folder, "sweep.sbatch")], {
    FLATWARD: `node ${program}`,
    PATH: `${folder}:${process.env.PATH}`,
    SLURM_ARRAY_JOB_ID: "7",
    SLURM_ARRAY_TASK_ID: "3",
  });
  return { ...task, asked: () => (existsSync(asked) ? readFileSync(asked, "utf8") : "") };
}

const stopsEarly = `
process.on("SIGTERM", () => {
  console.log("told");
  setTimeout(() => process.exit(75), 100);
});
setInterval(() => {}, 1000);
console.log("ready");
`;

describe("a task of a job array", () => {
  it.each([
    ["told", 0],
    ["told again and again", 100],
  ])("that is %s to stop is queued again, once", async (_, times) => {
    const { child, ended, said, asked } = startTask(stopsEarly);
    await until(() => said().includes("ready"), "the task to run");
    child.kill("SIGTERM");
    await until(() => said().includes("told"), "the task to be told");
    for (let i = 0; i < times; i++) {
      child.kill("SIGTERM");
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(await ended).toBe(75);
    expect(asked()).toBe("requeue 7_3\n");
  });

  it.each([0, 1, 6])("that ends with %i by itself is not queued again", async (code) => {
    const { ended, asked } = startTask(`process.exit(${code});`);
    expect(await ended).toBe(code);
    expect(asked()).toBe("");
  });
});
