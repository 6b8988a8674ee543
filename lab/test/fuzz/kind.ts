import type fc from "fast-check";

/** What is read from outside in one format. */
export interface Kind {
  readonly name: string;
  /** Good ones, spoilt ones, and some that are made to be bad. */
  readonly inputs: fc.Arbitrary<Uint8Array>;
  /** Reads one: gives what it says, or nothing, or throws an error that says what to do. */
  read(bytes: Uint8Array): unknown;
}
