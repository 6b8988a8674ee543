import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { LabError, nearest } from "../errors.js";
import { printable } from "../printable.js";
import { oneOf, strict } from "../schema.js";
import { blobs } from "./blobs.js";
import { circles, moons, spirals } from "./curves.js";
import type { Dataset, ImageShape } from "./dataset.js";
import { hashed } from "./hash.js";
import { readMnist } from "./mnist.js";
import { MNIST_NAMES, mnistParts } from "./mnist-files.js";
import { readCsv } from "./read-csv.js";

/** One kind of data. */
interface Source<Shape extends z.core.$ZodLooseShape = z.core.$ZodLooseShape> {
  readonly parameters: Shape;
  /** Who made the data, for shipped ones. */
  readonly citation?: string;
  load(parameters: z.infer<z.ZodObject<Shape>>): Dataset;
  /** The user's files that it is read from; none where the data are ours. */
  files?(parameters: z.infer<z.ZodObject<Shape>>): readonly string[];
  /** What copies of these files are called, in the same order. Where there are several, their folder is the path. */
  readonly copies?: readonly string[];
}

/** A row of the table, what it loads typed by its own parameters. */
function row<Shape extends z.core.$ZodLooseShape>(source: Source<Shape>): Source {
  return source as unknown as Source;
}

const draw = z.int().min(0).default(0).describe("seed of the data");
const samples = z.int().min(4).max(10_000_000).default(200);
const classes = z.int().min(2);

/** What curves in the plane have in common. */
const curve = {
  samples,
  noise: z.number().min(0).default(0.1).describe("deviation on both coordinates"),
  draw,
};

const column = z.union([z.string().min(1), z.int().min(1)]);

/** How a table is read, as plans say it. */
const reading = {
  header: z
    .boolean()
    .optional()
    .describe("whether the first line names the columns; seen to by its looks when absent"),
  label: column.optional().describe("label column by name, or by number from 1; the last column when absent"),
  drop: z.array(column).min(1).optional().describe("columns that are left out, by name or number"),
  dropMissing: z.boolean().optional().describe("leave out rows with gaps"),
  missing: z
    .array(z.union([z.string(), z.number()]))
    .min(1)
    .optional()
    .describe("what stands for a gap beside an empty cell; ?, NA, NaN, null and their like when absent"),
  decimal: z.enum([".", ","]).optional().describe("decimal sign; a point when absent"),
};

/** Keys of plans whose lists are no axes of a grid. */
export const wholeDataKeys = ["drop", "missing"] as const;

/** A CSV file in this package. */
function shipped(name: string, citation: string, image?: ImageShape): Source {
  const { label, drop } = reading;
  return row({
    parameters: { label, drop },
    citation,
    load: (options) =>
      readCsv(fileURLToPath(new URL(`../../data/${name}.csv`, import.meta.url)), {
        ...options,
        name,
        // What is left of a picture is none.
        ...(image === undefined || options.drop !== undefined ? {} : { image }),
      }),
  });
}

/** Every source of data, by the name that a plan uses. A new one is one row. */
export const sources = {
  iris: shipped("iris", "Iris, R. A. Fisher 1936; UCI Machine Learning Repository, CC BY 4.0"),
  digits: shipped(
    "digits",
    "Optical Recognition of Handwritten Digits (test part), E. Alpaydin & C. Kaynak 1998; UCI Machine Learning Repository, CC BY 4.0",
    [1, 8, 8],
  ),
  csv: row({
    parameters: { path: z.string().min(1).describe("from the plan's folder"), ...reading },
    load: ({ path, ...options }) => readCsv(path, options),
    files: ({ path }) => [path],
    copies: ["data.csv"],
  }),
  mnist: row({
    parameters: {
      path: z
        .string()
        .min(1)
        .describe("folder with MNIST's files, or a file of images beside its labels; from the plan's folder"),
      split: oneOf("split", ["official", "drawn"])
        .optional()
        .describe(
          "official, by its files, or drawn by the seed; official when absent and both parts are there",
        ),
      samples: z.int().min(1).optional().describe("the first so many of each part; all when absent"),
    },
    load: readMnist,
    files: ({ path }) => mnistParts(path).flatMap(({ images, labels }) => [images, labels]),
    copies: MNIST_NAMES,
  }),
  blobs: row({
    parameters: {
      samples,
      features: z.int().min(1).max(100_000).default(2),
      classes: classes.default(3),
      spread: z.number().positive().default(1).describe("of a class, where class means have length 1"),
      draw,
    },
    load: (parameters) => hashed(blobs(parameters)),
  }),
  moons: row({ parameters: curve, load: (parameters) => hashed(moons(parameters)) }),
  circles: row({
    parameters: { ...curve, inner: z.number().gt(0).lt(1).default(0.5).describe("radius; the outer is 1") },
    load: (parameters) => hashed(circles(parameters)),
  }),
  spirals: row({
    parameters: {
      ...curve,
      classes: classes.default(2).describe("arms"),
      turns: z.number().positive().default(1).describe("of an arm, from the origin to radius 1"),
    },
    load: (parameters) => hashed(spirals(parameters)),
  }),
} as const satisfies Record<string, Source>;

export type SourceName = keyof typeof sources;
export const sourceNames = Object.keys(sources) as SourceName[];

/** One source's name and parameters, nothing left to a default. */
function sourceSchema(name: SourceName) {
  return strict({ name: z.literal(name), ...sources[name].parameters });
}

/** Which data, as a manifest names them. */
export const sourceConfigSchema = z.discriminatedUnion(
  "name",
  sourceNames.map(sourceSchema) as [ReturnType<typeof sourceSchema>, ...ReturnType<typeof sourceSchema>[]],
) as unknown as z.ZodType<SourceConfig>;

/** The same, typed. */
export type SourceConfig = {
  readonly name: SourceName;
  readonly label?: string | number | undefined;
  readonly path?: string | undefined;
} & Readonly<Record<string, unknown>>;

/** @throws LabError "usage" for an unknown name, "file" and "data" as its row does */
export function loadSource({ name, ...parameters }: SourceConfig): Dataset {
  if (!Object.hasOwn(sources, name)) throw unknownSource(name);
  const source: Source = sources[name];
  return source.load(parameters);
}

/** Those that a name alone is enough for. */
export const bareNames: readonly string[] = sourceNames.filter(
  (name) => z.strictObject(sources[name].parameters as z.core.$ZodLooseShape).safeParse({}).success,
);

/** The parameters of a source. */
export function parametersOf(name: SourceName): readonly string[] {
  return Object.keys(sources[name].parameters);
}

/** The message for a name that is neither a source nor a path. */
export function unknownSource(name: string): LabError {
  const meant = nearest(name, bareNames);
  const names = meant ? `did you mean ${meant}?` : `there are ${bareNames.join(", ")};`;
  return new LabError(
    "usage",
    `there is no data set "${printable(name)}"; ${names} data of your own are given by the path of a CSV file or of a folder with MNIST's files`,
  );
}

/** The user's files that a source is read from. @throws LabError as its row does */
export function filesOf({ name, ...parameters }: SourceConfig): readonly string[] {
  const source: Source = sources[name];
  return source.files?.(parameters) ?? [];
}

/** What copies of a source's files are called, in the order of `filesOf`; none where it has no files. */
export function copiesOf({ name }: SourceConfig): readonly string[] {
  const source: Source = sources[name];
  return source.copies ?? [];
}

/** The same source with a path that holds from everywhere. @param folder what a relative path starts from */
export function located(source: SourceConfig, folder: string): SourceConfig {
  return source.path === undefined ? source : { ...source, path: resolve(folder, source.path) };
}

/** Who made a data set, for shipped ones. */
export function citationOf(name: string): string | undefined {
  const source: Source | undefined = sources[name as SourceName];
  return source?.citation;
}
