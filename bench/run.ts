// npm run bench [-- S1 S4 …] [--cpu]: for every task of a group its first call, then medians and quartiles of warm ones, ratios
// to the group's unit, and the process's peak memory. The tasks of a group take turns.
import { fileURLToPath } from "node:url";
import { tasks } from "./all.js";
import { growthOf } from "./exponents.js";
import { interleaved } from "./interleave.js";
import { load, machine } from "./machine.js";
import type { Prepared, Sample } from "./serve.js";
import { described, sizes } from "./sizes.js";
import { quartiles } from "./statistics.js";
import type { Task } from "./tasks.js";
import { inGigaflops, inMilliseconds, inTimes } from "./text.js";
import { Worker } from "./worker.js";

const measureScript = fileURLToPath(new URL("./measure.js", import.meta.url));
const clock = process.argv.includes("--cpu") ? "cpuSeconds" : "seconds";
const wanted = process.argv.slice(2).filter((name) => name !== "--cpu");
const groups = [...new Set(tasks.map(({ group }) => group))];
const selected = groups.filter(
  (group) => wanted.length === 0 || wanted.some((name) => group.startsWith(name)),
);
if (selected.length === 0) {
  console.error(`there is no group ${wanted.join(", ")}; there are ${groups.join(", ")}`);
  process.exit(2);
}

console.log(`${machine()}; load ${load().toFixed(2)}; ${clock === "seconds" ? "time" : "CPU time"}`);
for (const [name, size] of Object.entries(sizes)) console.log(`${name}: ${described(size)}`);
for (const group of selected) await measureGroup(tasks.filter((task) => task.group === group));

async function measureGroup(members: readonly Task[]): Promise<void> {
  const workers = members.map((task) => ({
    worker: new Worker(process.execPath, [measureScript]),
    request: [`${tasks.indexOf(task)}`],
  }));
  const firsts: number[] = [];
  for (const { worker, request } of workers) {
    const { first } = await worker.ask<Prepared>({ do: "prepare", task: request });
    firsts.push(first);
  }
  const samples = await interleaved(
    workers.map(
      ({ worker, request }) =>
        () =>
          worker.ask<Sample>({ do: "sample", task: request }),
    ),
  );
  await Promise.all(workers.map(({ worker }) => worker.end()));

  const [{ group }] = members;
  console.log(
    `\n${group.padEnd(36)}${"first".padStart(10)}${"median, quartiles".padStart(22)}${"ratio".padStart(18)}${"peak".padStart(19)}`,
  );
  const unit = samples[members.findIndex(({ isUnit }) => isUnit)];
  for (const [i, { name, flops }] of members.entries()) {
    const columns = [
      `  ${name}`.padEnd(36),
      `${(firsts[i] * 1000).toPrecision(3)} ms`.padStart(10),
      inMilliseconds(quartiles(samples[i].map((sample) => sample[clock]))),
      inTimes(quartiles(samples[i].map((sample, round) => sample[clock] / unit[round][clock]))),
      `${Math.max(...samples[i].map(({ peakMegabytes }) => peakMegabytes)).toFixed(0)} MB`.padStart(8),
      flops === undefined ? "" : inGigaflops(quartiles(samples[i].map((sample) => flops / sample[clock]))),
    ];
    console.log(columns.join(""));
  }
  const medians = samples.map((own) => quartiles(own.map((sample) => sample[clock]))[1]);
  const points = members.flatMap(({ growth }, i) => (growth ? [{ ...growth, seconds: medians[i] }] : []));
  for (const text of growthOf(points)) console.log(`  ${text}`);
}
