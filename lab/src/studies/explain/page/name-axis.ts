import type { Room } from "../../../report/figure.js";
import { labelWidth } from "../../../report/plot-area.js";

/** An axis that names bars, and the pixels that it takes. */
export function nameAxis(names: readonly string[], room: Room) {
  const width = labelWidth(names, room.narrow ? 110 : 280);
  // Vega takes letters for so much wider, and cuts labels accordingly.
  const taken = Math.ceil(1.46 * width);
  return { taken, axis: { domain: false, ticks: false, labelLimit: taken, minExtent: width } };
}
