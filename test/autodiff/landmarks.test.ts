import { randomStream, type Tensor, tensor } from "flatward";
import {
  add,
  dot,
  exp,
  grad,
  hessian,
  hvp,
  item,
  jacobian,
  jvp,
  log,
  max,
  mean,
  mul,
  neg,
  norm,
  relu,
  reshape,
  sigmoid,
  sin,
  slice,
  softplus,
  square,
  sub,
  sum,
  tanh,
  type Value,
  valueAndGrad,
  vjp,
} from "flatward/autodiff";
import { matmul as engineMatmul, transpose as engineTranspose } from "flatward/tensor";
import { describe, expect, it } from "vitest";

const draws = randomStream(4, "landmarks");
const normals = (n: number) => Float64Array.from({ length: n }, () => draws.normal());
const matrix = (value: Value) => value as Tensor;

/** Largest difference, relative to the largest expected entry. */
function difference(values: ArrayLike<number>, expected: ArrayLike<number>): number {
  let worst = 0;
  let size = 0;
  for (let i = 0; i < expected.length; i++) {
    worst = Math.max(worst, Math.abs(values[i] - expected[i]));
    size = Math.max(size, Math.abs(expected[i]));
  }
  return worst / size;
}

describe("derivatives known on paper", () => {
  const [N, d] = [12, 3];
  const x = tensor(normals(N * d), [N, d]);
  const theta = normals(d);
  const predict = (t: Value): Value => dotRows(x, t);
  const dotRows = (rows: Tensor, t: Value): Value => sum(mul(rows, t), { axes: 1 });

  it("linear model, ½ squared error: H = XᵀX/N, whatever the targets", () => {
    const y = normals(N);
    const loss = (t: Value) => mul(0.5, mean(square(sub(predict(t), y))));
    const expected = engineMatmul(engineTranspose(x), x).data.map((entry) => entry / N);
    expect(difference(matrix(hessian(loss)(theta)).data, expected)).toBeLessThan(1e-15);
  });

  it("logistic regression: g = Xᵀ(σ − y)/N, H = Xᵀ diag(σ(1−σ)) X/N", () => {
    const y = Float64Array.from({ length: N }, () => draws.integer(2));
    const loss = (t: Value) => mean(sub(softplus(predict(t)), mul(y, predict(t))));
    const g = new Float64Array(d);
    const H = new Float64Array(d * d);
    for (let i = 0; i < N; i++) {
      let z = 0;
      for (let c = 0; c < d; c++) z += x.data[i * d + c] * theta[c];
      const s = 1 / (1 + Math.exp(-z));
      for (let c = 0; c < d; c++) {
        g[c] += ((s - y[i]) * x.data[i * d + c]) / N;
        for (let e = 0; e < d; e++) H[c * d + e] += (s * (1 - s) * x.data[i * d + c] * x.data[i * d + e]) / N;
      }
    }
    expect(difference(grad(loss)(theta), g)).toBeLessThan(1e-14);
    expect(difference(matrix(hessian(loss)(theta)).data, H)).toBeLessThan(1e-14);
  });

  it("Rosenbrock's function: gradient and Hessian at (−1.2, 1)", () => {
    const rosenbrock = (t: Value) => {
      const a = slice(t, [0], [1]);
      const b = slice(t, [1], [2]);
      return sum(add(square(sub(1, a)), mul(100, square(sub(b, square(a))))));
    };
    const at = Float64Array.of(-1.2, 1);
    expect(difference(grad(rosenbrock)(at), [-215.6, -88])).toBeLessThan(1e-14);
    expect(difference(matrix(hessian(rosenbrock)(at)).data, [1330, 480, 480, 200])).toBeLessThan(1e-14);
  });

  it("x·sin x differentiated three times is −3 sin x − x cos x, in every nesting of modes", () => {
    const f = (x: Value): Value => mul(x, sin(x));
    const byForward = (g: (x: Value) => Value) => (x: Value) =>
      jvp(g, x, tensor(Float64Array.of(1), [])).tangent;
    const byReverse = (g: (x: Value) => Value) => (x: Value) => grad(g)(x) as Value;
    const at = tensor(Float64Array.of(0.7), []);
    const expected = -3 * Math.sin(0.7) - 0.7 * Math.cos(0.7);
    for (const first of [byForward, byReverse]) {
      for (const second of [byForward, byReverse]) {
        for (const third of [byForward, byReverse]) {
          expect(Math.abs(item(third(second(first(f)))(at)) - expected)).toBeLessThan(1e-15 * 4);
        }
      }
    }
  });

  it("xᵀHx has the Hessian H + Hᵀ at 0, where a shortcut on zeros would see none", () => {
    const H = tensor(normals(9), [3, 3]);
    const f = (t: Value) => dot(t, sum(mul(H, reshape(t, [1, 3])), { axes: 1 }));
    const expected = H.data.map((entry, at) => entry + H.data[(at % 3) * 3 + Math.floor(at / 3)]);
    expect(difference(matrix(hessian(f)(new Float64Array(3))).data, expected)).toBeLessThan(1e-15);
    expect(
      difference(hvp(f, new Float64Array(3), Float64Array.of(1, 0, 0)), [
        expected[0],
        expected[3],
        expected[6],
      ]),
    ).toBeLessThan(1e-15);
  });
});

describe("nesting", () => {
  it("does not confuse the perturbations of nested functions: D(x => x·D(y => x + y)) is 1", () => {
    const inner = (x: Value) =>
      mul(
        x,
        jvp((y: Value) => add(x, y), tensor(Float64Array.of(1), []), tensor(Float64Array.of(1), [])).tangent,
      );
    expect(item(jvp(inner, 1, 1).tangent)).toBe(1);
    const reversed = (x: Value) =>
      mul(x, grad((y: Value) => add(x, y))(tensor(Float64Array.of(1), [])) as Value);
    expect(grad(reversed)(1)).toBe(1);
  });

  it("goes through chains of 100,000 operations without recursion", () => {
    const chain = (x: Value) => {
      let value = x;
      for (let i = 0; i < 100_000; i++) value = add(value, 1e-6);
      return value;
    };
    expect(grad(chain)(2)).toBe(1);
    expect(item(jvp(chain, 2, 1).tangent)).toBe(1);
  });

  it("adds up all paths of a graph that branches and joins", () => {
    // 2⁶⁰ paths; only a topological order is fast enough to finish.
    const doubling = (x: Value) => {
      let value = x;
      for (let i = 0; i < 60; i++) value = add(value, value);
      return value;
    };
    expect(grad(doubling)(1)).toBe(2 ** 60);
  });
});

describe("structures", () => {
  it("differentiates by records, and gives each part its own form", () => {
    const { value, gradient } = valueAndGrad(({ w, b, s }: { w: Value; b: Value; s: Value }) =>
      sum(mul(s, add(square(w), b))),
    )({
      w: Float64Array.of(1, 2),
      b: tensor(Float64Array.of(3), [1]),
      s: 2,
    });
    expect(value).toBe(2 * (1 + 3 + 4 + 3));
    expect([...gradient.w]).toEqual([4, 8]);
    expect(gradient.b).toMatchObject({ shape: [1], data: Float64Array.of(4) });
    expect(gradient.s).toBe(11);
  });

  it("gives Jacobians row by row, and pulls back any number of adjoints", () => {
    const f = (t: Value) => mul(t, sum(t));
    expect([...matrix(jacobian(f)(Float64Array.of(1, 2))).data]).toEqual([4, 1, 2, 5]);
    const { value, pullback } = vjp(f, Float64Array.of(1, 2));
    expect([...matrix(value).data]).toEqual([3, 6]);
    expect([...pullback(Float64Array.of(1, 0))]).toEqual([4, 1]);
    expect([...pullback(Float64Array.of(0, 1))]).toEqual([2, 5]);
  });

  it("gives exactly symmetric Hessians, also by records", () => {
    const f = ({ a, b }: { a: Value; b: Value }) => sum(tanh(mul(exp(a), sigmoid(add(a, b)))));
    const { data, shape } = matrix(hessian(f)({ a: normals(4), b: normals(4) }));
    expect(shape).toEqual([8, 8]);
    for (let i = 0; i < 8; i++) for (let j = 0; j < i; j++) expect(data[i * 8 + j]).toBe(data[j * 8 + i]);
  });
});

describe("the awkward points", () => {
  const gradientAt = (f: (x: Value) => Value, ...x: number[]) => [
    ...grad((t: Value) => sum(f(t)))(Float64Array.from(x)),
  ];

  it("relu has derivative 0 at 0", () => {
    expect(gradientAt(relu, -1, 0, 1)).toEqual([0, 0, 1]);
  });

  it("max shares the derivative among ties", () => {
    expect(gradientAt((x) => max(x), 2, 1, 2)).toEqual([0.5, 0, 0.5]);
  });

  it("norm has derivative 0 at 0, and no second one", () => {
    expect(gradientAt(norm, 0, 0)).toEqual([0, 0]);
    expect([...matrix(hessian(norm)(new Float64Array(2))).data]).toEqual(new Array(4).fill(Number.NaN));
    expect(difference(gradientAt(norm, 3, 4), [0.6, 0.8])).toBeLessThan(1e-15);
  });

  it("saturated functions keep relative accuracy where 1 − y² would be 0", () => {
    const [slope] = gradientAt(tanh, 20);
    expect(Math.abs(slope / (4 * Math.exp(-40)) - 1)).toBeLessThan(1e-12);
    const [falling] = gradientAt(sigmoid, 40);
    expect(Math.abs(falling / Math.exp(-40) - 1)).toBeLessThan(1e-12);
  });

  it("log and its derivative are right near the smallest doubles", () => {
    expect(difference(gradientAt(log, 1e-300), [1e300])).toBeLessThan(1e-15);
    expect(
      difference(
        gradientAt((x) => neg(log(x)), 1e-300),
        [-1e300],
      ),
    ).toBeLessThan(1e-15);
  });
});
