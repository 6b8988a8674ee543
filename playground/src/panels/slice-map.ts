import { type Landscape, LOSS_GRID } from "../state/landscape.js";
import { rampColor } from "./colors.js";
import type { Context, Size } from "./plot.js";
import { outlines, placer, trace } from "./trace.js";

const LEVELS = 14;

/** Draws the losses of a plane: areas of about equal steps of the logarithm, and lines between them. */
export function drawMap(
  context: Context,
  size: Size,
  { losses }: Pick<Landscape, "losses">,
  dark: boolean,
): void {
  const logs = Float64Array.from(losses, (loss) => Math.log(Math.max(loss, 1e-12)));
  const levels = levelsOf(logs);
  const place = placer(LOSS_GRID, size, true);
  context.fillStyle = rampColor(0, dark);
  context.fillRect(0, 0, size.width, size.height);
  outlines(logs, LOSS_GRID, levels).forEach((outline, i) => {
    trace(context, outline, place);
    context.fillStyle = rampColor((i + 1) / levels.length, dark);
    context.fill();
    context.lineWidth = 0.75;
    context.strokeStyle = dark ? "rgb(0 0 0 / .45)" : "rgb(29 35 41 / .28)";
    context.stroke();
  });
}

/** From the lowest value up, in even steps, closed above by most of the values. */
function levelsOf(values: Float64Array): number[] {
  const sorted = values.filter(Number.isFinite).sort();
  if (sorted.length === 0) return [];
  const low = sorted[0];
  const high = sorted[Math.floor(0.97 * (sorted.length - 1))];
  if (!(high > low)) return [];
  return Array.from({ length: LEVELS }, (_, i) => low + ((i + 1) / (LEVELS + 1)) * (high - low));
}
