import { engine, hashOf, type Provenance, provenance } from "../../../experiment/provenance.js";
import { type Origin, originOf, type TrainedCell } from "../../../sweep/trained.js";
import type { ExplainResult } from "../analyze.js";

/** `explain.json`. All but `provenance` is the same whenever and wherever it is computed. */
export interface ExplainDocument extends Origin {
  readonly format: "flatward-explain/1";
  readonly result: ExplainResult;
  /** SHA-256 of all above. */
  readonly sha256: string;
  readonly provenance: Provenance & {
    /** ISO 8601. */
    readonly finished: string;
    readonly seconds: number;
  };
}

export function explainDocument(cell: TrainedCell, result: ExplainResult, seconds: number): ExplainDocument {
  const content = { format: "flatward-explain/1" as const, ...originOf(cell, engine()), result };
  return {
    ...content,
    sha256: hashOf(content),
    provenance: { ...provenance(), finished: new Date().toISOString(), seconds },
  };
}
