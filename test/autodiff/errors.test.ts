import {
  add,
  broadcastTo,
  concatenate,
  conv2d,
  defineOperation,
  gather,
  grad,
  hvp,
  item,
  jvp,
  matmul,
  maxPool2d,
  mul,
  reshape,
  slice,
  square,
  stack,
  sum,
  sumTo,
  transpose,
  type Value,
  vjp,
} from "flatward/autodiff";
import { tensor, zeros } from "flatward/tensor";
import { describe, expect, it } from "vitest";

const x = Float64Array.of(1, 2, 3);
const wrongShape = defineOperation({
  name: "wrong",
  run: ([input]) => input,
  jvp: () => tensor(new Float64Array(2), [2]),
  vjp: () => tensor(new Float64Array(2), [2]),
});
let leaked: Value | undefined;

/** What is done → the error's class and code, and what its message must name. */
const refusals: readonly [
  name: string,
  act: () => unknown,
  errorName: string,
  code: string,
  message: RegExp,
][] = [
  [
    "grad of a vector",
    () => grad((t: Value) => square(t))(x),
    "ShapeError",
    "shape-mismatch",
    /grad: .*scalar.*\(3\).*sum/,
  ],
  [
    "shapes that do not broadcast",
    () => add(zeros([2, 3]), zeros([2])),
    "ShapeError",
    "shape-mismatch",
    /add: .*\(2,3\) and \(2\)/,
  ],
  [
    "an inner extent that differs",
    () => matmul(zeros([2, 3]), zeros([2, 3])),
    "ShapeError",
    "shape-mismatch",
    /matmul: .*\(2,3\) and \(2,3\)/,
  ],
  [
    "a constant output",
    () => grad(() => tensor(Float64Array.of(1), []))(x),
    "ConstantOutputError",
    "constant-output",
    /grad: .*allowConstant/,
  ],
  [
    "a traced value in an array",
    () => grad((t: Value) => sum(Float64Array.from(t as never)))(x),
    "TraceError",
    "traced-value",
    /operations of flatward\/autodiff/,
  ],
  [
    "a traced value in a literal array",
    () => grad((t: Value) => sum([t, t] as never))(x),
    "ArgumentError",
    "invalid-argument",
    /stack/,
  ],
  [
    "a traced value in nested arrays",
    () => grad((t: Value) => sum([[t, t]] as never))(x),
    "ArgumentError",
    "invalid-argument",
    /stack/,
  ],
  [
    "texts for numbers",
    () => add([["1"]] as never, 0),
    "ArgumentError",
    "invalid-argument",
    /add: .*rows of numbers, got "1"/,
  ],
  [
    "a sum to a shape that does not stretch",
    () => sumTo(zeros([3, 4]), [2, 4]),
    "ShapeError",
    "shape-mismatch",
    /sumTo: .*\(3,4\).*\(2,4\)/,
  ],
  ["a slice between elements", () => slice(x, [0], [2.5]), "ShapeError", "shape-mismatch", /slice/],
  [
    "a traced value compared",
    () => grad((t: Value) => ((sum(t) as never as number) > 0 ? sum(t) : 0))(x),
    "TraceError",
    "traced-value",
    /compared or used as a number/,
  ],
  [
    "a traced value's memory",
    () => grad((t: Value) => sum((t as { data: Float64Array }).data))(x),
    "TraceError",
    "traced-value",
    /read as memory/,
  ],
  [
    "a jvp of the wrong shape",
    () => jvp((t: Value) => wrongShape([t], undefined), x, x),
    "RuleError",
    "derivative-rule",
    /wrong\.jvp: .*\(3\).*\(2\)/,
  ],
  [
    "a vjp of the wrong shape",
    () => grad((t: Value) => sum(wrongShape([t], undefined)))(x),
    "RuleError",
    "derivative-rule",
    /wrong\.vjp: .*\(3\).*\(2\)/,
  ],
  [
    "a tangent of the wrong shape",
    () => jvp((t: Value) => t, x, Float64Array.of(1)),
    "ShapeError",
    "shape-mismatch",
    /jvp: expected the structure \(3\), got \(1\)/,
  ],
  [
    "an adjoint of the wrong shape",
    () => vjp((t: Value) => t, x).pullback(1),
    "ShapeError",
    "shape-mismatch",
    /vjp: .*\(3\).*\(\)/,
  ],
  ["an hvp of a vector", () => hvp((t: Value) => t, x, x), "ShapeError", "shape-mismatch", /hvp: .*scalar/],
  [
    "an impossible reshape",
    () => reshape(x, [2, -1]),
    "ShapeError",
    "shape-mismatch",
    /reshape: .*3 elements/,
  ],
  [
    "an impossible stretch",
    () => broadcastTo(x, [3, 2]),
    "ShapeError",
    "shape-mismatch",
    /^broadcastTo: .*\(3,2\)/,
  ],
  [
    "axes that are no permutation",
    () => transpose(zeros([2, 2]), [0, 0]),
    "ArgumentError",
    "invalid-argument",
    /^transpose: .*permutation/,
  ],
  ["a slice outside", () => slice(x, [1], [4]), "ShapeError", "shape-mismatch", /slice: .*\(3\)/],
  [
    "an axis that is not there",
    () => sum(x, { axes: 1 }),
    "ArgumentError",
    "invalid-argument",
    /sum: .*rank 1/,
  ],
  [
    "parts that do not fit",
    () => concatenate([zeros([2, 2]), zeros([3, 3])]),
    "ShapeError",
    "shape-mismatch",
    /concatenate/,
  ],
  [
    "parts of other shapes",
    () => stack([zeros([2]), zeros([3])]),
    "ShapeError",
    "shape-mismatch",
    /stack: expected at least one tensor, all of one shape, got \(2\), \(3\)/,
  ],
  [
    "no parameters",
    () => grad(sum)(null as never),
    "ArgumentError",
    "invalid-argument",
    /grad: expected something/,
  ],
  ["an index out of range", () => gather(x, [3]), "ArgumentError", "invalid-argument", /^gather: .*0 … 2/],
  [
    "filters for other channels",
    () => conv2d(zeros([1, 2, 4, 4]), zeros([1, 1, 2, 2])),
    "ShapeError",
    "shape-mismatch",
    /^conv2d: .*\(O,2,h,w\)/,
  ],
  [
    "an image without channels",
    () => conv2d(zeros([1, 3, 3]), zeros([1, 1, 2, 2])),
    "ShapeError",
    "shape-mismatch",
    /^conv2d: expected images of shape \(batch,channels,rows,columns\), got \(1,3,3\)/,
  ],
  [
    "a vector for images",
    () => conv2d(x, zeros([1, 1, 2, 2])),
    "ShapeError",
    "shape-mismatch",
    /^conv2d: expected images of shape .*, got \(3\)/,
  ],
  [
    "a window larger than the image",
    () => maxPool2d(zeros([1, 1, 2, 2]), 3),
    "ShapeError",
    "shape-mismatch",
    /^maxPool2d: .*no smaller than the window/,
  ],
  ["a number from a vector", () => item(x), "ShapeError", "shape-mismatch", /item: .*single element/],
  [
    "an operand of no kind",
    () => add("1" as never, 1),
    "ArgumentError",
    "invalid-argument",
    /add: .*number, an array or a tensor/,
  ],
  ["an empty record", () => grad(() => 0)({} as never), "ArgumentError", "invalid-argument", /empty record/],
];

describe("refused, with the operation's name and the shapes", () => {
  it.each(refusals)("%s", (_, act, name, code, message) => {
    expect(act).toThrow(message);
    expect(act).toThrow(expect.objectContaining({ name, code }));
  });

  it("a value that escaped from its transformation", () => {
    grad((t: Value) => {
      leaked = t;
      return sum(t);
    })(x);
    expect(() => mul(leaked as Value, 2)).toThrow(
      expect.objectContaining({ name: "TraceError", code: "traced-value" }),
    );
  });

  it("but a constant output has gradient 0 where that is asked for", () => {
    expect([...grad(() => 1, { allowConstant: true })(x)]).toEqual([0, 0, 0]);
  });
});
