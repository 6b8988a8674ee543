import { ArgumentError, describe, requireOneOf } from "./errors.js";

/** Nothing more to ask where all options are named; otherwise those that are not, so that it does not compile. */
type Every<Options, Names extends readonly string[]> =
  Exclude<keyof Options, Names[number]> extends never
    ? unknown
    : readonly Exclude<keyof Options, Names[number]>[];

/**
 * Options that may be left out: none where they are undefined or null.
 * @param names of all of them, in the order in which errors list them
 * @throws ArgumentError unless it is an object that has no other keys
 */
export function optionsOf<Options extends object, const Names extends readonly (keyof Options & string)[]>(
  options: Options | null | undefined,
  names: Names & Every<Options, Names>,
  next?: string,
): Options {
  if (options === undefined || options === null) return {} as Options;
  checkOptions(options, names, next);
  return options;
}

/**
 * Options that must be given. @param next what they are at least
 * @throws ArgumentError unless it is an object that has no other keys
 */
export function requireOptions<
  Options extends object,
  const Names extends readonly (keyof Options & string)[],
>(options: Options, names: Names & Every<Options, Names>, next: string): Options {
  checkOptions(options, names, next);
  return options;
}

function checkOptions(
  options: object,
  names: readonly string[],
  next = `its keys are ${names.join(", ")}`,
): void {
  if (
    options === null ||
    typeof options !== "object" ||
    Array.isArray(options) ||
    ArrayBuffer.isView(options)
  )
    throw new ArgumentError({ expected: "options to be an object", got: describe(options), next });
  requireKnownKeys(options, names, "an option");
}

/**
 * Left alone, a misspelt key would do nothing, in silence.
 * @throws ArgumentError for a key of `object` that is not among `names`
 */
export function requireKnownKeys(object: object, names: readonly string[], what: string): void {
  for (const key of Object.keys(object)) requireOneOf(what, key, names);
}

/** Options with every default filled in: none is left out, or undefined. */
export type Complete<Options> = {
  readonly [Name in keyof Options]-?: Exclude<Options[Name], undefined>;
};
