// Plain values with arrays of numbers in memory that threads share, so that a thread can be told of them without a message: it hears
// none while it works.

type Numbers = Float64Array | Int32Array;

/** A run of a buffer's numbers that arrays lie in, and where in shared memory its copy begins. In bytes. */
interface Run {
  start: number;
  end: number;
  place: number;
  /** Whether it is written to. */
  isWritten: boolean;
}

const none = new Float64Array(0);

interface SharedValues {
  /** Where the text lies that describes them, in bytes, and how many characters it has. */
  readonly at: number;
  readonly text: string;
  /** The first byte after it, from which on numbers may lie. */
  readonly end: number;
  /** Copies what is written to, arrays named `adjoint`, back to where it came from. */
  takeBack(): void;
}

const kindOf = (part: unknown): string => Object.prototype.toString.call(part);
const isFloat64 = (part: unknown): part is Float64Array => kindOf(part) === "[object Float64Array]";
const isNumbers = (part: unknown): part is Numbers =>
  isFloat64(part) || kindOf(part) === "[object Int32Array]";

/**
 * Copies a value to shared memory, from its beginning on; arrays that lie in one buffer do so in the copy. Functions are left out;
 * numbers outside arrays must be finite.
 * @param withAdjoints whether arrays named `adjoint` are wanted, which are written to; otherwise they are left empty
 * @returns nothing where there is too little memory
 */
export function shareValues(
  memory: ArrayBufferLike,
  value: object,
  withAdjoints: boolean,
): SharedValues | undefined {
  const runs = new Map<ArrayBufferLike, Run>();
  const describe = (of: (part: Numbers, key: string) => unknown) =>
    JSON.stringify(value, (key, part) => {
      if (!isNumbers(part)) return part;
      return of(key === "adjoint" && !withAdjoints ? none : part, key);
    });
  describe(({ buffer, byteOffset: start, byteLength }, key) => {
    const end = start + byteLength;
    const run = runs.get(buffer) ?? { start, end, place: 0, isWritten: false };
    runs.set(buffer, run);
    run.start = Math.min(run.start, start - (start % 8));
    run.end = Math.max(run.end, end);
    run.isWritten ||= key === "adjoint";
  });
  let place = 0;
  for (const run of runs.values()) {
    run.place = place;
    place += roundedUp(run.end - run.start);
  }
  const text = describe((part) => {
    const { start, place: first } = runs.get(part.buffer) as Run;
    const at = first + part.byteOffset - start;
    return isFloat64(part) ? { float64: at, length: part.length } : { int32: at, length: part.length };
  });
  const end = place + roundedUp(2 * text.length);
  if (end > memory.byteLength) return undefined;
  const original = (buffer: ArrayBufferLike, { start, end }: Run) =>
    new Uint8Array(buffer, start, end - start);
  const copy = ({ place: first, start, end }: Run) => new Uint8Array(memory, first, end - start);
  for (const [buffer, run] of runs) copy(run).set(original(buffer, run));
  const characters = new Uint16Array(memory, place, text.length);
  for (let i = 0; i < text.length; i++) characters[i] = text.charCodeAt(i);
  return {
    at: place,
    text,
    end,
    takeBack() {
      for (const [buffer, run] of runs) if (run.isWritten) original(buffer, run).set(copy(run));
    },
  };
}

/** The value that a text describes, whose arrays lie in shared memory. */
function sharedValues(memory: ArrayBufferLike, text: string): unknown {
  return JSON.parse(text, (_, part) => {
    if (typeof part?.float64 === "number") return new Float64Array(memory, part.float64, part.length);
    if (typeof part?.int32 === "number") return new Int32Array(memory, part.int32, part.length);
    return part;
  });
}

/** Characters that are read at once: all of a long text are too many for one call. */
const AT_ONCE = 4096;

/** The text of so many characters that lies at a place. */
function textAt(memory: ArrayBufferLike, at: number, length: number): string {
  let text = "";
  for (let from = 0; from < length; from += AT_ONCE) {
    const count = Math.min(AT_ONCE, length - from);
    text += String.fromCharCode(...new Uint16Array(memory, at + 2 * from, count));
  }
  return text;
}

/**
 * Copies values to shared memory for other threads, and numbers them from 1 on: what is described by the same text as the last
 * value keeps its number, so that nobody need read it again.
 */
export function telling(
  memory: ArrayBufferLike,
): (value: object, withAdjoints: boolean) => (SharedValues & { readonly number: number }) | undefined {
  let last = "";
  let number = 0;
  return (value, withAdjoints) => {
    const shared = shareValues(memory, value, withAdjoints);
    if (shared === undefined) return undefined;
    if (shared.text !== last) number++;
    last = shared.text;
    return { ...shared, number };
  };
}

/**
 * Reads values of another thread, and makes what is wanted of them, once for each number.
 * @param make is given them, and the first byte after their text
 */
export function hearing<Made>(
  memory: ArrayBufferLike,
  make: (value: unknown, end: number) => Made,
): (number: number, at: number, length: number) => Made {
  let known = 0;
  let made: Made;
  return (number, at, length) => {
    if (number !== known)
      made = make(sharedValues(memory, textAt(memory, at, length)), at + roundedUp(2 * length));
    known = number;
    return made;
  };
}

const roundedUp = (bytes: number): number => Math.ceil(bytes / 8) * 8;
