import { basename, dirname, extname, resolve } from "node:path";
import { z } from "zod";
import { bareNames, type SourceName, sourceNames, sources } from "../data/sources.js";
import { LabError } from "../errors.js";
import { curvatureSamples, measureSchema, methodSchema, plannedTraining } from "../experiment/config.js";
import { defaultMeasures } from "../experiment/measures/measures.js";
import { defaultMethod, methodNames } from "../experiment/methods.js";
import { denseShape, networkKinds, sequentialShape } from "../experiment/network/config.js";
import { readBytes, textOf } from "../files.js";
import { printable, shownPath } from "../printable.js";
import { keyword, named, oneOf, pathName, schemaIssues, strict } from "../schema.js";
import { firstRepeated, type Grid, lift } from "./axes.js";
import { budgetNames } from "./budget.js";
import { parseYaml } from "./yaml.js";

/** What a source lacks that is given by its name alone. */
function bareName(name: SourceName): string {
  const needed = Object.entries(sources[name].parameters).filter(
    ([, value]) => !z.safeParse(value, undefined).success,
  );
  const example = needed.map(([key]) => `${key}: …`).join(", ");
  return `a ${name} source needs more than its name: { name: ${name}, ${example} }`;
}

const data = z.union([
  oneOf("data source", bareNames, Object.fromEntries(sourceNames.map((name) => [name, bareName(name)]))),
  named(
    "name",
    "data source",
    sourceNames,
    sourceNames.map((name) => lift({ name: z.literal(name), ...sources[name].parameters })),
  ),
]);

/** A method with its settings, or its name alone: then it has its defaults. */
const method = z.union([
  oneOf("method", methodNames).transform((name): Grid & { name: string } => defaultMethod(name)),
  named(
    "name",
    "method",
    methodNames,
    methodNames.map((name) => lift(methodSchema(name).shape)),
  ),
]);

/** Of dense layers where `kind` is absent; with one hidden layer they were called "three-layer" once. */
const network = named("kind", "kind of network", networkKinds, [
  lift(sequentialShape),
  strict({ kind: z.enum(["dense", "three-layer"]).optional(), ...lift(denseShape).shape }),
]);

const unique = (what: string) => (values: readonly unknown[], context: z.RefinementCtx) => {
  const texts = values.map((value) => JSON.stringify(value));
  const repeated = firstRepeated(texts);
  if (repeated >= 0)
    context.addIssue({
      code: "custom",
      path: [repeated],
      message: `${what} ${printable(texts[repeated])} is given twice`,
    });
};

/** The schema of an experiment's description. Every list is an axis of the grid. */
export const descriptionSchema = strict({
  $schema: z.string().optional().describe("for editors"),
  name: z
    .string()
    .regex(/^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_.-]*$/u, "a name has letters, digits, and . _ - inside")
    .optional()
    .describe("names the results folder; the file's name when absent"),
  title: z.string().min(1).optional().describe("of the report"),
  about: z.string().min(1).optional().describe("a sentence or two on top of the report"),
  data: z.union([
    data,
    z
      .array(data)
      .min(1, "the list is empty, so the grid has no cell; name at least one source")
      .superRefine(unique("the source")),
  ]),
  network: z.union([
    network,
    z
      .array(network)
      .min(1, "the list is empty, so the grid has no cell; describe at least one network")
      .superRefine(unique("the network")),
  ]),
  methods: z
    .union([
      z
        .array(method)
        .min(1, "the list is empty, so the grid has no cell; name at least one method")
        .superRefine(unique("the method")),
      keyword("all", 'expected a list, or "all"').transform((): (Grid & { name: string })[] =>
        methodNames.map(defaultMethod),
      ),
    ])
    .describe("the first is the baseline of all comparisons; a name alone, or all, means default settings"),
  budget: oneOf("budget", budgetNames)
    .default("steps")
    .describe(
      "what all methods get alike: as many steps, as many gradients, or as much time as training.steps of gradient descent take",
    ),
  training: lift(plannedTraining).superRefine(({ steps, epochs }, context) => {
    if (steps === undefined && epochs === undefined)
      context.addIssue({ code: "custom", path: ["steps"], message: "it is missing; give steps or epochs" });
    if (steps !== undefined && epochs !== undefined)
      context.addIssue({ code: "custom", path: ["epochs"], message: "give either steps or epochs" });
  }),
  seeds: z.union([
    z
      .array(z.int().min(0))
      .min(1, "the list is empty, so the grid has no cell; give at least one seed")
      .superRefine(unique("seed"))
      .meta({ uniqueItems: true }),
    strict({
      first: z
        .int()
        .min(0)
        .max(2 ** 32)
        .default(1),
      count: z.int().min(1),
    }),
  ]),
  curvatureSamples: curvatureSamples.optional(),
  measures: z
    .array(measureSchema)
    .min(1, "the list is empty; leave it out for the default measures")
    .superRefine(unique("measure"))
    .meta({ uniqueItems: true })
    .optional()
    .describe(
      "what to measure; when absent, everything that the network has, except expensive and special measures",
    ),
}).meta({ title: "A flatward experiment" });

/** An experiment: what to train on, what, how, from which seeds, and what to measure. Defaults are filled in. */
export type Description = z.infer<typeof descriptionSchema>;

/** What a description has measured where networks have it. */
export function measuresOf({ measures }: Pick<Description, "measures">): readonly string[] {
  return measures ?? defaultMeasures;
}

/** A description, and where it came from. */
export interface Plan {
  readonly description: Description;
  readonly name: string;
  /** Relative paths start here. */
  readonly folder: string;
  /** Where it was read, as it was given. */
  readonly file?: string;
}

/** Reads a description from a JSON or YAML file. @throws LabError "file", "usage" */
export function readPlan(path: string): Plan {
  const text = textOf(readBytes(path), path, "usage", "a plan is JSON or YAML");
  const stem =
    basename(path, extname(path))
      .replace(/[^\p{L}\p{N}_.-]+/gu, "-")
      .replace(/^[.-]+/, "") || "sweep";
  const description = parseDescription(text, path);
  return { description, name: description.name ?? stem, folder: resolve(dirname(path)), file: path };
}

/** @throws LabError "usage" with the path of every key at fault */
export function parseDescription(text: string, path: string): Description {
  const { content, lineOf } = parseYaml(text, path);
  return checkDescription(content, path, lineOf);
}

/** The most messages that are shown. */
const MAX_ISSUES = 20;

/**
 * Checks a description by the schema, and fills in defaults.
 * @param name of the description in messages
 * @param lineOf the line of a key, where the description comes from a text
 * @throws LabError "usage" with the path of every key at fault
 */
export function checkDescription(
  description: unknown,
  name: string,
  lineOf: (key: PropertyKey[]) => number | undefined = () => undefined,
): Description {
  const parsed = descriptionSchema.safeParse(description);
  if (parsed.success) return parsed.data;
  const all = schemaIssues(parsed.error);
  const sentences = all.slice(0, MAX_ISSUES).map(({ path, message }) => {
    const line = lineOf(path);
    const key = pathName(path);
    return `${shownPath(name)}${line === undefined ? "" : ` (line ${line})`}: ${key ? `${key}: ` : ""}${message}`;
  });
  if (all.length > sentences.length) sentences.push(`and ${all.length - sentences.length} more`);
  throw new LabError("usage", sentences.join("\n          "));
}

/** The schema as JSON Schema (draft 2020-12), for editors. */
export function descriptionJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(descriptionSchema, { io: "input" }), null, 1)}\n`;
}
