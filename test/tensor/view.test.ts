import { describe, expect, it } from "vitest";
import { ArgumentError, ShapeError } from "../../src/index.js";
import { columnRange, rowRange, type TensorLike, tensor, transpose, zeros } from "../../src/tensor/index.js";
import { asMatrix, asTensor } from "../../src/tensor/view.js";

const data = Float64Array.from({ length: 6 }, (_, i) => i);

describe("tensor", () => {
  it("is row-major over the memory it is given", () => {
    const t = tensor(data, [2, 3]);
    expect(t).toEqual({ data, shape: [2, 3], stride: [3, 1], offset: 0 });
    expect(t.data).toBe(data);
  });

  it("does not change its shape with the array that it was given", () => {
    const shape = [2, 3];
    const [over, zero] = [tensor(new Float64Array(6), shape), zeros(shape)];
    shape[0] = 5;
    expect([over.shape, zero.shape]).toEqual([
      [2, 3],
      [2, 3],
    ]);
  });

  it("refuses a shape with more or fewer elements than its data", () => {
    expect(() => tensor(data, [2, 2])).toThrow(ShapeError);
    expect(() => tensor(data, [2, 4])).toThrow(ShapeError);
  });

  it("may be empty or a scalar", () => {
    expect(zeros([0, 5]).data).toHaveLength(0);
    expect(zeros([]).data).toHaveLength(1);
  });
});

describe("views", () => {
  const t = tensor(data, [2, 3]);

  it("transpose, cut rows and cut columns without copying", () => {
    const views = [transpose(t), rowRange(t, 1, 2), columnRange(t, 1, 3)];
    expect(views.map((view) => view.shape)).toEqual([
      [3, 2],
      [1, 3],
      [2, 2],
    ]);
    expect(views.map((view) => view.offset)).toEqual([0, 3, 1]);
    expect(views.every((view) => view.data === data)).toBe(true);
    expect(transpose(t).stride).toEqual([1, 3]);
  });
});

describe("asTensor", () => {
  const refused: [string, TensorLike, unknown][] = [
    ["a view that ends behind its data", { data, shape: [2, 3], offset: 1 }, ShapeError],
    ["a view that starts before its data", { data, shape: [2, 3], stride: [-3, 1], offset: 2 }, ShapeError],
    ["a negative extent", { data, shape: [-1, 3] }, ShapeError],
    ["a broken extent", { data, shape: [1.5, 2] }, ShapeError],
    ["a broken stride", { data, shape: [3, 1], stride: [0.5, 1] }, ShapeError],
    ["fewer strides than extents", { data, shape: [2, 3], stride: [3] }, ShapeError],
    ["a stride that is not a number", { data, shape: [2, 3], stride: [Number.NaN, 1] }, ShapeError],
    ["an offset that is not an integer", { data, shape: [2], offset: 0.5 }, ShapeError],
    ["float32 data", { data: new Float32Array(6) as never, shape: [2, 3] }, ArgumentError],
    ["no shape", { data } as never, ArgumentError],
    ["nothing", undefined as never, ArgumentError],
  ];
  it.each(refused)("refuses %s", (_, input, error) => {
    expect(() => asTensor("a", input)).toThrow(error as typeof ShapeError);
  });

  it("takes reversed and repeated axes that stay inside", () => {
    const reversed = asTensor("a", { data, shape: [6], stride: [-1], offset: 5 });
    expect(reversed.stride).toEqual([-1]);
    expect(asTensor("a", { data, shape: [4, 6], stride: [0, 1] }).shape).toEqual([4, 6]);
  });
});

describe("asMatrix", () => {
  it("copies arrays of rows, typed ones too, and nothing else", () => {
    const rows = [Float32Array.of(1, 2), [3, 4]];
    expect(asMatrix("a", rows).data).toEqual(Float64Array.of(1, 2, 3, 4));
    const t = tensor(data, [2, 3]);
    expect(asMatrix("a", t).data).toBe(data);
  });

  it("names the ragged row", () => {
    expect(() => asMatrix("a", [[1, 2], [3]])).toThrow(/expected every row of a .* got 1 in row 1/);
  });

  it("refuses a vector, and says how to write a column", () => {
    expect(() => asMatrix("a", [1, 2] as never)).toThrow(/\[\[1\], \[2\], …\]/);
    expect(() => asMatrix("a", tensor(data, [6]))).toThrow(ShapeError);
  });
});
