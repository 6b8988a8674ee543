import { z } from "zod";
import { nearest } from "./errors.js";
import { isVisible, printable } from "./printable.js";

const MISSING = "it is missing";
const NO_NAME = "a name";

/** An object that names the nearest key when it is given one it does not know. */
export function strict<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? issue.keys.map((key: string) => unknown("key", key, Object.keys(shape))).join("\n")
        : undefined,
  });
}

/** Text that is shown as it is. */
export const visibleText = z.string().refine(isVisible, "it has characters that are not visible");

/** A number as memory has it, one that is not finite included. */
export const anyNumber = z.custom<number>((value) => typeof value === "number");

/** A float64 vector of so many finite numbers. */
export function vectorSchema(size: number) {
  return z.custom<Float64Array>(
    (value) => value instanceof Float64Array && value.length === size && value.every(Number.isFinite),
  );
}

/** One of a few names; the error for another suggests the nearest, or what `hints` has for it. */
export function oneOf<Name extends string>(
  what: string,
  names: readonly Name[],
  hints: Readonly<Record<string, string>> = {},
) {
  return z.enum(names, {
    error: answer((name) => (Object.hasOwn(hints, name) ? hints[name] : unknown(what, name, names))),
  });
}

/** One keyword; the error for another is `hint`. */
export function keyword(text: string, hint: string) {
  return z.literal(text, { error: answer(() => hint) });
}

/** The message for a wrong keyword, for nothing, and for what is no text. */
function answer(toWord: (input: string) => string) {
  return ({ input }: { readonly input?: unknown }): string => {
    if (input === undefined) return MISSING;
    return typeof input === "string" ? toWord(input) : `expected ${NO_NAME}`;
  };
}

/** Alternatives told apart by a key; the error for an unknown one suggests the nearest. */
export function named<Key extends string>(
  key: Key,
  what: string,
  names: readonly string[],
  alternatives: readonly z.ZodType[],
) {
  return z.discriminatedUnion(key, alternatives as never, {
    error: (issue) => {
      if (issue.code !== "invalid_union") return undefined;
      const name = (issue.input as Partial<Record<Key, unknown>> | undefined)?.[key];
      return typeof name === "string"
        ? unknown(what, name, names)
        : `it needs a ${key}: one of ${names.join(", ")}`;
    },
  }) as unknown as z.ZodType<Readonly<Record<Key, string>> & Record<string, unknown>>;
}

/** A sentence for a name that is none of `names`. */
export function unknown(what: string, name: string, names: readonly string[]): string {
  const meant = nearest(name, names);
  return `there is no ${what} "${printable(name)}"; ${meant ? `did you mean "${meant}"?` : `there are ${names.join(", ")}`}`;
}

/** What is wrong with a value and where, one line an issue. */
export function schemaIssues(
  error: z.ZodError,
): { readonly path: PropertyKey[]; readonly message: string }[] {
  return error.issues.flatMap((issue) => explain(issue, []));
}

/** `methods[1].strength`. */
export function pathName(path: readonly PropertyKey[]): string {
  return path
    .map((part, i) => (typeof part === "number" ? `[${part}]` : `${i ? "." : ""}${printable(String(part))}`))
    .join("");
}

function explain(issue: z.core.$ZodIssue, above: PropertyKey[]): { path: PropertyKey[]; message: string }[] {
  const path = [...above, ...issue.path];
  if (issue.code === "unrecognized_keys") {
    const messages = issue.message.split("\n");
    return issue.keys.map((key, i) => ({ path: [...path, key], message: messages[i] ?? issue.message }));
  }
  if (issue.code !== "invalid_union" || issue.errors.length === 0)
    return [{ path, message: plainly(issue.message) }];
  // The alternative that the value comes nearest to: the one that accepts its type, or goes deepest.
  const byDepth = issue.errors
    .map((issues) => ({ issues, depth: deepest(issues) }))
    .sort((a, b) => b.depth - a.depth);
  if (byDepth[0].depth > 0) return byDepth[0].issues.flatMap((inner) => explain(inner, path));
  const messages = new Set(issue.errors.flat().map((inner) => plainly(inner.message)));
  return [{ path, message: messages.has(MISSING) ? MISSING : [...messages].join(", or ") }];
}

/** The library's message without its heading. */
function plainly(message: string): string {
  const plain = message.replace(/^(Invalid input|Too small|Too big|Invalid option): /, "");
  return plain.endsWith(", received undefined") ? MISSING : plain;
}

function deepest(issues: readonly z.core.$ZodIssue[]): number {
  // Not Math.max, which takes so many arguments at most.
  return issues.reduce((most, issue) => Math.max(most, depthOf(issue)), 0);
}

/** 0 for a value of the wrong type (a name asked of what is no text), more the further in the complaint lies. */
function depthOf(issue: z.core.$ZodIssue): number {
  if (issue.code === "invalid_union" && issue.errors.length > 0)
    return issue.path.length + deepest(issue.errors.flat());
  const wrongType =
    issue.code === "invalid_type" || (issue.code === "invalid_value" && issue.message.endsWith(NO_NAME));
  return issue.path.length + (wrongType ? 0 : 1);
}
