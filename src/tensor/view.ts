import {
  ArgumentError,
  describe,
  inFunction,
  requireArray,
  requireFew,
  ShapeError,
  vectorAdvice,
} from "../errors.js";
import { isFloat64Array, typedArrayName } from "../typed-arrays.js";

/**
 * An n-dimensional view of float64 memory: element (i, j, …) is `data[offset + i·stride[0] + j·stride[1] + …]`.
 * An `NdArray<Float64Array>` of the `ndarray` package is one, transposed and sliced views included.
 */
export interface Tensor {
  readonly data: Float64Array;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly offset: number;
}

/** A tensor as callers may write it: without stride and offset it is row-major from 0. */
export interface TensorLike {
  readonly data: Float64Array;
  readonly shape: readonly number[];
  readonly stride?: readonly number[] | undefined;
  readonly offset?: number | undefined;
}

/** A matrix as callers may pass it: a 2-dimensional tensor, or an array of equally long rows. */
export type MatrixLike = TensorLike | readonly ArrayLike<number>[];

/** Number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const extent of shape) size *= extent;
  return size;
}

/** Whether two shapes are one. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}

/** Strides of a row-major tensor of this shape. */
export function rowMajorStride(shape: readonly number[]): number[] {
  const stride = new Array<number>(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    stride[axis] = step;
    step *= shape[axis];
  }
  return stride;
}

/**
 * A row-major tensor over `data`, without copying.
 * @param shape extents, integers ≥ 0
 * @throws ArgumentError unless `data` is a Float64Array; ShapeError unless `data` holds exactly the elements of `shape`
 * @example
 * import { symmetricEigen, tensor } from "flatward";
 * const data = Float64Array.of(2, 0, 0, 5);
 * const matrix = tensor(data, [2, 2]);
 * console.log(matrix.stride); // → [ 2, 1 ]
 * data[0] = 3;
 * console.log(symmetricEigen(matrix).values[0].toFixed(6)); // → 3.000000
 */
export function tensor(data: Float64Array, shape: readonly number[]): Tensor {
  return inFunction("tensor", () => {
    if (!isFloat64Array(data)) {
      throw new ArgumentError({
        expected: "data to be a Float64Array",
        got: describe(data),
        ...vectorAdvice(data),
      });
    }
    checkExtents("shape", shape);
    // A copy: the caller's array may change.
    const checked = asTensor("data", { data, shape: [...shape] });
    if (data.length !== sizeOf(shape)) {
      throw new ShapeError({
        expected: `${sizeOf(shape)} elements for shape [${shape}]`,
        got: `${data.length}`,
      });
    }
    return checked;
  });
}

/** A row-major tensor over memory of its size; unchecked, for kernels. */
export function rowMajor(data: Float64Array, shape: readonly number[]): Tensor {
  return { data, shape, stride: rowMajorStride(shape), offset: 0 };
}

/** Other elements in the shape of a dense row-major tensor; shares what describes it. Unchecked, for kernels. */
export function withData({ shape, stride }: Tensor, data: Float64Array): Tensor {
  return { data, shape, stride, offset: 0 };
}

/**
 * A row-major tensor of zeros. @throws ShapeError unless the extents are integers ≥ 0, and their product below 2³¹
 * @example
 * import { zeros } from "flatward/tensor";
 * const { shape, data } = zeros([2, 3]);
 * console.log(shape, data.length); // → [ 2, 3 ] 6
 */
export function zeros(shape: readonly number[]): Tensor {
  return inFunction("zeros", () => {
    checkExtents("shape", shape);
    requireFew("numbers", sizeOf(shape));
    return rowMajor(new Float64Array(sizeOf(shape)), [...shape]);
  });
}

/** Whether a tensor fills its memory in row-major order. */
export function isRowMajor({ data, shape, stride, offset }: Tensor): boolean {
  let size = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (stride[axis] !== size && shape[axis] !== 1) return false;
    size *= shape[axis];
  }
  return offset === 0 && data.length === size;
}

/** A matrix view over `data`; unchecked, for kernels. `rowStride` defaults to `columns`. */
export function matrixView(
  data: Float64Array,
  rows: number,
  columns: number,
  offset = 0,
  rowStride = columns,
): Tensor {
  return { data, shape: [rows, columns], stride: [rowStride, 1], offset };
}

/** The transpose of a matrix, as a view. */
export function transpose(a: Tensor): Tensor {
  return {
    data: a.data,
    shape: [a.shape[1], a.shape[0]],
    stride: [a.stride[1], a.stride[0]],
    offset: a.offset,
  };
}

/** Rows `from` … `to` − 1 of a matrix, as a view. */
export function rowRange(a: Tensor, from: number, to: number): Tensor {
  return {
    data: a.data,
    shape: [to - from, a.shape[1]],
    stride: a.stride,
    offset: a.offset + from * a.stride[0],
  };
}

/** Columns `from` … `to` − 1 of a matrix, as a view. */
export function columnRange(a: Tensor, from: number, to: number): Tensor {
  return {
    data: a.data,
    shape: [a.shape[0], to - from],
    stride: a.stride,
    offset: a.offset + from * a.stride[1],
  };
}

/** `(3,4)`, as error messages write shapes. */
export function formatShape(shape: readonly number[]): string {
  return `(${shape.join(",")})`;
}

/** @throws ArgumentError unless it is an array, ShapeError unless its extents are integers ≥ 0 */
export function checkExtents(name: string, shape: readonly number[]): void {
  requireArray(name, shape, "[2, 3] is a shape");
  for (const extent of shape) {
    if (!Number.isSafeInteger(extent) || extent < 0) {
      throw new ShapeError({ expected: `${name} of integers ≥ 0`, got: formatShape(shape) });
    }
  }
}

/**
 * `input` as a tensor whose every element lies inside its memory.
 * @throws ArgumentError when it is no tensor, ShapeError when the view leaves its data
 */
export function asTensor(name: string, input: TensorLike): Tensor {
  const data: unknown = input?.data;
  if (isFloat64Array(data) && !Array.isArray(input.shape)) {
    throw new ArgumentError({
      expected: `${name}.shape to be an array of integers`,
      got: describe(input.shape),
      ...(ArrayBuffer.isView(input.shape) ? { next: "pass Array.from(shape)" } : {}),
    });
  }
  if (!isFloat64Array(data)) {
    const other = typedArrayName(data);
    throw new ArgumentError({
      expected: `${name} to be { data: Float64Array, shape }`,
      got: other === undefined ? describe(input) : `data of type ${other}`,
      next:
        typeof (input as { readonly toMatrix?: unknown } | null | undefined)?.toMatrix === "function"
          ? "an operator's matrix is operator.toMatrix()"
          : "wrap it: tensor(Float64Array.from(values), shape)",
    });
  }
  return { data, ...placeOf(name, input, data.length) };
}

/** Where a view has its elements in memory of that length. @throws ShapeError when it leaves it */
export function placeOf(name: string, input: Omit<TensorLike, "data">, length: number): Omit<Tensor, "data"> {
  const shape = input.shape;
  checkExtents(`${name}.shape`, shape);
  const stride = input.stride ?? rowMajorStride(shape);
  const offset = input.offset ?? 0;
  requireArray(`${name}.stride`, stride);
  const isNumeric = [offset, ...stride].every((entry) => typeof entry === "number");
  let first = isNumeric ? offset : Number.NaN;
  let last = first;
  for (let axis = 0; isNumeric && axis < shape.length; axis++) {
    const reach = (shape[axis] - 1) * stride[axis];
    if (reach < 0) first += reach;
    else last += reach;
  }
  const inside = [first, last, ...stride].every(Number.isSafeInteger) && first >= 0 && last < length;
  if (stride.length !== shape.length || (sizeOf(shape) > 0 && !inside)) {
    throw new ShapeError({
      expected: `${name} of shape ${formatShape(shape)} to lie inside its ${length} elements`,
      got: `stride ${formatShape(stride)}, offset ${describe(offset)}`,
    });
  }
  return { shape, stride, offset };
}

/**
 * `input` as a matrix view; arrays of rows are copied, tensors are not.
 * @param expected extents that must hold, `undefined` where any will do
 * @throws ShapeError when it is ragged, not 2-dimensional, or not of the expected extents
 */
export function asMatrix(
  name: string,
  input: MatrixLike,
  expected: readonly [rows: number | undefined, columns: number | undefined] = [undefined, undefined],
  next?: string,
): Tensor {
  const matrix = Array.isArray(input) ? fromRows(name, input) : asTensor(name, input as TensorLike);
  const fits =
    matrix.shape.length === 2 &&
    (expected[0] === undefined || matrix.shape[0] === expected[0]) &&
    (expected[1] === undefined || matrix.shape[1] === expected[1]);
  if (fits) return matrix;
  const wanted = `(${expected[0] ?? "N"},${expected[1] ?? "M"})`;
  throw new ShapeError({
    expected: `${name} of shape ${wanted}`,
    got: formatShape(matrix.shape),
    ...(next ? { next } : {}),
  });
}

function fromRows(name: string, rows: readonly ArrayLike<number>[]): Tensor {
  const columns = rows.length === 0 ? 0 : rows[0]?.length;
  if (columns === undefined) {
    throw new ShapeError({
      expected: `${name} to be an array of rows`,
      got: `one that begins with ${describe(rows[0])}`,
      next: "write a column as [[1], [2], …]",
    });
  }
  const data = new Float64Array(rows.length * columns);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    if (row?.length !== columns) {
      throw new ShapeError({
        expected: `every row of ${name} to have ${columns} entries`,
        got: `${row?.length ?? describe(row)} in row ${i}`,
      });
    }
    for (let j = 0; j < columns; j++) {
      const entry: unknown = row[j];
      if (typeof entry !== "number") {
        throw new ArgumentError({
          expected: `entries of ${name} to be numbers`,
          got: `${describe(entry)} in row ${i}, column ${j}`,
          ...(typeof entry === "string" ? { next: "convert texts: Number(text)" } : {}),
        });
      }
      data[i * columns + j] = entry;
    }
  }
  return matrixView(data, rows.length, columns);
}

/** Copies a matrix into `out`, row by row, with the given row stride. */
export function copyMatrix(out: Float64Array, outStride: number, a: Tensor): void {
  for (let i = 0; i < a.shape[0]; i++) copyRow(out, i * outStride, a, i);
}

/** Copies row i of a matrix to `out`, from position `to` on. */
export function copyRow(
  out: Float64Array,
  to: number,
  { data, shape, stride, offset }: Tensor,
  i: number,
): void {
  const columns = shape[1];
  const from = offset + i * stride[0];
  // To make a view of memory costs as much as to copy some thirty elements.
  if (stride[1] === 1 && columns >= 32) out.set(data.subarray(from, from + columns), to);
  else for (let j = 0; j < columns; j++) out[to + j] = data[from + j * stride[1]];
}

/** Parameters from … to − 1 of theta. */
export interface ParameterRange {
  readonly from: number;
  readonly to: number;
}
