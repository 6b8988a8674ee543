// npm run bench:peers [-- S1 "WS gradient" …] [--cpu] [--save]: flatward beside PyTorch, numpy, SciPy, ml-matrix and jax-js on the
// same numbers, in turn; README.md tells of it.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { interleaved } from "../interleave.js";
import { load, machine } from "../machine.js";
import type { Prepared, Sample } from "../serve.js";
import { described } from "../sizes.js";
import { quartiles } from "../statistics.js";
import { inMilliseconds, inTimes } from "../text.js";
import { Worker } from "../worker.js";
import { writeProblem } from "./problems.js";
import { type PeerResult, type Row, saveRow } from "./results.js";
import { shapes, type Work, works } from "./works.js";

interface Greeting {
  readonly peers: Readonly<Record<string, readonly [version: string, works: readonly string[]]>>;
  readonly missing: Readonly<Record<string, string>>;
}

/** A peer, and the process that it runs in. */
interface Peer {
  readonly name: string;
  readonly version: string;
  readonly works: readonly string[];
  readonly worker: Worker;
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const sources = "../../peers/";
const environment = here(`${sources}venv/bin/python`);
const installation =
  "python3 -m venv bench/peers/venv && bench/peers/venv/bin/pip install -r bench/peers/requirements.txt";
/** glibc gives large buffers back to the system, and peers take page faults for new ones that cost them 3 to 10 times their work. */
const keepMemory = { MALLOC_MMAP_THRESHOLD_: `${2 ** 30}`, MALLOC_TRIM_THRESHOLD_: `${2 ** 32}` };
/** Beyond it a peer did something else; jax-js has tanh, exp and log of single precision. */
const toleranceOf = (peer: string): number => (peer === "jax-js" ? 1e-5 : 1e-8);

const options = ["--save", "--cpu"];
const names = process.argv.slice(2).filter((name) => !options.includes(name));
const clock = process.argv.includes("--cpu") ? "cpuSeconds" : "seconds";
const wantedShapes = names.filter((name) => works.some((work) => work.shapes.includes(name)));
const wantedWorks = names.filter((name) => !wantedShapes.includes(name));
const unknown = wantedWorks.filter((name) => !works.some((work) => work.name.startsWith(name)));
if (unknown.length > 0) {
  const known = new Set(works.flatMap((work) => [work.name, ...work.shapes]));
  console.error(`there is no ${unknown.join(", ")}; there are ${[...known].join(", ")}`);
  process.exit(2);
}
const selected = works
  .filter(({ name }) => wantedWorks.length === 0 || wantedWorks.some((wanted) => name.startsWith(wanted)))
  .flatMap((work) => work.shapes.map((shape) => ({ work, shape })))
  .filter(({ shape }) => wantedShapes.length === 0 || wantedShapes.includes(shape));

const folder = mkdtempSync(join(tmpdir(), "flatward-peers-"));
try {
  process.exitCode = await comparison();
} finally {
  rmSync(folder, { recursive: true });
}

async function comparison(): Promise<number> {
  for (const shape of new Set(selected.map((one) => one.shape))) {
    const needed = selected.some((one) => one.shape === shape && one.work.name.startsWith("eigen"));
    writeProblem(folder, shape, needed);
  }
  const python = process.env.PYTHON ?? (existsSync(environment) ? environment : "python3");
  const workers = [
    new Worker(process.execPath, [here("./node.js"), folder]),
    new Worker(python, ["-W", "ignore", here(`${sources}serve.py`), folder], keepMemory),
  ];
  const peers = (await Promise.all(workers.map(peersOf))).flat();
  console.log(`${machine()}; load ${load().toFixed(2)}; ${clock === "seconds" ? "time" : "CPU time"}`);
  console.log(`${peers.map(({ version }) => version).join(", ")}; one thread each\n`);
  const rows: Row[] = [];
  const versions = Object.fromEntries(peers.map(({ name, version }) => [name, version]));
  for (const { work, shape } of selected) {
    const row = await compare(peers, work, shape);
    rows.push(row);
    if (process.argv.includes("--save")) saveRow(machine(), versions, row);
  }
  await Promise.all(workers.map((worker) => worker.end()));
  return rows.every(({ results }) => results.every(agrees)) ? 0 : 1;
}

async function peersOf(worker: Worker): Promise<Peer[]> {
  try {
    const { peers, missing } = await worker.hear<Greeting>();
    for (const [name, why] of Object.entries(missing))
      console.log(`without ${name} (${why}): ${installation}`);
    return Object.entries(peers).map(([name, [version, works]]) => ({ name, version, works, worker }));
  } catch (error) {
    console.log(`without numpy, SciPy and PyTorch (${(error as Error).message}): ${installation}`);
    return [];
  }
}

/** All peers that know a work, at one of its shapes. */
async function compare(peers: readonly Peer[], work: Work, shape: string): Promise<Row> {
  const before = load();
  const size = shapes[shape];
  console.log(`${work.name}, ${shape}${size ? `: ${described(size)}` : ""}`);
  const task = ({ name }: Peer) => [name, work.name, shape];
  const prepared: { peer: Peer; prepared: Prepared }[] = [];
  for (const peer of peers) {
    const only = work.only?.[peer.name] ?? work.shapes;
    if (!peer.works.includes(work.name) || !only.includes(shape)) continue;
    try {
      const answer = await peer.worker.ask<Prepared>({ do: "prepare", task: task(peer) });
      prepared.push({ peer, prepared: answer });
    } catch (error) {
      console.log(`  ${peer.name} fails: ${(error as Error).message}`);
    }
  }
  const samples = await interleaved(
    prepared.map(
      ({ peer }) =>
        () =>
          peer.worker.ask<Sample>({ do: "sample", task: task(peer) }),
    ),
  );
  for (const { peer } of prepared) await peer.worker.ask({ do: "drop", task: task(peer) });
  const unit = prepared.findIndex(({ peer }) => peer.name === "flatward");
  const results = prepared.map(({ peer, prepared: { way, first, note, digest } }, i): PeerResult => {
    const own = prepared[unit].prepared.digest!;
    return {
      peer: peer.name,
      ...{ way, first, note },
      seconds: quartiles(samples[i].map((sample) => sample[clock])),
      ratio: quartiles(samples[i].map((sample, round) => sample[clock] / samples[unit][round][clock])),
      difference: Math.abs(digest![0] - own[0]) / own[1],
    };
  });
  for (const result of results) console.log(printed(result));
  console.log();
  const [rounds, after] = [samples[0].length, load()];
  const date = new Date().toISOString();
  return { work: work.name, shape, date, load: [before, after], rounds, clock, results };
}

function agrees({ peer, difference }: PeerResult): boolean {
  return difference <= toleranceOf(peer);
}

function printed(result: PeerResult): string {
  const { peer, way, seconds, ratio, note, difference } = result;
  return [
    `  ${peer.padEnd(10)}`,
    inMilliseconds(seconds),
    inTimes(ratio),
    `  ${way}${note && `, ${note}`}`,
    agrees(result) ? "" : `  DIFFERS by ${difference.toExponential(0)}`,
  ].join("");
}
