import { z } from "zod";
import { sourceConfigSchema } from "../data/sources.js";
import { runConfigSchema, stepsOf } from "../experiment/config.js";
import { measures } from "../experiment/measures/measures.js";
import { recordings } from "../experiment/measures/recordings.js";
import { MAX_POINTS } from "../experiment/train.js";
import { strict } from "../schema.js";

/** SHA-256 in hexadecimal. */
export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, "expected 64 hexadecimal digits");
/** 24 hexadecimal digits. */
export const idSchema = z.string().regex(/^[0-9a-f]{24}$/, "expected 24 hexadecimal digits");

const count = z.int().min(0);
const time = z.iso.datetime();
/** JSON has null for what is not finite. */
const value = z.number().nullable();

const resultSchema = strict({
  status: z.enum(["converged", "max-iterations", "non-finite", "diverged"]),
  steps: count,
  parameters: z.int().min(1),
  trainingSamples: z.int().min(1),
  thetaSha256: sha256Schema,
  measures: z.record(z.string(), value),
  eigenvalues: z.array(value).optional(),
  curve: z
    .array(strict({ step: count, trainLoss: value, wsBound: value.optional() }))
    .max(MAX_POINTS)
    .optional(),
  sharpness: z
    .array(strict({ step: count, lambdaMax: value }))
    .max(MAX_POINTS)
    .optional(),
  theta: z.array(z.number()).optional(),
});

const errorSchema = strict({ name: z.string(), code: z.string().optional(), message: z.string() });

const provenanceSchema = strict({
  seed: count,
  source: sourceConfigSchema,
  engine: z.string(),
  node: z.string(),
  v8: z.string(),
  platform: z.string(),
  processor: z.string(),
  host: z.string(),
  started: time,
  finished: time,
  wallSeconds: z.number(),
  cpuSeconds: z.number().nullable(),
  trainingSeconds: z.number().nullable(),
  resumedAt: count.nullable(),
  peakMemoryBytes: z.number(),
  stack: z.string().optional(),
});

const format = z.literal("flatward-cell/1");
const head = {
  id: idSchema,
  engine: z.string(),
  data: strict({ sha256: sha256Schema, label: z.string() }),
  config: runConfigSchema,
};
const tail = { sha256: sha256Schema, provenance: provenanceSchema };

const doneSchema = strict({
  format,
  state: z.literal("done"),
  ...head,
  result: resultSchema,
  ...tail,
}).superRefine(({ config, result, provenance }, context) => {
  const refuse = (message: string) => context.addIssue({ code: "custom", path: ["result"], message });
  const wanted = new Set(config.measures);
  const numbers = measures.filter(({ id, reproducible }) => reproducible && wanted.has(id));
  const measured = Object.keys(result.measures);
  if (measured.length !== numbers.length || !numbers.every(({ id }) => Object.hasOwn(result.measures, id)))
    refuse("expected the measures of its settings, and no others");
  for (const id of Object.keys(recordings) as (keyof typeof recordings)[])
    if ((result[id] !== undefined) !== wanted.has(id)) refuse(`expected ${id} where its settings name it`);
  const { eigenvalues = [], theta, parameters } = result;
  // There are none where the curvature overflows.
  if (![0, parameters].includes(eigenvalues.length) || ![undefined, parameters].includes(theta?.length))
    refuse(`expected vectors of ${parameters} numbers`);
  if (result.steps > stepsOf(config)) refuse("expected no more steps than its settings have");
  if (provenance.trainingSeconds === null) refuse("expected the time of its training");
});

const failedSchema = strict({ format, state: z.literal("failed"), ...head, error: errorSchema, ...tail });

/** The file of a finished cell, as its JSON has it. What is read has its keys in this order, which is that of the file. */
export const recordSchema = z.discriminatedUnion("state", [doneSchema, failedSchema]);
