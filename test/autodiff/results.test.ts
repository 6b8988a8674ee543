import type { Tensor } from "flatward";
import {
  add,
  checkGrads,
  defineOperation,
  grad,
  hessian,
  hvp,
  jacobian,
  jvp,
  matmul,
  mul,
  slice,
  square,
  stack,
  sum,
  transpose,
  type Value,
  valueAndGrad,
  vjp,
} from "flatward/autodiff";
import { transpose as transposedView } from "flatward/tensor";
import { describe, expect, it } from "vitest";
import { random } from "./examples.js";

describe("results", () => {
  it("have memory of their own: not each other's, not the caller's", () => {
    const g = grad(({ a, b }: { a: Value; b: Value }) => sum(square(add(a, b))))({
      a: Float64Array.of(1, 2),
      b: Float64Array.of(3, 4),
    });
    g.a[0] = -99;
    expect([...g.b]).toEqual([8, 12]);
    const theta = Float64Array.of(1, 2);
    const seed = Float64Array.of(3, 4);
    const { value, pullback } = vjp((t: Value) => t, theta);
    expect([value.data, pullback(seed)].some((memory) => memory === theta || memory === seed)).toBe(false);
    const along = jvp((t: Value) => t, theta, seed);
    expect([along.value.data, along.tangent.data].some((memory) => memory === theta || memory === seed)).toBe(
      false,
    );
  });

  it("match records by name, in any order", () => {
    const f = ({ a, b }: { a: Value; b: Value }) => add(mul(10, square(a)), square(b));
    expect(hvp(f, { a: 1, b: 2 }, { b: 0, a: 1 })).toEqual({ a: 20, b: 0 });
    expect(() => jvp(f, { a: 1, b: 2 }, { x: 5, y: 7 } as never)).toThrow(
      /jvp: expected the structure a: \(\), b: \(\), got x: \(\), y: \(\)/,
    );
  });

  it("take a record for one whatever its parameters are called", () => {
    const normal = ({ shape, scale }: { shape: Value; scale: Value }) => mul(shape, square(scale));
    expect(grad(normal)({ shape: 2, scale: 3 })).toEqual({ shape: 9, scale: 12 });
  });

  it("of an operation's own may be views", () => {
    const turn = defineOperation({
      name: "turn",
      run: ([x]: readonly Tensor[]) => transposedView(x),
      jvp: ([dx]) => transpose(dx as Value),
      vjp: (_index, g) => transpose(g),
    });
    const [A, W] = [random([2, 3]), random([3, 2])];
    const own = valueAndGrad((x: Value) => sum(mul(turn([x]), W)))(A);
    const known = valueAndGrad((x: Value) => sum(mul(transpose(x), W)))(A);
    expect(own).toEqual(known);
    const nothing = defineOperation({
      name: "nothing",
      run: () => 1 as never,
      jvp: ([dx]) => dx as Value,
      vjp: (_index, g) => g,
    });
    expect(() => nothing([1])).toThrow(/nothing\.run: expected a tensor/);
  });

  it("of no entries have a Jacobian of no rows", () => {
    expect(jacobian((x: Value) => slice(x, [0], [0]))(Float64Array.of(1, 2)).shape).toEqual([0, 2]);
  });

  it("come with types that need no cast", () => {
    const H = hessian((t) => sum(square(t)))(Float64Array.of(1, 2));
    expect(H.data[0]).toBe(2);
    const { tangent } = jvp((t) => square(t), Float64Array.of(3), Float64Array.of(1));
    expect(tangent.data[0]).toBe(6);
    expect(checkGrads((t) => matmul(t, [[1], [2]]), [[1, 2]]).passed).toBe(true);
  });

  it("of thousands of parts cost time in proportion", () => {
    // A sum over all parts before each would take minutes here.
    const g = grad((t: Value) => sum(square(stack(Array.from({ length: 50_000 }, () => t)))))(
      Float64Array.of(1),
    );
    expect([...g]).toEqual([100_000]);
  });
});

describe("the checker does not pass what it could not check", () => {
  const nan = defineOperation({
    name: "nan",
    run: ([x]: readonly Tensor[]) => x,
    jvp: ([dx]) => mul(dx as Value, Float64Array.of(Number.NaN, 1, 1)),
    vjp: (_index, g) => mul(g, Float64Array.of(Number.NaN, 1, 1)),
  });

  it.each([["forward"], ["reverse"]] as const)("a derivative that is not a number, by %s alone", (mode) => {
    expect(
      checkGrads((x: Value) => nan([x]), Float64Array.of(1, 2, 3), { order: 1, modes: [mode] }).passed,
    ).toBe(false);
  });

  it.each([
    { modes: [] },
    { modes: ["forward"], numeric: false },
    { modes: ["forward", "forward"] },
    { order: 5 },
  ] as const)("%o", (options) => {
    expect(() => checkGrads((x: Value) => square(x), 1, options)).toThrow(/checkGrads: expected/);
  });

  it("a function of nothing", () => {
    expect(() => checkGrads((x: Value) => x, new Float64Array(0))).toThrow(/at least one parameter/);
  });
});
