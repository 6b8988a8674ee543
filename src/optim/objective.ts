import {
  ArgumentError,
  describe,
  inFunction,
  requireFinite,
  requireFunction,
  requireInteger,
  requireObject,
  requireVector,
} from "../errors.js";
import { optionsOf, requireOptions } from "../options.js";

/** The value of an objective and its gradient. */
export interface ValueAndGradient {
  readonly value: number;
  /** (n), the caller's to keep. */
  readonly gradient: Float64Array;
}

/** A function to minimise over theta (n). Optimizers know nothing else of what they train. */
export interface Objective {
  /** n. */
  readonly size: number;
  /** The value at theta. */
  value(theta: Float64Array): number;
  /** The gradient at theta (n), the caller's to keep. */
  gradient(theta: Float64Array): Float64Array;
  /** Both, at the cost of the gradient. */
  valueAndGradient(theta: Float64Array): ValueAndGradient;
  /** H·v at theta, where it is known. */
  hessianVectorProduct?(theta: Float64Array, v: Float64Array): Float64Array;
  /** H·v, written to `out`, for many v at one theta that stays as it is: faster where products can share work. */
  hessianAt?(theta: Float64Array): (v: Float64Array, out: Float64Array) => void;
  /** Called before step 0, 1, …: a stochastic objective draws its samples here, and keeps them for the whole step. */
  beginStep?(step: number): void;
  /**
   * Of an objective that remembers earlier steps: what it knew when the last step began, as plain data. Whoever goes on from
   * there gives it to `restore`.
   */
  state?(): unknown;
  /** Goes on from a state, at the step that it was taken in: `beginStep` with that step comes next. @throws ArgumentError */
  restore?(state: unknown): void;
}

/** What may be known of an objective beside its value and gradient at once. */
type Known = {
  readonly [Name in (typeof knownParts)[number]]?: Objective[Name] | undefined;
};

const knownParts = [
  "value",
  "gradient",
  "hessianVectorProduct",
  "hessianAt",
  "beginStep",
  "state",
  "restore",
] as const;

/**
 * An objective from its value and gradient alone. Vectors are copied on their way in and out: the functions may reuse the
 * memory of their results, and change what they are given.
 * @param size n ≥ 0 @param valueAndGradient of theta (n); a gradient (n) @param more whatever else is known, like H·v
 * @throws ArgumentError; in an evaluation, ShapeError for a theta or a result of another length
 * @example
 * import { minimize, nesterov, objectiveOf } from "flatward";
 * const objective = objectiveOf(2, ([x, y]) => ({
 *   value: (1 - x) ** 2 + 100 * (y - x * x) ** 2,
 *   gradient: Float64Array.of(2 * (x - 1) - 400 * x * (y - x * x), 200 * (y - x * x)),
 * }));
 * const optimizer = nesterov({ learningRate: 5e-4, momentum: 0.95 });
 * const stop = { steps: 20000, gradientTolerance: 1e-8 };
 * const { theta, status } = minimize(objective, Float64Array.of(-1, 1), optimizer, stop);
 * console.log(status, theta[0].toFixed(6), theta[1].toFixed(6)); // → converged 1.000000 1.000000
 */
export function objectiveOf(
  size: number,
  valueAndGradient: (theta: Float64Array) => ValueAndGradient,
  more: Known = {},
): Objective {
  return inFunction("objectiveOf", () => {
    requireInteger("size", size, 0, "it comes first: objectiveOf(size, valueAndGradient)");
    requireFunction("valueAndGradient", valueAndGradient);
    const known = optionsOf(more, knownParts);
    const given = Object.entries(known).filter(([, part]) => part !== undefined);
    for (const [name, part] of given) requireFunction(name, part);
    return asObjective({
      size,
      value: (theta) => valueAndGradient(theta)?.value,
      gradient: (theta) => valueAndGradient(theta)?.gradient,
      valueAndGradient,
      ...Object.fromEntries(given),
    });
  });
}

type Product = NonNullable<Objective["hessianVectorProduct"]>;
/** H·v at one theta, written to `out`. */
type ProductAt = ReturnType<NonNullable<Objective["hessianAt"]>>;

/** What an objective made from another computes. */
export interface Derivation extends Required<Pick<Objective, "value" | "valueAndGradient">> {
  /** Default: what `valueAndGradient` gives. */
  readonly gradient?: ((theta: Float64Array) => Float64Array) | undefined;
  /** Its H·v from the other's, which may have none. */
  readonly hessianVectorProduct?: ((product: Product) => Product) | undefined;
  /** Its `hessianAt` from the other's, where it needs the same theta alone. */
  readonly hessianAt?: ((product: ProductAt) => ProductAt) | undefined;
  /** Default: the other's. */
  readonly beginStep?: ((step: number) => void) | undefined;
}

const derivationParts = [
  "value",
  "gradient",
  "valueAndGradient",
  "hessianVectorProduct",
  "hessianAt",
  "beginStep",
] as const;

/**
 * An objective of the same parameters as another, by what its parts make of the other's; a stochastic one stays stochastic,
 * and one that remembers steps keeps its state.
 * @throws ArgumentError
 * @example
 * import { objectiveOf } from "flatward";
 * import { derivedObjective } from "flatward/optim";
 * const parabola = objectiveOf(1, ([x]) => ({ value: x * x, gradient: Float64Array.of(2 * x) }));
 * const twice = derivedObjective(parabola, {
 *   value: (theta) => 2 * parabola.value(theta),
 *   valueAndGradient(theta) {
 *     const { value, gradient } = parabola.valueAndGradient(theta);
 *     return { value: 2 * value, gradient: gradient.map((g) => 2 * g) };
 *   },
 * });
 * console.log(twice.value(Float64Array.of(3)), twice.gradient(Float64Array.of(3))[0]); // → 18 12
 */
export function derivedObjective(source: Objective, derivation: Derivation): Objective {
  const from = inFunction("derivedObjective", () => {
    requireOptions(derivation, derivationParts, "at least { value, valueAndGradient }");
    for (const [name, part] of Object.entries(derivation))
      if (part !== undefined) requireFunction(`derivation.${name}`, part);
    requireFunction("derivation.value", derivation.value);
    requireFunction("derivation.valueAndGradient", derivation.valueAndGradient);
    return asObjective(source);
  });
  const { value, gradient, valueAndGradient, hessianVectorProduct, hessianAt, beginStep } = derivation;
  const draws = beginStep ?? (from.beginStep && ((step: number) => from.beginStep?.(step)));
  const product: Product = (theta, v) => (from.hessianVectorProduct as Product)(theta, v);
  return objectiveOf(from.size, valueAndGradient, {
    value,
    ...(gradient ? { gradient } : {}),
    ...(from.hessianVectorProduct && hessianVectorProduct
      ? { hessianVectorProduct: hessianVectorProduct(product) }
      : {}),
    ...(from.hessianAt && hessianAt
      ? {
          hessianAt: (theta: Float64Array) =>
            hessianAt((from.hessianAt as (at: Float64Array) => ProductAt)(theta)),
        }
      : {}),
    ...(draws ? { beginStep: draws } : {}),
    ...memoryOf(from),
  });
}

/** The state of an objective that has one. */
function memoryOf(objective: Objective): Pick<Objective, "state" | "restore"> {
  return {
    ...(objective.state && { state: () => objective.state?.() }),
    ...(objective.restore && { restore: (state: unknown) => objective.restore?.(state) }),
  };
}

/** @throws ArgumentError unless it is an objective */
export function requireObjective(objective: Objective): void {
  const next = "lossObjective makes one, objectiveOf another from any function";
  requireObject("objective", objective, next);
  requireInteger("objective.size", objective.size, 0, next);
  for (const name of ["value", "gradient", "valueAndGradient"] as const)
    requireFunction(`objective.${name}`, objective[name], next);
}

/** @throws ShapeError, NonFiniteError unless theta fits the objective */
export function checkStart(objective: Objective, theta: Float64Array): void {
  requireVector("theta", objective.size, theta);
  requireFinite("theta", theta);
}

/** Objectives that keep their contract. */
const safe = new WeakSet<Objective>();

/** Says that an objective neither changes nor keeps a vector that it is given, nor one that it returns: none is copied. */
export function withoutCopies<Made extends Objective>(objective: Made): Made {
  safe.add(objective);
  return objective;
}

/**
 * An objective as its contract has it, whoever wrote it: vectors go in and come out as copies, so that one which reuses its
 * gradient's memory, returns what it keeps, or changes what it is given, changes nothing here.
 * @throws ArgumentError unless it is an objective; ShapeError in an evaluation, for a vector of another length
 */
export function asObjective(objective: Objective): Objective {
  requireObjective(objective);
  if (safe.has(objective)) return objective;
  const { size } = objective;
  const copy = (name: string, found: unknown): Float64Array => requireVector(name, size, found).slice();
  const at = (theta: Float64Array): Float64Array => copy("theta", theta);
  const made: Objective = {
    size,
    value: (theta) => objective.value(at(theta)),
    gradient: (theta) => copy("the gradient", objective.gradient(at(theta))),
    valueAndGradient(theta) {
      const both = objective.valueAndGradient(at(theta));
      return { value: both?.value, gradient: copy("the gradient", both?.gradient) };
    },
    ...(typeof objective.hessianVectorProduct === "function" && {
      hessianVectorProduct: (theta: Float64Array, v: Float64Array) =>
        copy("H·v", objective.hessianVectorProduct?.(at(theta), copy("v", v))),
    }),
    ...(typeof objective.hessianAt === "function" && {
      hessianAt(theta: Float64Array) {
        const product = (objective.hessianAt as (theta: Float64Array) => ProductAt)(at(theta));
        requireFunction("what hessianAt(theta) returns", product, "(v, out) => … that writes H·v to out");
        const own = new Float64Array(size);
        return (v: Float64Array, out: Float64Array) => {
          own.set(requireVector("v", size, v));
          // A product that writes nothing, or adds to what it finds, must not pass for one.
          out.fill(Number.NaN);
          product(own, out);
        };
      },
    }),
    ...(objective.beginStep && { beginStep: (step: number) => objective.beginStep?.(step) }),
    ...memoryOf(objective),
  };
  return withoutCopies(made);
}

/** @throws ArgumentError unless the objective has Hessian-vector products */
export function requireProducts(
  objective: Objective,
): Objective & Required<Pick<Objective, "hessianVectorProduct">> {
  if (typeof objective.hessianVectorProduct === "function")
    return objective as ReturnType<typeof requireProducts>;
  throw new ArgumentError({
    expected: "an objective with hessianVectorProduct",
    got: describe(objective),
    next: "lossObjective has one; of your own, objectiveOf(size, f, { hessianVectorProduct: (theta, v) => … }); inside of minibatchObjective, wrap each batch's objective",
  });
}
