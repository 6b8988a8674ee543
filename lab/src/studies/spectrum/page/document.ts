import { engine, hashOf, type Provenance, provenance } from "../../../experiment/provenance.js";
import type { Origin, TrainedCell } from "../../../sweep/trained.js";
import type { SpectrumResult } from "../analyze.js";
import type { SpectrumOptions } from "../input.js";

/** How long what took, in order. */
export interface PhaseTime {
  readonly phase: string;
  readonly seconds: number;
}

/** `spectrum.json`. All but `provenance` is the same whenever and wherever it is computed. */
export interface SpectrumDocument extends Origin {
  readonly format: "flatward-spectrum/1";
  readonly training: Origin["training"] & { readonly sha256: string };
  readonly options: SpectrumOptions;
  readonly result: SpectrumResult;
  /** SHA-256 of all above. */
  readonly sha256: string;
  readonly provenance: Provenance & {
    /** ISO 8601. */
    readonly started: string;
    readonly phases: readonly PhaseTime[];
    readonly peakMemoryBytes: number;
  };
}

export function spectrumDocument(
  { record, data: { source: _, reading: __, ...data } }: Pick<TrainedCell, "data" | "record">,
  options: SpectrumOptions,
  result: SpectrumResult,
  effort: Pick<SpectrumDocument["provenance"], "started" | "phases">,
): SpectrumDocument {
  const { steps, status, thetaSha256 } = record.result;
  const content = {
    format: "flatward-spectrum/1" as const,
    engine: engine(),
    data,
    config: record.config,
    training: {
      cell: record.id,
      engine: record.engine,
      sha256: record.sha256,
      steps,
      status,
      thetaSha256,
    },
    options,
    result,
  };
  return {
    ...content,
    sha256: hashOf(content),
    provenance: { ...provenance(), ...effort, peakMemoryBytes: process.resourceUsage().maxRSS * 1024 },
  };
}
