// npm run bench [-- S1 S4 …]: medians, ratios to the first row of each group, peak memory of the process.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { tasks } from "./all.js";

interface Measurement {
  readonly seconds: number;
  readonly peakMegabytes: number;
}

const measureScript = fileURLToPath(new URL("./measure.js", import.meta.url));
const wanted = process.argv.slice(2);
const selected = tasks.filter(
  ({ group }) => wanted.length === 0 || wanted.some((name) => group.startsWith(name)),
);
if (selected.length === 0) {
  console.error(
    `there is no group ${wanted.join(", ")}; there are ${[...new Set(tasks.map(({ group }) => group))].join(", ")}`,
  );
  process.exit(2);
}

const measured: { work: number; seconds: number }[] = [];
let unit = Number.NaN;
console.log(
  `${"group".padEnd(14)}${"task".padEnd(22)}${"median".padStart(12)}${"ratio".padStart(10)}${"peak".padStart(10)}`,
);
for (const task of selected) {
  const { seconds, peakMegabytes }: Measurement = JSON.parse(
    execFileSync(process.execPath, [measureScript, String(tasks.indexOf(task))], { encoding: "utf8" }),
  );
  if (task.isUnit) unit = seconds;
  const ratio = seconds / unit;
  const columns = [
    task.group.padEnd(14),
    task.name.padEnd(22),
    `${(seconds * 1000).toPrecision(3)} ms`.padStart(12),
    `${ratio < 1 ? ratio.toFixed(3) : ratio.toPrecision(3)}×`.padStart(10),
    `${peakMegabytes.toFixed(0)} MB`.padStart(10),
  ];
  console.log(columns.join(""));
  if (task.work !== undefined) measured.push({ work: task.work, seconds });
}
if (measured.length > 1)
  console.log(`time ∝ operations^${exponent(measured).toFixed(2)} (least squares in logarithms)`);

/** Slope of log time over log work. */
function exponent(points: readonly { readonly work: number; readonly seconds: number }[]): number {
  const x = points.map(({ work }) => Math.log(work));
  const y = points.map(({ seconds }) => Math.log(seconds));
  const meanX = x.reduce((a, b) => a + b) / x.length;
  const meanY = y.reduce((a, b) => a + b) / y.length;
  const covariance = x.reduce((total, value, i) => total + (value - meanX) * (y[i] - meanY), 0);
  return covariance / x.reduce((total, value) => total + (value - meanX) * (value - meanX), 0);
}
