// Independent: jvp takes one tangent at a time, and knows nothing of stacks.

import { ShapeError, type Tensor } from "flatward";
import {
  add,
  defineOperation,
  dot,
  grad,
  hessian,
  jvp,
  jvps,
  matmul,
  mul,
  type Operand,
  reshape,
  sin,
  slice,
  square,
  stack,
  sum,
  tanh,
  type Value,
} from "flatward/autodiff";
import { tensor } from "flatward/tensor";
import { describe, expect, it } from "vitest";
import { toValue } from "../../src/autodiff/value.js";
import { expectClose } from "../oracles/compare.js";
import { compositeExamples, type Example, operationExamples, random } from "./examples.js";

const COUNT = 3;

type Values = Readonly<Record<string, Value>>;
type Operands = Readonly<Record<string, Operand>>;

const shapeOf = (operand: Operand): readonly number[] => toValue(operand).shape;

/** T tangents of every parameter, stacked, and the t-th of them. */
const stackedTangents = (at: Operands): Operands =>
  Object.fromEntries(Object.entries(at).map(([name, x]) => [name, random([COUNT, ...shapeOf(x)])]));
const tangent = (stacked: Operands, t: number): Operands =>
  Object.fromEntries(
    Object.entries(stacked).map(([name, x]) => [
      name,
      reshape(slice(x, [t], [t + 1]), shapeOf(x).slice(1)) as Tensor,
    ]),
  );

function expectSame({ f, at }: Example): void {
  const tangents = stackedTangents(at);
  const all = jvps(f, at, tangents);
  const one = Array.from({ length: COUNT }, (_, t) => jvp(f, at, tangent(tangents, t)));
  const wanted = stack(one.map((each) => each.tangent)) as Tensor;
  expect(all.tangents.shape).toEqual(wanted.shape);
  expect(all.value).toEqual(one[0].value);
  expectClose((all.tangents as Tensor).data, wanted.data, 1e-13);
}

const rows = Object.entries({ ...operationExamples, ...compositeExamples });

/** ∇⟨f, w⟩ as one vector. */
const gradientOf = ({ f, at }: Example): Example => {
  const names = Object.keys(at);
  const w = random((f(at as never) as Tensor).shape);
  return {
    at,
    f: (x: Values) =>
      sum(
        stack(
          names.map((name) => {
            const share = (grad((values: Values) => dot(f(values), w))(x) as Values)[name];
            return sum(mul(share, sin(share)));
          }),
        ),
      ),
  };
};

describe("many tangents in one pass are those of one pass each,", () => {
  it.each(rows)("%s", (_, example) => expectSame(example));

  it.each(rows)("forward over reverse, %s", (_, example) => expectSame(gradientOf(example)));

  it.each(rows)("reverse over forward, %s", (_, { f, at }) => {
    const tangents = stackedTangents(at);
    const w = random(jvps(f, at, tangents).tangents.shape);
    const all = grad((x: Values) => dot(jvps(f, x, tangents).tangents, w), { allowConstant: true })(at);
    const one = grad(
      (x: Values) =>
        dot(
          stack(Array.from({ length: COUNT }, (_, t) => jvp(f, x, tangent(tangents, t) as never).tangent)),
          w,
        ),
      { allowConstant: true },
    )(at);
    for (const name of Object.keys(at))
      expectClose(
        (all as Record<string, Tensor>)[name].data,
        (one as Record<string, Tensor>)[name].data,
        1e-12,
      );
  });

  it("through operations of one's own, with a rule for stacks and without", () => {
    let stacks = 0;
    const doubled: (inputs: readonly Operand[]) => Value = defineOperation({
      name: "doubled",
      run: ([x]) => mul(x, 2) as Tensor,
      jvp: ([dx]) => doubled([dx as Value]),
      vjp: (_index, g) => doubled([g]),
    });
    const halved: typeof doubled = defineOperation({
      name: "halved",
      run: ([x]) => mul(x, 0.5) as Tensor,
      jvp: ([dx]) => halved([dx as Value]),
      vjp: (_index, g) => halved([g]),
      vmap([stacked], mapped) {
        stacks++;
        expect(mapped).toEqual([true]);
        return halved([stacked]);
      },
    });
    expectSame({ f: ({ x }) => doubled([sin(halved([x]))]), at: { x: random([4]) } });
    expect(stacks).toBe(1);
  });
});

describe("stacks are not confused", () => {
  it("with an inner stack, nor with their perturbations", () => {
    // d/dx [x · d/dy (x + y)] = 1, for every tangent of x, whatever those of y.
    const f = (x: Value) => mul(x, sum(jvps((y: Value) => add(x, y), 1, [1]).tangents));
    expect((jvps(f, 1, [1, 5]).tangents as Tensor).data).toEqual(Float64Array.of(1, 5));
  });

  it("jvps of jvps is the tensor of second derivatives", () => {
    const x = Float64Array.of(0.3, -0.7, 1.1);
    const identity = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ];
    const f = (v: Value) => sum(tanh(mul(v, sum(square(v)))));
    const second = jvps((v: Value) => jvps(f, v, identity).tangents, x, identity).tangents as Tensor;
    expectClose(second.data, (hessian(f)(x) as Tensor).data, 1e-14);
  });

  it("one factor of a product, stored either way, takes them all", () => {
    for (const transposeA of [false, true])
      for (const transposeB of [false, true]) {
        const a = random(transposeA ? [4, 5] : [5, 4]);
        const b = random(transposeB ? [2, 4] : [4, 2]);
        const f = ({ a, b }: Values) => matmul(a, b, { transposeA, transposeB });
        expectSame({ f, at: { a, b } });
        expectSame({ f: ({ a }) => f({ a, b: b as never }), at: { a } });
        expectSame({ f: ({ b }) => f({ a: a as never, b }), at: { b } });
      }
  });

  it("a result that does not depend on the parameters has tangents of 0", () => {
    const { tangents } = jvps(() => [1, 2], 0.5, [1, 2, 3]);
    expect(tangents).toEqual(tensor(new Float64Array(6), [3, 2]));
  });
});

it("tangents of another shape, and none, are refused", () => {
  const f = (x: Value) => square(x);
  expect(() => jvps(f, Float64Array.of(1, 2), Float64Array.of(1, 2))).toThrow(ShapeError);
  expect(() => jvps(f, 1, 1)).toThrow(
    "jvps: expected at least one tangent, stacked along a first axis, got ()",
  );
  expect(() => jvps(f, Float64Array.of(1, 2), tensor(new Float64Array(6), [2, 3]))).toThrow(
    "jvps: expected the structure (2,2), got (2,3)",
  );
});
