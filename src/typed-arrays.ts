// Arrays come from other realms too: Jest's sandbox, node:vm, frames, and what was cloned from a worker. To those
// `instanceof` says no; the getter below reads what the array is, whoever made it, and cannot be imitated.

const tagOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)
  ?.get as (this: unknown) => string | undefined;

/** "Float64Array" and its like for a typed array of any realm, undefined for anything else. */
export function typedArrayName(value: unknown): string | undefined {
  return tagOf.call(value);
}

/** Whether `value` is a Float64Array, of any realm. */
export function isFloat64Array(value: unknown): value is Float64Array {
  return value instanceof Float64Array || typedArrayName(value) === "Float64Array";
}
