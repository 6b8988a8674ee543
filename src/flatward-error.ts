/** Stable machine-readable reasons; messages may be reworded, codes may not. */
export type ErrorCode =
  | "shape-mismatch"
  | "invalid-argument"
  | "invalid-label"
  | "non-finite"
  | "not-symmetric"
  | "no-convergence"
  | "traced-value"
  | "derivative-rule"
  | "constant-output";

/** What went wrong, in the four parts every message has. */
export interface ErrorParts {
  /** The public function that refused, where `inFunction` does not say it. */
  readonly where?: string;
  readonly expected: string;
  readonly got: string;
  /** What the caller can do next. */
  readonly next?: string;
}

/** The base of everything this package throws on purpose. */
export class FlatwardError extends Error {
  override readonly name: string = "FlatwardError";
  readonly expected: string;
  readonly got: string;
  readonly next: string | undefined;
  /** The public function that refused. */
  readonly where: string | undefined;
  /** Whether the function that refused is known: until then, the outermost that was left is taken for it. */
  #located = false;
  /** Callbacks that were left, of functions that were not. */
  #callbacks = 0;
  constructor(
    readonly code: ErrorCode,
    { where, expected, got, next }: ErrorParts,
  ) {
    super(sentence(where, expected, got, next));
    this.expected = expected;
    this.got = got;
    this.next = next;
    this.where = where;
    this.#located = where !== undefined;
  }

  /** Leaves a callback: the function that called back is not the one that refused. */
  leaveCallback(): void {
    this.#callbacks++;
  }

  /** Leaves a public function: the first whose own code refused gives its name. */
  leaveFunction(where: string): void {
    if (this.#located) return;
    if (this.#callbacks > 0) this.#callbacks--;
    else this.#located = true;
    (this as { where: string | undefined }).where = where;
    // Read before the message changes: some engines copy it into the stack at once, others when that is first read.
    const { message, stack } = this;
    this.message = sentence(where, this.expected, this.got, this.next);
    if (stack !== undefined) this.stack = stack.replace(message, () => this.message);
  }
}

function sentence(
  where: string | undefined,
  expected: string,
  got: string,
  next: string | undefined,
): string {
  return `${where === undefined ? "" : `${where}: `}expected ${expected}, got ${got}${next ? `; ${next}` : ""}`;
}

/** The base of an error class whose `name` and `code` never change. */
function errorNamed<Name extends string>(
  name: Name,
  code: ErrorCode,
): new (
  parts: ErrorParts,
) => FlatwardError & { readonly name: Name } {
  return class extends FlatwardError {
    override readonly name = name;
    constructor(parts: ErrorParts) {
      super(code, parts);
    }
  };
}

/** A tensor, batch or parameter vector of the wrong shape. */
export class ShapeError extends errorNamed("ShapeError", "shape-mismatch") {}

/** An option or value outside its range. */
export class ArgumentError extends errorNamed("ArgumentError", "invalid-argument") {}

/** A class index or target that the loss cannot take. */
export class LabelError extends errorNamed("LabelError", "invalid-label") {}

/** NaN or ±Infinity, in an input or arisen in a computation. */
export class NonFiniteError extends errorNamed("NonFiniteError", "non-finite") {}

/** A matrix that should be symmetric and is not. */
export class SymmetryError extends errorNamed("SymmetryError", "not-symmetric") {}

/** An iteration that reached its cap. */
export class ConvergenceError extends errorNamed("ConvergenceError", "no-convergence") {}
