import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { LabError, nearest } from "../errors.js";
import { strict } from "../schema.js";
import { blobs } from "./blobs.js";
import { readCsv } from "./csv.js";
import type { Dataset } from "./dataset.js";

/** One kind of data. */
interface Source<Shape extends z.core.$ZodLooseShape = z.core.$ZodLooseShape> {
  readonly parameters: Shape;
  /** Who made the data, for shipped ones. */
  readonly citation?: string;
  load(parameters: z.infer<z.ZodObject<Shape>>): Dataset;
}

/** A row of the table, what it loads typed by its own parameters. */
function row<Shape extends z.core.$ZodLooseShape>(source: Source<Shape>): Source {
  return source as unknown as Source;
}

const label = z.string().optional().describe("label column by name; the last column when absent");

/** A CSV file in this package. */
function shipped(name: string, citation: string): Source {
  return row({
    parameters: { label },
    citation,
    load: ({ label }) =>
      readCsv(fileURLToPath(new URL(`../../data/${name}.csv`, import.meta.url)), {
        name,
        ...(label === undefined ? {} : { label }),
      }),
  });
}

/** Every source of data, by the name that a plan uses. A new one is one row. */
export const sources = {
  iris: shipped("iris", "Iris, R. A. Fisher 1936; UCI Machine Learning Repository, CC BY 4.0"),
  digits: shipped(
    "digits",
    "Optical Recognition of Handwritten Digits (test part), E. Alpaydin & C. Kaynak 1998; UCI Machine Learning Repository, CC BY 4.0",
  ),
  csv: row({
    parameters: { path: z.string().min(1).describe("from the plan's folder"), label },
    load: ({ path, label }) => readCsv(path, label === undefined ? {} : { label }),
  }),
  blobs: row({
    parameters: {
      samples: z.int().min(4),
      features: z.int().min(1),
      classes: z.int().min(2),
      spread: z.number().positive().default(1).describe("of a class, where class means have length 1"),
      draw: z.int().min(0).default(0).describe("seed of the data"),
    },
    load: blobs,
  }),
} as const satisfies Record<string, Source>;

export type SourceName = keyof typeof sources;
export const sourceNames = Object.keys(sources) as SourceName[];

/** Those that are files of ours. */
export const shippedNames = sourceNames.filter((name) => sources[name].citation !== undefined);

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
  readonly label?: string | undefined;
  readonly path?: string | undefined;
} & Readonly<Record<string, unknown>>;

/** @throws LabError "usage" for an unknown name, "file" and "data" as its rows do */
export function loadSource({ name, ...parameters }: SourceConfig): Dataset {
  const source: Source | undefined = sources[name];
  if (source !== undefined) return source.load(parameters);
  const meant = nearest(name, shippedNames);
  throw new LabError(
    "usage",
    `there is no data set "${name}"; ${meant ? `did you mean ${meant}?` : `there are ${shippedNames.join(", ")}`} A CSV file of your own is given by its path`,
  );
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
