import { BLOCK_COLUMNS, BLOCK_ROWS, firstOf, tallOf } from "../tensor/panels.js";
import type { SharedKernel } from "./shared-memory.js";

// A job is the product of a packed block of A with every panel of a packed block of B. Whoever has time takes panels, the
// last first: of a symmetric product's those are the largest. Everybody writes to sums of his own, and says so when a panel
// is done. So nobody has to wait for a thread that the system has put aside: its panel is computed once more, to the same
// bits, and what it writes later is not looked at.

const PANELS = BLOCK_COLUMNS / 4;

/** Numbers of the sums of one thread. */
const SUMS = BLOCK_ROWS * BLOCK_COLUMNS;

/** Places in the integers that threads share; from `owners` on, who computed a panel, and for which job. */
const Place = { ticket: 0, rows: 1, depths: 2, reach: 3, owners: 4 } as const;

/** How many integers they share. */
export const CONTROL_LENGTH = Place.owners + PANELS;

// A ticket has a job's number in the upper 24 bits, and in the lower 8 how many of its panels nobody has taken. Who
// exchanges a ticket for the next one has read what belongs to that job, since none is published before the last one's
// panels are taken.
const LEFT = 0xff;

/** Publishes a job of so many panels, and wakes who sleeps. */
export function publish(
  control: Int32Array,
  panels: number,
  rows: number,
  depths: number,
  reach: number,
): void {
  control[Place.rows] = rows;
  control[Place.depths] = depths;
  control[Place.reach] = reach;
  // Jobs' numbers come again.
  control.fill(LEFT, Place.owners);
  const before = Atomics.load(control, Place.ticket);
  Atomics.store(control, Place.ticket, ((before | LEFT) + 1 + panels) | 0);
  Atomics.notify(control, Place.ticket);
}

/** Computes panels of the current job as long as there are any. @param owner the number of this thread */
export function takePanels(control: Int32Array, kernel: SharedKernel, owner: number): void {
  for (;;) {
    const ticket = Atomics.load(control, Place.ticket);
    const left = ticket & LEFT;
    if (left === 0) return;
    const rows = control[Place.rows];
    const depths = control[Place.depths];
    const reach = control[Place.reach];
    if (Atomics.compareExchange(control, Place.ticket, ticket, ticket - 1) !== ticket) continue;
    const panel = firstOf(reach) / 4 + left - 1;
    computePanel(kernel, owner, panel, rows, depths, reach);
    Atomics.store(control, Place.owners + panel, (ticket & ~LEFT) | owner);
  }
}

/** Fills in where the sums of each panel begin, from the first wanted one on, once all are computed. */
export function collect(
  control: Int32Array,
  kernel: SharedKernel,
  own: number,
  panels: number,
  starts: Int32Array,
): void {
  const job = Atomics.load(control, Place.ticket);
  const rows = control[Place.rows];
  const depths = control[Place.depths];
  const reach = control[Place.reach];
  const first = firstOf(reach) / 4;
  for (let panel = first + panels - 1; panel >= first; panel--) {
    let owner = ownerOf(control, panel, job);
    // About as long as it takes to compute.
    for (let spin = rows * depths; owner < 0 && spin > 0; spin--) owner = ownerOf(control, panel, job);
    if (owner < 0) {
      owner = own;
      computePanel(kernel, owner, panel, rows, depths, reach);
    }
    starts[panel] = owner * SUMS + 4 * BLOCK_ROWS * panel;
  }
}

/** Who has computed a panel of the job; -1 as long as nobody has. */
function ownerOf(control: Int32Array, panel: number, job: number): number {
  const entry = Atomics.load(control, Place.owners + panel);
  const owner = entry & LEFT;
  return (entry & ~LEFT) === job && owner !== LEFT ? owner : -1;
}

function computePanel(
  kernel: SharedKernel,
  owner: number,
  panel: number,
  rows: number,
  depths: number,
  reach: number,
): void {
  const j = 4 * panel;
  const rowPanels = (tallOf(rows, reach, j) + 3) >> 2;
  const out = kernel.sums.value + 8 * (owner * SUMS + BLOCK_ROWS * j);
  kernel.multiply(rowPanels, j * depths, depths, out);
}

/** Looks for the next job some 50 µs long, which is less than waking takes. */
const SPINS = 20_000;

/** Waits for the next job, asleep after a while. */
export function awaitJob(control: Int32Array): void {
  for (let spin = 0; spin < SPINS; spin++) if ((Atomics.load(control, Place.ticket) & LEFT) > 0) return;
  const seen = Atomics.load(control, Place.ticket);
  if ((seen & LEFT) === 0) Atomics.wait(control, Place.ticket, seen);
}
