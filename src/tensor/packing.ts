import type { IndexedMatrix, Steps } from "./indexed-matrix.js";
import { FEW_PACKED, type Panels, UNPACKED } from "./panels.js";
import { partOf } from "./parts.js";

/**
 * Writes lines `first` to `end` of a block of a factor in panels, or what is kept of it: all `count` at once, or from the last
 * lines to the first, with no other block between.
 */
export function pack(
  panels: Panels,
  out: Float64Array,
  factor: IndexedMatrix,
  block: number,
  lines: Int32Array,
  count: number,
  first: number,
  end: number,
  deeper: Steps,
  depth: number,
  depths: number,
  scale: number,
): void {
  const { packed, formed } = factor;
  if (formed !== undefined) {
    formed.pack(panels, out, lines, count, first, end, depth, depths, scale);
    return;
  }
  if (packed !== undefined && block < packed.blocks.length) {
    const from = first * depths;
    out.set(partOf(packed.blocks[block], from, ((end + 3) & ~3) * depths - from), from);
    return;
  }
  if (!packedByKernel(panels, out, factor, lines, count, first, end, deeper, depth, depths, scale))
    packPanels(out, factor, lines, first, end, deeper, depth, depths, scale);
  if (packed !== undefined && packed.products > 2 && first === 0)
    packed.blocks.push(out.slice(0, ((count + 3) & ~3) * depths));
}

/** Whether a kernel has packed them: all between the first number of the block and the last has to be copied, once. */
function packedByKernel(
  { packer }: Panels,
  out: Float64Array,
  { data, offset }: IndexedMatrix,
  lines: Int32Array,
  count: number,
  first: number,
  end: number,
  deeper: Steps,
  depth: number,
  depths: number,
  scale: number,
): boolean {
  const numbers = count * depths;
  if (packer === undefined || numbers < FEW_PACKED || typeof deeper !== "number" || deeper < 0) return false;
  let lowest = lines[0];
  let highest = lowest;
  for (let line = 1; line < count; line++) {
    const at = lines[line];
    if (at < lowest) lowest = at;
    if (at > highest) highest = at;
  }
  const range = highest - lowest + (depths - 1) * deeper + 1;
  if (range > UNPACKED || range > 2 * numbers) return false;
  const start = offset + lowest + depth * deeper;
  if (end === count) packer.copy(data, start, range);
  packer.pack(out, lines, lowest, first, end, deeper, depths, scale);
  return true;
}

/** Writes panels of four lines, from `depth` on; a last one of fewer is filled up with its first line. */
function packPanels(
  out: Float64Array,
  { data, offset }: IndexedMatrix,
  lines: Int32Array,
  from: number,
  until: number,
  deeper: Steps,
  depth: number,
  depths: number,
  scale: number,
): void {
  let to = from * depths;
  for (let line = from; line < until; line += 4) {
    const first = (offset + lines[line]) | 0;
    const second = line + 1 < until ? (offset + lines[line + 1]) | 0 : first;
    const third = line + 2 < until ? (offset + lines[line + 2]) | 0 : first;
    const fourth = line + 3 < until ? (offset + lines[line + 3]) | 0 : first;
    const end = (to + 4 * depths) | 0;
    if (typeof deeper === "number") {
      for (let at = (depth * deeper) | 0; to < end; to = (to + 4) | 0, at = (at + deeper) | 0) {
        out[to] = scale * data[(first + at) | 0];
        out[(to + 1) | 0] = scale * data[(second + at) | 0];
        out[(to + 2) | 0] = scale * data[(third + at) | 0];
        out[(to + 3) | 0] = scale * data[(fourth + at) | 0];
      }
      continue;
    }
    for (let d = depth; to < end; to = (to + 4) | 0, d++) {
      const at = deeper[d];
      out[to] = scale * data[(first + at) | 0];
      out[(to + 1) | 0] = scale * data[(second + at) | 0];
      out[(to + 2) | 0] = scale * data[(third + at) | 0];
      out[(to + 3) | 0] = scale * data[(fourth + at) | 0];
    }
  }
}
