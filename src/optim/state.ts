import { ArgumentError, describe } from "../errors.js";
import { isFloat64Array } from "../typed-arrays.js";
import type { Optimizer } from "./optimizer.js";

/** Part of the state of every optimizer here, so that none takes another's for its own. */
export interface OwnedState {
  /** The optimizer's name. */
  readonly optimizer: string;
}

/**
 * Refuses a state of another optimizer, or of another number of parameters. One whose states do not say whose they are
 * is the caller's, and its own judge.
 * @throws ArgumentError
 */
export function checkState(optimizer: Optimizer, state: unknown, size: number): void {
  const fresh = optimizer.initialState(size);
  if (ownerOf(fresh) === undefined || isLike(fresh, state, size)) return;
  const owner = ownerOf(state);
  throw new ArgumentError({
    expected: `from.state to be one of ${optimizer.name} for ${size} parameters`,
    got: owner === undefined || owner === optimizer.name ? describe(state) : `one of ${owner}`,
    next: "go on from a run of the same optimizer, its Float64Arrays intact",
  });
}

function ownerOf(state: unknown): string | undefined {
  const owner = (state as Partial<OwnedState> | null | undefined)?.optimizer;
  return typeof owner === "string" ? owner : undefined;
}

/** Whether a state, or a part of one, is built as the initial one is. Vectors may be absent before the first step. */
function isLike(fresh: unknown, given: unknown, size: number): boolean {
  if (fresh === null && given === null) return true;
  if (fresh === null || isFloat64Array(fresh)) return isFloat64Array(given) && given.length === size;
  if (typeof fresh === "number") return typeof given === "number";
  if (typeof fresh !== "object") return given === fresh;
  const parts = given as Record<string, unknown> | null | undefined;
  return Object.entries(fresh).every(([name, part]) => isLike(part, parts?.[name], size));
}
