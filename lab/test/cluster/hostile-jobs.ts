import { join } from "node:path";
import type { RunConfig } from "../../src/experiment/config.js";
import {
  announced,
  csv,
  type Job,
  type jobsOf,
  markup,
  secretTable,
  sha256,
  table,
} from "../support/hostile.js";

/** A job that no worker computes, what its failure says, and options of the queue. */
export type Hostile = readonly [what: string, job: Job, says: RegExp, options?: object];

const notJob = /^no job of this flatward: /;
const notItself = /^no job of this flatward: its identity is not that of its cell$/;
const notGiven = /^its files are not published, and this worker reads no others$/;
const otherBytes = /^the bytes of its files are not those announced$/;
const notFit = /^its data cannot be read, or do not fit \(data\); the worker's terminal says why$/;
const tooLarge = /^its data cannot be read, or do not fit \(usage\); the worker's terminal says why$/;

const word = "x".repeat(900_000);
const up = "../../outside/written";
const file = announced(table);
const mine = csv("x.csv");

/** As JSON has it, whatever JavaScript makes of such keys. */
const json = (text: string) => JSON.parse(text) as object;

/** @param config of a good job; @param root the watched folder */
export function hostileJobs(
  job: ReturnType<typeof jobsOf>,
  { network, training }: Pick<RunConfig, "network" | "training">,
  root: string,
): readonly Hostile[] {
  const outside = join(root, "outside");
  const zeros = "0".repeat(24);
  return [
    ["a hash that leads up", job({ data: { ...mine, sha256: up } }), notJob],
    ["an absolute hash", job({ data: { ...mine, sha256: join(outside, "written") } }), notJob],
    ["a file with a name", job({ data: mine, files: announced(table, { name: up }) }), notJob],
    ["a file's hash that leads up", job({ data: mine, files: announced(table, { sha256: up }) }), notJob],
    [
      "a published file whose place is up, without its label",
      job({ data: { ...mine, source: { name: "csv", path: `${up}.csv`, label: "c" } }, files: file }),
      notFit,
    ],
    ["an absolute path", job({ data: csv(join(outside, "secret.csv"), secretTable) }), notGiven],
    ["a path up", job({ data: csv("../outside/secret.csv", secretTable) }), notGiven],
    ["a link", job({ data: csv(join(root, "data", "link.csv"), secretTable) }), notGiven],
    ["a folder", job({ data: { source: { name: "mnist", path: outside } } }), notGiven],
    ["bytes that are not those announced", job({ data: mine, files: announced("announced") }), otherBytes],
    ["more bytes than there are", job({ data: mine, files: announced(table, { bytes: 99 }) }), otherBytes],
    ["more bytes than memory", job({ data: mine, files: announced(table, { bytes: 1e15 }) }), notJob],
    [
      "more bytes than travel together",
      job({
        data: { source: { name: "mnist", path: "x" } },
        files: [table, "a"].flatMap((text) => announced(text, { bytes: 2 ** 28 + 1 })),
      }),
      notJob,
    ],
    ["more files than a source has", job({ files: file }), notJob],
    ["files of other data", job({ data: csv("x.csv", "other"), files: file }), notFit],
    [
      "files with a cell that is no number",
      job({ data: csv("x.csv", secretTable), files: announced(secretTable) }),
      notFit,
    ],
    ["another hash of shipped data", job({ data: { sha256: sha256("other") } }), notFit],
    [
      "prototypes",
      job({
        data: { source: json('{ "name": "__proto__" }') },
        cell: json('{ "__proto__": { "polluted": 1 }, "constructor": 1 }'),
      }),
      notJob,
    ],
    ["a source that every object has", job({ data: { source: { name: "constructor" } } }), notJob],
    [
      "a giant",
      job({ config: { measures: [word, word] } }),
      /^no job of this flatward: it is larger than 1 MB$/,
    ],
    ["a long word", job({ config: { measures: [word] } }), notJob],
    ["deep nesting", { id: "deep", content: `${"[".repeat(50_000)}${"]".repeat(50_000)}` }, notJob],
    ["another's identity", { ...job(), id: zeros }, notItself],
    [
      "a forged identity",
      { ...job({ cell: { id: zeros.replace("0", "1") } }), id: zeros.replace("0", "1") },
      notItself,
    ],
    ["text", { id: "text", content: '"text"' }, notJob],
    ["nothing", { id: "nothing", content: "null" }, notJob],
    ["a name with controls", { id: markup, content: "7" }, notJob],
    ["settings of wrong types", job({ config: { training: 7 } }), notJob],
    ["steps without end", job({ config: { training: { ...training, steps: 1e300 } } }), notJob],
    ["a network beyond memory", job({ config: { network: { ...network, hidden: 1e9 } } }), tooLarge],
    ["markup and controls", job({ config: { measures: [markup] } }), notJob],
    [
      "endless attempts",
      job({ config: { measures: [] } }),
      notJob,
      { attempts: 1e9, backoff: { type: "none such" } },
    ],
  ];
}
