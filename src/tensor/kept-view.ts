import { matrixView, type Tensor, transpose } from "./view.js";

// On small networks to describe a matrix anew costs as much as much of what is done with it.

/** `matrixView`, which gives the last view again where it is asked for the same. */
export function keptView(): (data: Float64Array, rows: number, columns: number) => Tensor {
  let view: Tensor | undefined;
  return (data, rows, columns) => {
    if (view === undefined || view.data !== data || view.shape[0] !== rows || view.shape[1] !== columns)
      view = matrixView(data, rows, columns);
    return view;
  };
}

/** The same for `transpose`. */
export function keptTranspose(): (a: Tensor) => Tensor {
  let of: Tensor | undefined;
  let view: Tensor | undefined;
  return (a) => {
    if (view === undefined || of !== a) view = transpose(a);
    of = a;
    return view;
  };
}
