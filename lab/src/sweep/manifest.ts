import { z } from "zod";
import type { Dataset } from "../data/dataset.js";
import { loadOnce } from "../data/loaded.js";
import { readingOf } from "../data/reading.js";
import { type SourceConfig, sourceConfigSchema } from "../data/sources.js";
import { splitOf } from "../data/split.js";
import { inPlan, LabError } from "../errors.js";
import { type RunConfig, runConfigSchema } from "../experiment/config.js";
import { engine, hashOf } from "../experiment/provenance.js";
import { readBytes } from "../files.js";
import { printable, shownPath } from "../printable.js";
import { pathName, schemaIssues, strict, visibleText } from "../schema.js";
import { type Allowance, allowanceOf, measuredCostSchema } from "./budget.js";
import { completerOf } from "./complete.js";
import { descriptionSchema, type Plan } from "./description.js";
import { expand } from "./expand.js";
import { idSchema, sha256Schema } from "./record-schema.js";

export const dataSchema = strict({
  source: sourceConfigSchema,
  name: visibleText,
  sha256: sha256Schema,
  label: z.string(),
  samples: z.int(),
  /** Of a test part that comes with the data. */
  testSamples: z.int().optional(),
  features: z.int(),
  classes: z.array(z.string()),
  /** How they were read, where the manifest is of a version that says so. */
  reading: strict({
    features: z.array(z.string()),
    dropped: z.array(z.string()).optional(),
    warnings: z.array(z.string()).optional(),
  }).optional(),
});

export const cellSchema = strict({
  id: idSchema,
  data: z.int().min(0),
  config: runConfigSchema,
});

const manifestSchema = strict({
  format: z.literal("flatward-manifest/1"),
  name: visibleText,
  /** As it was given, when there was one. */
  planFile: z.string().optional(),
  engine: visibleText,
  description: descriptionSchema,
  /** Where the budget is time: what steps were measured to take, from which the cells have theirs. */
  costs: z.array(measuredCostSchema).optional(),
  data: z.array(dataSchema).min(1),
  cells: z.array(cellSchema).min(1),
});

/** Data that cells refer to by position. */
export type ManifestData = z.infer<typeof dataSchema>;
/** One training run: its identity, its data, and everything else that decides its result. */
export type Cell = z.infer<typeof cellSchema>;
/** All cells of a sweep, in the order of their indices: what any engine that runs them needs to know. */
export type Manifest = z.infer<typeof manifestSchema>;

/**
 * Expands a plan, and finds out now what would fail later in every cell.
 * @param by the engine's identity
 * @param allowance the steps that its budget allows; with a budget of time they are measured now, where it knows none
 * @throws LabError, FlatwardError
 */
export function manifestOf(
  plan: Plan,
  by = engine(),
  allowance: Allowance = allowanceOf(plan.description.budget),
): Manifest {
  const points = expand(plan);
  const completer = completerOf(plan, allowance);
  const known = new Map<string, number>();
  const datasets: Dataset[] = [];
  const data: ManifestData[] = [];
  const cells = points.map((point): Cell => {
    const { source } = point;
    const key = JSON.stringify(source);
    let index = known.get(key);
    if (index === undefined) {
      const dataset = loadOnce(source);
      index = data.push(describeData(source, dataset)) - 1;
      datasets.push(dataset);
      known.set(key, index);
    }
    const config = completer.complete(point, datasets[index]);
    return { id: cellId(by, data[index], config), data: index, config };
  });
  completer.finish();
  inPlan(plan, () => checkAll(cells, datasets));
  const costs = allowance.measured();
  return {
    format: "flatward-manifest/1",
    name: plan.name,
    ...(plan.file === undefined ? {} : { planFile: plan.file }),
    engine: by,
    description: plan.description,
    ...(costs.length === 0 ? {} : { costs: [...costs] }),
    data,
    cells,
  };
}

function describeData(source: SourceConfig, dataset: Dataset): ManifestData {
  const { name, sha256, label, features, classes, y, testFrom } = dataset;
  return {
    source,
    name,
    sha256,
    label,
    samples: y.length,
    ...(testFrom === undefined ? {} : { testSamples: y.length - testFrom }),
    features: features.length,
    classes: [...classes],
    reading: readingOf(dataset) as ManifestData["reading"],
  };
}

/** A cell's identity: the engine, the bits of the data, and all settings; not where the data lie. 24 hexadecimal digits. */
export function cellId(
  by: string,
  { sha256, label }: Pick<ManifestData, "sha256" | "label">,
  config: RunConfig,
): string {
  return hashOf({ engine: by, data: { sha256, label }, config }).slice(0, 24);
}

/** Every distinct split once: whether one can be made does not depend on the seed. */
function checkAll(cells: readonly Cell[], datasets: readonly Dataset[]): void {
  const seen = new Set<string>();
  const once = (key: unknown, check: () => void): void => {
    const text = JSON.stringify(key);
    if (seen.has(text)) return;
    seen.add(text);
    check();
  };
  for (const { data, config } of cells) {
    const { training, seed } = config;
    once([data, training.testFraction], () => splitOf(datasets[data], training.testFraction, seed));
  }
  const first = new Map<string, number>();
  cells.forEach(({ id, data }, index) => {
    const before = first.get(id);
    if (before === undefined) first.set(id, index);
    else {
      const other = cells[before].data;
      const what = data === other ? "the same method, with the same settings, is" : "the same data are";
      throw new LabError("usage", `cells ${before} and ${index} are the same run: ${what} listed twice`);
    }
  });
}

/** One cell a line. */
export function manifestText({ cells, ...rest }: Manifest): string {
  const head = JSON.stringify(rest, null, 1).replace(/\n}$/, "");
  return `${head},\n "cells": [\n${cells.map((cell) => JSON.stringify(cell)).join(",\n")}\n ]\n}\n`;
}

/** @throws LabError "file" when it cannot be read, "data" when it is no manifest of this version of flatward */
export function readManifest(path: string): Manifest {
  const refuse = (fault: string): never => {
    throw new LabError(
      "data",
      `${shownPath(path)} is no manifest of this version of flatward: ${printable(fault, 500)}; write it anew from its plan with flatward sweep`,
    );
  };
  const text = readBytes(path).toString("utf8");
  let parsed: ReturnType<typeof manifestSchema.safeParse>;
  try {
    parsed = manifestSchema.safeParse(JSON.parse(text));
  } catch (error) {
    return refuse(error instanceof RangeError ? "it is nested too deeply" : (error as Error).message);
  }
  if (!parsed.success) {
    const [{ path: where, message }] = schemaIssues(parsed.error);
    return refuse(where.length === 0 ? message : `${pathName(where)}: ${message}`);
  }
  const { data, cells } = parsed.data;
  const invalid = cells.findIndex((cell) => cell.data >= data.length);
  if (invalid >= 0) refuse(`cells[${invalid}].data: there are ${data.length} data, counted from 0`);
  return parsed.data;
}

/** Data of a manifest, checked by their hash. @throws LabError "data" when they have changed */
export function loadManifestData({ source, sha256 }: ManifestData): Dataset {
  const dataset = loadOnce(source, sha256);
  if (dataset.sha256 === sha256) return dataset;
  throw new LabError(
    "data",
    `${source.path ?? source.name} has changed since the sweep was planned (SHA-256 ${dataset.sha256.slice(0, 12)}…, planned with ${sha256.slice(0, 12)}…); plan it anew with flatward sweep, or bring the old file back`,
  );
}
