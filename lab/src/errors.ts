/** Reasons a command stops, each with its exit code. */
const exitCodes = { usage: 2, data: 3, file: 4, verification: 5, cells: 6, stopped: 75 } as const;

export type LabErrorCode = keyof typeof exitCodes;

/** What makes a command pass that was refused: its message says the same in words. */
export interface Next {
  /** Of the shell, to be run first. */
  readonly command?: string;
  /** The file that this makes, to be named in the place of the old one. */
  readonly file?: string;
  /** Of the command that was refused, to be added. */
  readonly options?: readonly string[];
}

/** Something the user can mend; its message is a sentence that says how. */
export class LabError extends Error {
  override readonly name = "LabError";
  constructor(
    readonly code: LabErrorCode,
    message: string,
    readonly next: Next = {},
  ) {
    super(message);
  }

  get exitCode(): number {
    return exitCodes[this.code];
  }
}

/** Runs a check of a plan: a refusal names the plan first. */
export function inPlan<Result>({ file, name }: { file?: string; name: string }, check: () => Result): Result {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof LabError) || error.code !== "usage") throw error;
    throw new LabError(error.code, `${file ?? name}: ${error.message}`);
  }
}

/** Longer names are not compared: a distance takes time with the square of the length. */
const MAX_LENGTH = 100;

/** The candidate nearest to `word` in edit distance, when half of its letters or more are as they were: the engine's rule. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > MAX_LENGTH) return undefined;
  const ranked = candidates
    .filter(({ length }) => length <= MAX_LENGTH)
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance < word.length / 2 + 1 ? best.candidate : undefined;
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(previous[j] + 1, current[j - 1] + 1, substitution));
    }
    previous = current;
  }
  return previous[b.length];
}
