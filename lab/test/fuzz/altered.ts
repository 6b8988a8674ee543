import fc from "fast-check";
import { nasty } from "./mutated.js";

type Path = readonly (string | number)[];

/** Where the values of a JSON value lie, itself first. */
function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return [path];
  return [path, ...Object.entries(value).flatMap(([key, part]) => pathsIn(part, [...path, key]))];
}

function withValue(value: unknown, [key, ...rest]: Path, replacement: unknown): unknown {
  if (key === undefined) return replacement;
  const copy: Record<string, unknown> = Array.isArray(value)
    ? ([...value] as never)
    : { ...(value as Record<string, unknown>) };
  const changed = withValue(copy[key], rest, replacement);
  // As JSON.parse has it.
  Object.defineProperty(copy, key, { value: changed, enumerable: true, configurable: true, writable: true });
  return copy;
}

const extremes = [0, -1, 0.5, 1e9, 2 ** 31, 2 ** 53, 1e300, -0, 5e-324, null, true, "", "all", [], {}];
const deep = JSON.parse(`${"[".repeat(500)}${"]".repeat(500)}`);

/** Values of any kind, to stand where others are expected. */
const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(...extremes),
  fc.constantFrom(...nasty, "x".repeat(100_000)),
  fc.constantFrom<unknown>(deep, Array(20_000).fill(0), Array(20_000).fill({})),
  fc.jsonValue({ maxDepth: 3 }),
  fc
    .constantFrom("__proto__", "constructor", "toString", "length")
    .map((key) => JSON.parse(`{"${key}":{"a":1}}`)),
);

/** A JSON value some of whose parts are others. */
export function altered(good: unknown): fc.Arbitrary<unknown> {
  const paths = pathsIn(good);
  const change = fc.tuple(
    fc.constantFrom(...paths),
    fc.constantFrom("at", "beside"),
    fc.string({ maxLength: 4 }),
    junk,
  );
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) =>
    changes.reduce((value, [path, how, key, replacement]) => {
      try {
        return withValue(value, how === "at" ? path : [...path, key], replacement);
      } catch {
        // What was altered before has no such part any more.
        return value;
      }
    }, good),
  );
}
