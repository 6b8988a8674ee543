import { featuresOf } from "../../data/dataset.js";
import { sampleRows } from "../../experiment/prepare.js";
import { loadManifestData } from "../../sweep/manifest.js";
import type { TrainedCell } from "../../sweep/trained.js";

/** The samples that a Hessian is of, as the data have them before they are scaled. */
export interface Given {
  readonly features: readonly string[];
  /** Positions in the data. */
  readonly positions: readonly number[];
  readonly rows: readonly (readonly number[])[];
}

export function givenOf({ data, record }: Pick<TrainedCell, "data" | "record">): Given {
  const dataset = loadManifestData(data);
  const positions = sampleRows(dataset, record.config);
  const { data: numbers, shape } = featuresOf(dataset, positions);
  const rows = positions.map((_, i) => Array.from(numbers.subarray(i * shape[1], (i + 1) * shape[1])));
  return { features: dataset.features, positions, rows };
}
