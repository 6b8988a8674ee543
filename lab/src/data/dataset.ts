/** Labelled samples with numeric features. */
export interface Dataset {
  /** Name of a shipped data set, or the file's. */
  readonly name: string;
  readonly features: readonly string[];
  readonly label: string;
  /** Class names; a sample's class is an index into them. */
  readonly classes: readonly string[];
  /** (N,d). */
  readonly x: readonly Float64Array[];
  /** (N). */
  readonly y: Int32Array;
  /** SHA-256 of the file, hexadecimal. */
  readonly sha256: string;
}
