import { boundMeasures } from "./bound-measures.js";
import { costMeasures } from "./cost-measures.js";
import { curvatureMeasures } from "./curvature-measures.js";
import { filterMeasures } from "./filter-measures.js";
import { fitMeasures } from "./fit-measures.js";
import type { Measure } from "./measure.js";
import type { Need } from "./needs.js";
import { type Recording, recordings } from "./recordings.js";
import { robustnessMeasures } from "./robustness-measures.js";
import { sharpnessMeasures } from "./sharpness-measures.js";

/** Every number measured of a trained network. A new one is one row. */
export const measures: readonly Measure[] = [
  ...fitMeasures,
  ...costMeasures,
  ...curvatureMeasures,
  ...sharpnessMeasures,
  ...robustnessMeasures,
  ...boundMeasures,
  ...filterMeasures,
];

const recordingRows: readonly (readonly [string, Recording])[] = Object.entries(recordings);

/** All measures and recordings, by the names that plans use. */
export const measureIds: readonly string[] = [
  ...measures.map(({ id }) => id),
  ...recordingRows.map(([id]) => id),
];

/** What is measured when a plan does not say: all but what is expensive, or of interest to one study alone. */
export const defaultMeasures: readonly string[] = [
  ...measures.filter(({ onRequest }) => !onRequest).map(({ id }) => id),
  ...recordingRows.filter(([, { onRequest }]) => !onRequest).map(([id]) => id),
];

/** What a measure or a recording needs of a network. */
export function needOf(measureId: string): Need | undefined {
  const recording = recordingRows.find(([id]) => id === measureId)?.[1];
  return (measures.find(({ id }) => id === measureId) ?? recording)?.needs;
}
