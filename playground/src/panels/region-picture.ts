import { classColor, mixed, type Rgb } from "./colors.js";
import { type Outline, outlines } from "./trace.js";

/** A picture of the regions: its pixels, and the borders between classes. */
export interface RegionPicture {
  readonly pixels: Uint8ClampedArray;
  readonly borders: readonly Outline[];
}

/** How much of a class's colour there is where it is certain, and where it is not. */
const [LEAST, MOST] = [0.1, 0.62];

/** @param probabilities (columns · rows, K) from the top left on */
export function regionPicture(
  probabilities: Float32Array,
  classes: number,
  grid: readonly [number, number],
  paper: Rgb,
): RegionPicture {
  const cells = grid[0] * grid[1];
  const pixels = new Uint8ClampedArray(4 * cells);
  const leads = Array.from({ length: classes }, () => new Float64Array(cells));
  for (let cell = 0; cell < cells; cell++) {
    const row = probabilities.subarray(cell * classes, (cell + 1) * classes);
    const { first, second, best } = leaders(row);
    for (let k = 0; k < classes; k++) leads[k][cell] = row[k] - (k === best ? second : first);
    const certainty = (first - 1 / classes) / (1 - 1 / classes);
    const color = mixed(paper, blend(row), LEAST + (MOST - LEAST) * Math.max(0, certainty));
    pixels.set([...color, 255], 4 * cell);
  }
  return { pixels, borders: leads.flatMap((lead) => outlines(lead, grid, [0])) };
}

/** The largest and the second largest entry. */
function leaders(row: Float32Array): { first: number; second: number; best: number } {
  let best = 0;
  let [first, second] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  row.forEach((p, k) => {
    if (p > first) {
      second = first;
      first = p;
      best = k;
    } else if (p > second) second = p;
  });
  return { first, second, best };
}

function blend(row: Float32Array): Rgb {
  const sum = [0, 0, 0];
  row.forEach((p, k) => {
    classColor(k).forEach((part, i) => {
      sum[i] += p * part;
    });
  });
  return sum as unknown as Rgb;
}
