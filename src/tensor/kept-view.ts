import { matrixView, type Tensor, transpose } from "./view.js";

// On small networks to describe a matrix anew costs as much as much of what is done with it; so descriptions of memory that is
// used again and again are kept as long as the memory.

/** Descriptions of one memory at most; beyond, all are made anew. */
const MOST = 128;

const views = new WeakMap<Float64Array, Tensor[]>();
const transposes = new WeakMap<Tensor, Tensor>();

/** `matrixView`, which gives the same view again where it is asked for the same. */
export function keptView(
  data: Float64Array,
  rows: number,
  columns: number,
  offset = 0,
  rowStride = columns,
): Tensor {
  let known = views.get(data);
  if (known === undefined) {
    known = [];
    views.set(data, known);
  }
  for (let at = 0; at < known.length; at++) {
    const { offset: start, shape, stride } = known[at];
    if (start === offset && shape[0] === rows && shape[1] === columns && stride[0] === rowStride)
      return known[at];
  }
  if (known.length === MOST) known.length = 0;
  const view = matrixView(data, rows, columns, offset, rowStride);
  known.push(view);
  return view;
}

/** `transpose`, kept with its matrix. */
export function keptTranspose(a: Tensor): Tensor {
  let view = transposes.get(a);
  if (view === undefined) {
    view = transpose(a);
    transposes.set(a, view);
  }
  return view;
}

/** `columnRange`, kept, of a matrix whose rows lie in one piece. */
export function keptColumns({ data, shape, stride, offset }: Tensor, from: number, to: number): Tensor {
  return keptView(data, shape[0], to - from, offset + from, stride[0]);
}
