// ndarray-ops is the oracle here: another library's loops, over the same views.

import ndarray from "ndarray";
import ops from "ndarray-ops";
import { describe, expect, it } from "vitest";
import {
  exactHessian,
  fromNdarray,
  lossAndGradient,
  randomStream,
  ShapeError,
  symmetricEigen,
  type Tensor,
  tensor,
  toNdarray,
} from "../../src/index.js";
import { dot, matmul, maxAbs, norm, zeros } from "../../src/tensor/index.js";
import { gemm } from "../../src/tensor/matmul.js";
import { makeCase } from "../cases.js";
import { expectClose, expectNear } from "../oracles/compare.js";
import { naiveProduct } from "../oracles/naive-product.js";

const stream = randomStream(5, "ndarray");
const draw = (n: number) => Float64Array.from({ length: n }, () => stream.normal());

describe("the door to ndarray", () => {
  it("shares memory both ways", () => {
    const t = tensor(draw(6), [2, 3]);
    const a = toNdarray(t);
    a.set(1, 2, 42);
    expect(t.data[5]).toBe(42);
    t.data[0] = -1;
    expect(a.get(0, 0)).toBe(-1);
    const back = fromNdarray(a);
    expect(back.data).toBe(t.data);
    expect(back).toEqual(t);
  });

  it("keeps the strides and offsets of transposed, stepped and sliced views", () => {
    const a = ndarray(draw(24), [4, 6]);
    const view = a.transpose(1, 0).lo(1, 1).step(2, -1);
    const t = fromNdarray(view);
    for (let i = 0; i < t.shape[0]; i++) {
      for (let j = 0; j < t.shape[1]; j++) {
        expect(t.data[t.offset + i * t.stride[0] + j * t.stride[1]]).toBe(view.get(i, j));
        expect(toNdarray(t).get(i, j)).toBe(view.get(i, j));
      }
    }
  });

  it("does not hand out its own shape to be changed", () => {
    const t = tensor(draw(6), [2, 3]);
    toNdarray(t).shape[0] = 1;
    expect(t.shape).toEqual([2, 3]);
  });

  it("refuses an ndarray of another type, or of a shape that leaves its data", () => {
    expect(() => fromNdarray(ndarray(new Float32Array(4), [2, 2]) as never)).toThrow(/Float32Array/);
    expect(() => fromNdarray(ndarray(draw(4), [2, 3]))).toThrow(ShapeError);
  });
});

describe("an ndarray, as it is,", () => {
  const { net, theta, batch, plain } = makeCase({ size: [7, 3, 3, 2], targets: "dense" });
  const x = plain.x.flat();
  const y = plain.targets.flat();
  /** The same numbers behind a transpose, a gap and an offset. */
  const disguised = (rows: number, columns: number, values: readonly number[]) => {
    const a = ndarray(new Float64Array((columns + 2) * (rows + 1)), [columns + 2, rows + 1])
      .transpose(1, 0)
      .lo(1, 2);
    for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) a.set(i, j, values[i * columns + j]);
    return a;
  };
  const views = { x: disguised(7, 3, x), y: disguised(7, 2, y) };

  it("is a batch to lossAndGradient and exactHessian, with the same bits as plain rows", () => {
    expect(lossAndGradient(net, theta, views)).toEqual(lossAndGradient(net, theta, batch));
    expect(exactHessian(net, theta, views)).toEqual(exactHessian(net, theta, batch));
    expect(net.predict(theta, views.x)).toEqual(net.predict(theta, plain.x));
  });

  it("gives class indices as a vector, strided too", () => {
    const labels = ndarray(Float64Array.of(0, 9, 1, 9, 1, 9, 0, 9, 0, 9, 0, 9, 1), [7], [2]);
    const wanted = lossAndGradient(net, theta, { x: plain.x, y: [0, 1, 1, 0, 0, 0, 1] });
    expect(lossAndGradient(net, theta, { x: views.x, y: labels })).toEqual(wanted);
  });

  it("is a matrix to symmetricEigen and matmul", () => {
    const H = exactHessian(net, theta, batch);
    const n = net.size;
    const view = disguised(n, n, Array.from(H.data));
    expect(symmetricEigen(view)).toEqual(symmetricEigen(H));
    expect(symmetricEigen(toNdarray(H).transpose(1, 0))).toEqual(symmetricEigen(H));
    expect(matmul(view, view)).toEqual(matmul(H, H));
  });

  it("takes a product into a view of its memory", () => {
    const [a, b] = [ndarray(draw(15), [5, 3]), ndarray(draw(12), [4, 3]).transpose(1, 0)];
    const c = ndarray(new Float64Array(40), [5, 8]).lo(0, 2).hi(5, 4);
    gemm(c as Tensor, a, b);
    const wanted = naiveProduct(
      [5, 3, 4],
      (i, j) => a.get(i, j),
      (i, j) => b.get(i, j),
    );
    const got = Float64Array.from({ length: 20 }, (_, at) => c.get(Math.floor(at / 4), at % 4));
    expectClose(got, wanted, 1e-14, 10);
  });
});

describe("reductions and sums agree with ndarray-ops", () => {
  const x = draw(301);
  const y = draw(301);

  it("in norms, largest magnitudes and inner products", () => {
    expectNear(norm(x), ops.norm2(ndarray(x)), 1e-14);
    expect(maxAbs(x)).toBe(ops.norminf(ndarray(x)));
    const products = ndarray(new Float64Array(301));
    ops.mul(products, ndarray(x), ndarray(y));
    expectNear(dot(x, y), ops.sum(products), 1e-14, norm(x) * norm(y));
  });

  it("in A + Aᵀ formed by a product with the identity", () => {
    const a = ndarray(draw(49), [7, 7]);
    const identity = zeros([7, 7]);
    for (let i = 0; i < 7; i++) identity.data[i * 8] = 1;
    const got = zeros([7, 7]);
    gemm(got, a, identity);
    gemm(got, a.transpose(1, 0), identity, 1, 1);
    const wanted = ndarray(new Float64Array(49), [7, 7]);
    ops.add(wanted, a, a.transpose(1, 0));
    expect(got.data).toEqual(wanted.data);
  });
});
