import { fillReflectorTriangle } from "../reflector.js";
import { TILE, tileAt, WIDTH } from "./layout.js";
import { entryAt } from "./pieces.js";
import { TINY } from "./plain-kernels.js";
import type { Work } from "./work.js";

const PAIR = 2 * WIDTH;

/**
 * The QR decomposition of the tiles below the diagonal one, by reflectors: R to the band, which is done there, V to the left half of
 * the pairs. One sweep through the panel applies a reflector, and takes the products that the next one needs.
 * @param inverses receives 2/‖u‖² of each reflector, 0 where there is none
 */
export function factorPanel({ data, layout, kernels }: Work, panel: number, inverses: Float64Array): void {
  const top = tileAt(layout, panel + 1, panel);
  const rows = (layout.tiles - panel - 1) * WIDTH;
  const w = layout.small;
  const z = w + WIDTH;
  const diagonal = z + WIDTH;
  data.fill(0, w, z + WIDTH);
  kernels.sweepPanel(top + WIDTH, rows - 1, WIDTH, -1, w, z);
  for (let j = 0; j < WIDTH; j++) {
    const own = top + j * WIDTH;
    const f = data[own + j];
    const rest = data[z + j];
    data[w + j] = 0;
    if (rest < TINY) {
      inverses[j] = 0;
      data[diagonal + j] = f;
      for (let r = j; r < rows; r++) data[top + r * WIDTH + j] = 0;
      data.fill(0, w + j, w + WIDTH);
    } else {
      const squares = rest + f * f;
      const root = Math.sqrt(squares);
      const g = f >= 0 ? -root : root;
      const u = f - g;
      inverses[j] = 1 / (squares - f * g);
      data[diagonal + j] = g;
      data[own + j] = u;
      for (let k = j + 1; k < WIDTH; k++) {
        const factor = inverses[j] * (data[z + k] + u * data[own + k]);
        data[w + k] = factor;
        data[own + k] -= u * factor;
      }
    }
    if (j + 1 === WIDTH) break;
    const next = own + WIDTH;
    for (let k = j + 1; k < WIDTH; k++) data[next + k] -= data[next + j] * data[w + k];
    data.fill(0, z, z + WIDTH);
    kernels.sweepPanel(next + WIDTH, rows - j - 2, WIDTH, j, w, z);
  }
  for (let r = 0; r < WIDTH; r++) {
    const row = entryAt(layout.band, (panel + 1) * WIDTH + r, panel * WIDTH);
    if ((panel + 1) * WIDTH + r >= layout.n) break;
    data[row + r] = data[diagonal + r];
    for (let c = r + 1; c < WIDTH; c++) data[row + c] = data[top + r * WIDTH + c];
  }
  const pair = layout.pairs + 2 * (panel + 1) * TILE;
  for (let r = 0; r < rows; r++) data.copyWithin(pair + r * PAIR, top + r * WIDTH, top + (r + 1) * WIDTH);
  for (let r = 0; r < WIDTH; r++) data.fill(0, pair + r * PAIR + r + 1, pair + r * PAIR + WIDTH);
}

/**
 * From VᵀV and VᵀAV the triangle T of Q = I − V T Vᵀ, and −½Tᵀ(VᵀAV)T above it: W is [V, AV] times
 * these.
 */
export function fillSmall({ data, layout, kernels }: Work, panel: number, inverses: Float64Array): void {
  const gram = layout.small;
  const product = gram + TILE;
  const half = product + TILE;
  const t = half + TILE;
  const scratch = t + TILE;
  data.fill(0, gram, scratch + TILE);
  for (let row = panel + 1; row < layout.tiles; row++) {
    const v = layout.pairs + 2 * row * TILE;
    kernels.addTileProduct(gram, WIDTH, v, 1, PAIR, v, PAIR, WIDTH, WIDTH);
    kernels.addTileProduct(product, WIDTH, v, 1, PAIR, v + WIDTH, PAIR, WIDTH, WIDTH);
  }
  fillReflectorTriangle(data, t, gram, WIDTH, inverses);
  kernels.addTileProduct(scratch, WIDTH, product, WIDTH, 1, t, WIDTH, WIDTH, WIDTH);
  kernels.addTileProduct(half, WIDTH, t, 1, WIDTH, scratch, WIDTH, WIDTH, WIDTH);
  for (let at = half; at < t; at++) data[at] *= -0.5;
}
