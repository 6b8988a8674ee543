import { ArgumentError, describe, requireArray, requireOneOf } from "../errors.js";

/** @throws ArgumentError unless it is an array of at least one of `names`, and of nothing else */
export function requireSomeOf<Name extends string>(
  what: string,
  list: readonly Name[],
  names: readonly Name[],
): readonly Name[] {
  requireArray(what, list);
  if (list.length === 0)
    throw new ArgumentError({ expected: `${what} to have an entry`, got: describe(list) });
  for (const name of list) requireOneOf(`an entry of ${what}`, name, names);
  return list;
}
