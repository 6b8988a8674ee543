import type { RunConfig } from "../experiment/config.js";
import { hashOf, type Provenance, provenance } from "../experiment/provenance.js";
import type { RunResult } from "../experiment/run.js";
import { type Cell, cellId, type ManifestData } from "./manifest.js";

/** How, where and at what cost a cell was computed: all of a record that differs from one time to the next. */
export interface CellProvenance extends Provenance {
  readonly seed: number;
  /** Where the data lay. */
  readonly source: ManifestData["source"];
  /** ISO 8601. */
  readonly started: string;
  readonly finished: string;
  /** Over all parts of a run that was interrupted, up to their last checkpoints. */
  readonly wallSeconds: number;
  /** Of the computing thread; null where the platform does not tell. */
  readonly cpuSeconds: number | null;
  /** Of the whole process, up to then. */
  readonly peakMemoryBytes: number;
  /** Of all training steps, over all parts of a run that was interrupted; null for one that failed. */
  readonly trainingSeconds: number | null;
  /** Training step that it went on from, when it was interrupted. */
  readonly resumedAt: number | null;
  /** Where an error arose. */
  readonly stack?: string;
}

interface CellError {
  readonly name: string;
  readonly code?: string;
  readonly message: string;
}

/** The file of a finished cell. All but `provenance` is the same, byte for byte, whenever and wherever it runs. */
export interface CellRecord {
  readonly format: "flatward-cell/1";
  readonly state: "done" | "failed";
  readonly id: string;
  readonly engine: string;
  readonly data: Pick<ManifestData, "sha256" | "label">;
  readonly config: RunConfig;
  /** When done. */
  readonly result?: RunResult;
  /** When failed. */
  readonly error?: CellError;
  /** SHA-256 of all above. */
  readonly sha256: string;
  readonly provenance: CellProvenance;
}

/** What the computing thread says of its work, beside the result. */
export type Effort = Pick<
  CellProvenance,
  "started" | "finished" | "wallSeconds" | "cpuSeconds" | "trainingSeconds" | "resumedAt"
>;

/** What came of a cell: a result, or the error that ended it. */
export type Ending = { readonly result: RunResult } | { readonly error: unknown };

/** The record of a cell that this process has computed. */
export function recordOf(
  cell: Cell,
  by: string,
  data: ManifestData,
  ending: Ending,
  effort: Effort,
): CellRecord {
  const { source, sha256, label } = data;
  const content = {
    format: "flatward-cell/1" as const,
    state: "result" in ending ? ("done" as const) : ("failed" as const),
    id: cell.id,
    engine: by,
    data: { sha256, label },
    config: cell.config,
    ...("result" in ending ? { result: ending.result } : { error: describe(ending.error) }),
  };
  const stack = "error" in ending ? (ending.error as Error)?.stack : undefined;
  return {
    ...content,
    sha256: hashOf(content),
    provenance: {
      seed: cell.config.seed,
      source,
      ...provenance(),
      ...effort,
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
      ...(stack === undefined ? {} : { stack }),
    },
  };
}

/** A record from its file's text; nothing when it is torn, was altered, or is of another cell. */
export function parseRecord(text: string, id: string): CellRecord | undefined {
  try {
    const record: CellRecord = JSON.parse(text);
    if (record.format !== "flatward-cell/1" || record.id !== id) return undefined;
    const { sha256, provenance: _, ...content } = record;
    const { engine, data, config } = content;
    return hashOf(content) === sha256 && cellId(engine, data, config) === id ? record : undefined;
  } catch {
    return undefined;
  }
}

export function recordText(record: CellRecord): string {
  return `${JSON.stringify(record, null, 1)}\n`;
}

function describe(error: unknown): CellError {
  const { name, code, message } = error as { name?: string; code?: unknown; message?: string };
  return {
    name: name ?? "Error",
    ...(typeof code === "string" ? { code } : {}),
    message: message ?? String(error),
  };
}
