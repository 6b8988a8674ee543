/** A value that a call takes, and others in its place that it must refuse. */
export interface Argument {
  readonly valid: unknown;
  readonly wrong: readonly Wrong[];
  /** Whether it may be left out. */
  readonly optional?: boolean;
}

/** What is wrong, and the value. */
export type Wrong = readonly [what: string, value: unknown];

const missing: readonly Wrong[] = [
  ["undefined", undefined],
  ["null", null],
];

const argument = (valid: unknown, ...wrong: readonly Wrong[]): Argument => ({
  valid,
  wrong: [...missing, ...wrong],
});

/** The same where `undefined` is as good as a default. */
export const optional = ({ valid, wrong }: Argument): Argument => ({
  valid,
  wrong: wrong.filter(([what]) => what !== "undefined"),
  optional: true,
});

/** The same, which takes what would be wrong elsewhere. */
export const taking = ({ wrong, ...rest }: Argument, ...taken: string[]): Argument => ({
  ...rest,
  wrong: wrong.filter(([what]) => !taken.includes(what)),
});

export const number = (valid: number): Argument =>
  argument(valid, ["NaN", Number.NaN], ["a text", "3"], ["an object", {}], ["∞", Number.POSITIVE_INFINITY]);

export const integer = (valid: number): Argument => {
  const { wrong, ...rest } = number(valid);
  return { ...rest, wrong: [...wrong, ["a fraction", 1.5], ["a negative number", -1]] };
};

export const flag = (valid: boolean): Argument => argument(valid, ["0", 0], ["a text", "true"]);

export const oneOf = (valid: string): Argument =>
  argument(valid, ["another name", `${valid}x`], ["a number", 3], ["an object", {}]);

export const callable = (valid: unknown): Argument =>
  argument(valid, ["a number", 3], ["a text", "f"], ["an object", {}]);

/** An object that is not taken apart: a network, an objective, an operator. */
export const object = (valid: object): Argument =>
  argument(
    valid,
    ["a number", 3],
    ["a text", "net"],
    ["an empty object", {}],
    ["an array", []],
    ["a function", () => 1],
  );

/** @param any whether NaN and another length are its caller's own affair */
export const vector = (valid: Float64Array, any = false): Argument =>
  argument(
    valid,
    ["a number", 3],
    ["a text", "theta"],
    ["an object", {}],
    ["a plain array", Array.from(valid)],
    ["a Float32Array", Float32Array.from(valid)],
    ...(any
      ? []
      : ([
          ["too few", valid.slice(1)],
          ["too many", Float64Array.of(...valid, 1)],
          ["NaN among them", valid.map((entry, i) => (i === 0 ? Number.NaN : entry))],
        ] as const)),
  );

export const matrix = (valid: number[][]): Argument =>
  argument(
    valid,
    ["a number", 3],
    ["a text", "matrix"],
    ["an object", {}],
    ["a vector", [1, 2]],
    ["ragged rows", [...valid.slice(1), [...valid[0], 1]]],
    ["a row that is null", [null, ...valid.slice(1)]],
    ["a Float32Array with a shape", { data: new Float32Array(4), shape: [2, 2] }],
    ["a typed array for a shape", { data: new Float64Array(4), shape: Int32Array.of(2, 2) }],
    ["a shape beyond its data", { data: new Float64Array(4), shape: [2, 3] }],
    ["a shape that is no array", { data: new Float64Array(4), shape: 4 }],
    ["a stride that is no array", { data: new Float64Array(4), shape: [2, 2], stride: 1 }],
    ["an offset that is no number", { data: new Float64Array(4), shape: [2, 2], offset: "0" }],
  );

/** The same, refused with NaN in it too. */
export const finiteMatrix = (valid: number[][]): Argument => {
  const { wrong, ...rest } = matrix(valid);
  return {
    ...rest,
    wrong: [
      ...wrong,
      ["NaN in it", valid.map((row, i) => row.map((entry, j) => (i + j === 0 ? Number.NaN : entry)))],
      ["a text in it", valid.map((row, i) => row.map((entry, j) => (i + j === 0 ? "1" : entry)))],
    ],
  };
};

/** What operations of automatic differentiation take. */
export const operand = (valid: unknown): Argument =>
  argument(
    valid,
    ["a text", "1"],
    ["an object", {}],
    ["a function", () => 1],
    ["texts", ["1", "2"]],
    ["ragged rows", [[1], [1, 2]]],
    ["a shape alone", { shape: [2] }],
    ["a Float32Array", Float32Array.of(1, 2)],
  );

/** A list of integers: a shape, axes, indices. */
export const list = (valid: readonly number[]): Argument =>
  argument(valid, ["a text", "ab"], ["an object", {}], ["NaN in it", [Number.NaN]], ["far too large", [1e9]]);

const features = {
  x: [
    [0, 1],
    [1, 0],
  ],
};
export const batch = (): Argument => {
  const valid = { ...features, y: [0, 1] };
  return argument(
    valid,
    ["a number", 3],
    ["a text", "batch"],
    ["an object", {}],
    ["no targets", features],
    ["no features", { y: [0, 1] }],
    ["weight for weights", { ...valid, weight: [1, 1] }],
    ["sampleWeights for weights", { ...valid, sampleWeights: [1, 1] }],
    ["labels for y", { ...features, labels: [0, 1] }],
    [
      "NaN in x",
      {
        ...valid,
        x: [
          [Number.NaN, 1],
          [1, 0],
        ],
      },
    ],
    [
      "texts in x",
      {
        ...valid,
        x: [
          ["0", "1"],
          ["1", "0"],
        ],
      },
    ],
    [
      "wider features",
      {
        ...valid,
        x: [
          [0, 1, 2],
          [1, 0, 2],
        ],
      },
    ],
    ["too few targets", { ...valid, y: [0] }],
    ["an unknown class", { ...valid, y: [0, 9] }],
    ["targets that are a number", { ...valid, y: 1 }],
    ["targets that are null", { ...valid, y: null }],
    ["weights that are a number", { ...valid, weights: 5 }],
    ["weights that are null", { ...valid, weights: null }],
    ["weights of another length", { ...valid, weights: [1] }],
    ["a negative weight", { ...valid, weights: [1, -1] }],
    ["a weight that is NaN", { ...valid, weights: [1, Number.NaN] }],
  );
};

/** Options: each of them in turn wrong, misspelt, or unheard of; and what are no options. */
export function options(parts: Readonly<Record<string, Argument>>): Argument {
  const entries = Object.entries(parts);
  const valid = Object.fromEntries(entries.map(([name, part]) => [name, part.valid]));
  const needed = entries.some(([, part]) => !part.optional);
  return {
    valid,
    optional: !needed,
    wrong: [
      ...(needed ? missing : []),
      ["a number for options", 5],
      ["a text for options", "text"],
      ["an array for options", [1]],
      ["true for options", true],
      ["a function for options", () => 1],
      ["a vector for options", Float64Array.of(1)],
      ["an unknown option", { ...valid, unheardOf: 1 }],
      ...entries.map(([name]): Wrong => [`${name} misspelt`, { ...valid, [`${name}_`]: 1 }]),
      ...entries.flatMap(([name, part]) =>
        part.wrong.map(([what, value]): Wrong => [`${name}: ${what}`, { ...valid, [name]: value }]),
      ),
    ],
  };
}
