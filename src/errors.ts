import { ArgumentError, FlatwardError, NonFiniteError, ShapeError } from "./flatward-error.js";
import { meant } from "./meant.js";
import { isFloat64Array, typedArrayName } from "./typed-arrays.js";

export * from "./flatward-error.js";

/**
 * Runs the body of a public function: what is refused below it names that function, so that nothing below needs to
 * know who called. Of functions within functions the innermost is named.
 */
export function inFunction<Result>(where: string, body: () => Result): Result {
  try {
    return body();
  } catch (error) {
    if (error instanceof FlatwardError) error.leaveFunction(where);
    throw error;
  }
}

/** Calls a function that was passed to a public one: what is refused in there names whoever passed it. */
export function inCallback<Result>(callback: () => Result): Result {
  try {
    return callback();
  } catch (error) {
    if (error instanceof FlatwardError) error.leaveCallback();
    throw error;
  }
}

/**
 * As `inFunction`, for a function that makes something to be called later, a function or an object with methods: what
 * these refuse names the function that made them.
 */
export function inMaker<Made extends object>(where: string, make: () => Made): Made {
  return inFunction(where, () => namedIn(where, make()));
}

function namedIn<Made>(where: string, made: Made): Made {
  if (typeof made === "function")
    return function (this: unknown, ...args: unknown[]) {
      return inFunction(where, () => namedIn(where, Reflect.apply(made, this, args)));
    } as Made;
  if (!hasMethods(made)) return made;
  const properties = Object.getOwnPropertyDescriptors(made);
  for (const property of Object.values<PropertyDescriptor>(properties))
    if ("value" in property) property.value = namedIn(where, property.value);
  return Object.defineProperties({}, properties) as Made;
}

function hasMethods(made: unknown): made is object {
  if (made === null || typeof made !== "object" || Object.getPrototypeOf(made) !== Object.prototype)
    return false;
  return Object.values(made).some((value) => typeof value === "function");
}

/** `value` as a short piece of an error message. */
export function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return value.name ? `the function ${value.name}` : "a function";
  if (value === null || typeof value !== "object") return String(value);
  const typed = typedArrayName(value);
  if (typed !== undefined) return `${typed} of length ${(value as Float64Array).length}`;
  if (Array.isArray(value)) return `array of length ${value.length}`;
  return `object with keys ${Object.keys(value).slice(0, 6).join(", ") || "(none)"}`;
}

/** @throws ArgumentError unless `value` is an object */
export function requireObject(name: string, value: unknown, next?: string): void {
  if (value !== null && typeof value === "object") return;
  throw new ArgumentError({
    expected: `${name} to be an object`,
    got: describe(value),
    ...(next ? { next } : {}),
  });
}

/** @throws ArgumentError unless `value` is an integer of at least `least`. */
export function requireInteger(name: string, value: unknown, least: number, next?: string): number {
  if (Number.isSafeInteger(value) && (value as number) >= least) return value as number;
  throw new ArgumentError({
    expected: `${name} to be an integer ≥ ${least}`,
    got: describe(value),
    ...(next ? { next } : {}),
  });
}

/** Kernels count places in 32 bits. @throws ShapeError for 2³¹ numbers or more */
export function requireFew(what: string, count: number): void {
  if (count < 0x80000000) return;
  throw new ShapeError({
    expected: `fewer than 2³¹ ${what}`,
    got: String(count),
    next: "use smaller extents",
  });
}

/** A range for `requireNumber`; bounds are inclusive unless named otherwise. */
export interface NumberRange {
  readonly atLeast?: number;
  readonly above?: number;
  readonly atMost?: number;
  readonly below?: number;
}

/** @throws ArgumentError unless `value` is a finite number in `range`. */
export function requireNumber(name: string, value: unknown, range: NumberRange = {}): number {
  const { atLeast, above, atMost, below } = range;
  const x = value as number;
  const fits =
    Number.isFinite(value) &&
    (atLeast === undefined || x >= atLeast) &&
    (above === undefined || x > above) &&
    (atMost === undefined || x <= atMost) &&
    (below === undefined || x < below);
  if (fits) return x;
  const limits = [
    atLeast === undefined ? "" : ` ≥ ${atLeast}`,
    above === undefined ? "" : ` > ${above}`,
    atMost === undefined ? "" : ` ≤ ${atMost}`,
    below === undefined ? "" : ` < ${below}`,
  ].filter(Boolean);
  throw new ArgumentError({
    expected: `${name} to be a finite number${limits.join(" and")}`,
    got: describe(value),
  });
}

/** @throws ArgumentError unless `value` is one of `names`; it says what to do next, or which name is nearest. */
export function requireOneOf<Name extends string>(
  name: string,
  value: unknown,
  names: readonly Name[],
  next?: string,
): Name {
  if (names.includes(value as Name)) return value as Name;
  const advice = next ?? (typeof value === "string" ? meant(value, names) : undefined);
  throw new ArgumentError({
    expected: `${name} to be one of ${names.join(", ")}`,
    got: describe(value),
    ...(advice ? { next: advice } : {}),
  });
}

/** @throws ArgumentError unless `value` is true or false. */
export function requireFlag(name: string, value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw new ArgumentError({ expected: `${name} to be true or false`, got: describe(value) });
}

/** @throws ArgumentError unless `value` is an array. */
export function requireArray(name: string, value: unknown, next?: string): void {
  if (Array.isArray(value)) return;
  throw new ArgumentError({
    expected: `${name} to be an array`,
    got: describe(value),
    ...(next ? { next } : {}),
  });
}

/** @throws ArgumentError unless `value` is a function. */
export function requireFunction(name: string, value: unknown, next?: string): void {
  if (typeof value === "function") return;
  throw new ArgumentError({
    expected: `${name} to be a function`,
    got: describe(value),
    ...(next ? { next } : {}),
  });
}

/** What makes a Float64Array of a value that holds numbers otherwise. */
export function vectorAdvice(value: unknown): { readonly next?: string } {
  if (Array.isArray(value)) return { next: "Float64Array.from(values) makes one" };
  if (!ArrayBuffer.isView(value))
    return value && typeof value === "object" && "data" in value
      ? { next: "pass its data, or a copy of its entries where it is a view" }
      : {};
  return isFloat64Array(value) ? {} : { next: "Float64Array.from(values) makes one" };
}

/** @param size any, where undefined @throws ShapeError unless `vector` is a Float64Array of length `size` */
export function requireVector(name: string, size: number | undefined, vector: unknown): Float64Array {
  if (isFloat64Array(vector) && (size === undefined || vector.length === size)) return vector;
  throw new ShapeError({
    expected: `${name} to be a Float64Array${size === undefined ? "" : ` of length ${size}`}`,
    got: describe(vector),
    ...vectorAdvice(vector),
  });
}

/** @throws NonFiniteError unless a result is finite. */
export function requireFiniteValue(name: string, value: number, next?: string): number {
  if (Number.isFinite(value)) return value;
  throw new NonFiniteError({
    expected: `${name} to be finite`,
    got: describe(value),
    ...(next ? { next } : {}),
  });
}

/** @throws NonFiniteError at the first NaN or ±Infinity of `values`. */
export function requireFinite(name: string, values: Float64Array, next?: string): void {
  let i = 0;
  // x - x is 0 for every finite x and NaN otherwise. Four at a time take half the time.
  for (const last = values.length - 3; i < last; i += 4) {
    const a = values[i];
    const b = values[i + 1];
    const c = values[i + 2];
    const d = values[i + 3];
    if (a - a + (b - b) + (c - c) + (d - d) !== 0) break;
  }
  for (; i < values.length; i++) {
    if (values[i] - values[i] !== 0) {
      throw new NonFiniteError({
        expected: `${name} to be finite`,
        got: `${values[i]} at index ${i}`,
        ...(next ? { next } : {}),
      });
    }
  }
}
