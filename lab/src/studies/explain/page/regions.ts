import type { Tensor } from "flatward";
import type { TrainedCell } from "../../../sweep/trained.js";
import type { Given } from "../given.js";
import type { Regions } from "./map-figure.js";

/** Cells of the grid on a side. */
const CELLS = 56;
/** What is shown beyond the samples, in parts of their range. */
const MARGIN = 0.06;

/** The class that the network decides for, over the plane of two features; undefined for any other number. */
export function regionsOf({ net, theta, sample }: TrainedCell, { rows }: Given): Regions | undefined {
  if (net.inputs !== 2) return undefined;
  const scaled = sample.x as Tensor;
  // As features are scaled one by one, two samples say how.
  const axes = [0, 1].map((c) => {
    const given = rows.map((row) => row[c]);
    const [least, most] = [Math.min(...given), Math.max(...given)];
    const [low, high] = [given.indexOf(least), given.indexOf(most)].map((i) => scaled.data[i * 2 + c]);
    const range = most - least || 1;
    const step = (range * (1 + 2 * MARGIN)) / CELLS;
    const at = (k: number) => least - MARGIN * range + (k + 0.5) * step;
    return { step, at, scale: (value: number) => low + ((value - least) / range) * (high - low) };
  });
  const [x, y] = axes;
  const places = Array.from({ length: CELLS * CELLS }, (_, k) => [
    x.at(k % CELLS),
    y.at(Math.floor(k / CELLS)),
  ]);
  const means = net.predict(
    theta,
    places.map(([across, up]) => [x.scale(across), y.scale(up)]),
  );
  const cells = places.map(([across, up], k) => {
    const row = means.data.subarray(k * net.outputs, (k + 1) * net.outputs);
    return { x: across, y: up, label: row.indexOf(Math.max(...row)) };
  });
  return { cells, step: [x.step, y.step] };
}
