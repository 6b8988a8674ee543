// To make a view of memory costs as much as to copy some thirty numbers; so views of what is used again and again are kept as long
// as it is.

/** Views of one memory at most; beyond, all are made anew. */
const MOST = 16;

const known = new WeakMap<Float64Array, Float64Array[]>();

/** Numbers of a memory from one place on: the memory itself where these are all, or the view that was given before. */
export function partOf(memory: Float64Array, from: number, count: number): Float64Array {
  if (from === 0 && count === memory.length) return memory;
  let views = known.get(memory);
  if (views === undefined) {
    views = [];
    known.set(memory, views);
  }
  const start = memory.byteOffset + from * memory.BYTES_PER_ELEMENT;
  for (let at = 0; at < views.length; at++)
    if (views[at].length === count && views[at].byteOffset === start) return views[at];
  if (views.length === MOST) views.length = 0;
  const view = memory.subarray(from, from + count);
  views.push(view);
  return view;
}
