import type { RunConfig } from "../experiment/config.js";
import { hashOf, type Provenance, provenance } from "../experiment/provenance.js";
import type { RunResult } from "../experiment/run.js";
import { type Cell, cellId, type ManifestData } from "./manifest.js";
import { recordSchema } from "./record-schema.js";

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

/** What the computing thread reports beside the result. */
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
  const stack = "error" in ending ? (ending.error as { stack?: unknown }).stack : undefined;
  return {
    ...content,
    sha256: hashOf(content),
    provenance: {
      seed: cell.config.seed,
      source,
      ...provenance(),
      ...effort,
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
      ...(typeof stack === "string" ? { stack } : {}),
    },
  };
}

/**
 * A record from its file's text; nothing when it is torn, was altered, is of another cell, or does not fit the schema. Its
 * numbers are those of the JSON: null where one overflowed.
 */
export function parseRecord(text: string, id: string): CellRecord | undefined {
  try {
    const { sha256, provenance, ...content } = recordSchema.parse(JSON.parse(text));
    const { engine, data, config } = content;
    // The hash of what the schema has read: nothing was left out, and no default was filled in.
    if (content.id !== id || hashOf(content) !== sha256 || cellId(engine, data, config) !== id)
      return undefined;
    return { ...content, sha256, provenance } as unknown as CellRecord;
  } catch {
    return undefined;
  }
}

export function recordText(record: CellRecord): string {
  return `${JSON.stringify(record, null, 1)}\n`;
}

function describe(error: unknown): CellError {
  const {
    name = "Error",
    code,
    message = error,
  } = error as { name?: unknown; code?: unknown; message?: unknown };
  return {
    name: String(name),
    ...(typeof code === "string" ? { code } : {}),
    message: String(message),
  };
}
