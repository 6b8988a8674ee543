import { z } from "zod";
import { wholeDataKeys } from "../data/sources.js";
import { wholeKeys } from "../experiment/network/config.js";
import { printable } from "../printable.js";
import { strict } from "../schema.js";

/** A value, or a list of values: then each of them is tried. A value that is a list itself stands in such a list. */
function axis(value: z.ZodType) {
  const list = z
    .array(value, { error: (issue) => (issue.code === "invalid_type" ? "expected a list" : undefined) })
    .min(1, "the list is empty, so the grid has no cell; give at least one value")
    .superRefine((values, context) => {
      const texts = values.map((item) => JSON.stringify(item));
      const repeated = firstRepeated(texts);
      if (repeated >= 0)
        context.addIssue({
          code: "custom",
          path: [repeated],
          message: `${printable(texts[repeated])} is given twice${listed(value) ? `; one network of these is a list in the list: [${printable(JSON.stringify(values))}]` : ""}`,
        });
    })
    .meta({ uniqueItems: true });
  return z.union([withoutLists(value), list]);
}

/** Whether a value may be a list. */
function listed(value: z.ZodType): boolean {
  return value instanceof z.ZodUnion && value.options.some((option) => option instanceof z.ZodArray);
}

function withoutLists(value: z.ZodType): z.ZodType {
  if (!(value instanceof z.ZodUnion) || !listed(value)) return value;
  const single = value.options.filter((option): option is z.ZodType => !(option instanceof z.ZodArray));
  return single.length === 1 ? single[0] : z.union(single);
}

/** Position of the first value that stands before it too; −1 when there is none. */
export function firstRepeated(values: readonly unknown[]): number {
  const seen = new Set<unknown>();
  return values.findIndex((value) => seen.size === seen.add(value).size);
}

/** Keys whose values are lists by nature, or are never to be tried one after another: no axes. */
const whole: readonly string[] = [...wholeKeys, ...wholeDataKeys];

/** An object whose every value may be a list: a grid of objects. */
export function lift(shape: z.core.$ZodLooseShape) {
  const lifted = Object.entries(shape).map(([key, value]) => [
    key,
    whole.includes(key) ? value : liftValue(value),
  ]);
  return strict(Object.fromEntries(lifted));
}

function liftValue(value: z.core.SomeType): z.ZodType {
  if (value instanceof z.ZodLiteral) return value;
  const described = <Schema extends z.ZodType>(schema: Schema): Schema =>
    (value as z.ZodType).description ? schema.describe((value as z.ZodType).description as string) : schema;
  if (value instanceof z.ZodDefault)
    return described(axis(value.unwrap() as z.ZodType).default(value.def.defaultValue as never));
  if (value instanceof z.ZodOptional) return described(axis(value.unwrap() as z.ZodType).optional());
  return described(axis(value as z.ZodType));
}

/** The grid of one point: a value that is a list becomes the only one of an axis. */
export function gridOf(point: object): Grid {
  const entries = Object.entries(point);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, Array.isArray(value) && !whole.includes(key) ? [value] : value]),
  );
}

/** A grid of objects: some of its values are lists. */
export type Grid = Readonly<Record<string, unknown>>;

/** The lists of a grid, by key. */
export function axesOf(grid: Grid): [key: string, values: readonly unknown[]][] {
  return Object.entries(grid).filter(
    (entry): entry is [string, unknown[]] => Array.isArray(entry[1]) && !whole.includes(entry[0]),
  );
}

/** Points of a grid. */
export function gridSize(grid: Grid): number {
  return axesOf(grid).reduce((size, [, values]) => size * values.length, 1);
}

/** All points of a grid, the last list running fastest. */
export function pointsOf(grid: Grid): Record<string, unknown>[] {
  return axesOf(grid).reduce<Record<string, unknown>[]>(
    (points, [key, values]) => points.flatMap((point) => values.map((value) => ({ ...point, [key]: value }))),
    [{ ...grid }],
  );
}
