import fc from "fast-check";

type Edit = (bytes: Uint8Array) => Uint8Array;

/** Longer inputs find nothing that these do not, and take their time. */
const LONGEST = 2 ** 18;

/** A place in any input. */
const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const positionIn = (bytes: Uint8Array, at: number) => Math.floor(at * (bytes.length + 1));

const insert = (bytes: Uint8Array, at: number, piece: Uint8Array): Uint8Array => {
  const position = positionIn(bytes, at);
  return Buffer.concat([bytes.subarray(0, position), piece, bytes.subarray(position)]).subarray(0, LONGEST);
};

function edits(good: readonly Uint8Array[], tokens: readonly string[]): fc.Arbitrary<Edit> {
  const flip: fc.Arbitrary<Edit> = fc.tuple(place, fc.nat(7)).map(([at, bit]) => (bytes) => {
    const flipped = Buffer.from(bytes);
    if (bytes.length > 0) flipped[Math.floor(at * bytes.length)] ^= 1 << bit;
    return flipped;
  });
  const overwrite: fc.Arbitrary<Edit> = fc
    .tuple(place, fc.uint8Array({ minLength: 1, maxLength: 4 }))
    .map(([at, piece]) => (bytes) => {
      const position = positionIn(bytes, at);
      return Buffer.concat([bytes.subarray(0, position), piece, bytes.subarray(position + piece.length)]);
    });
  const cutOff: fc.Arbitrary<Edit> = place.map((at) => (bytes) => bytes.subarray(0, positionIn(bytes, at)));
  const cutOut: fc.Arbitrary<Edit> = fc.tuple(place, place).map(([from, to]) => (bytes) => {
    const [start, end] = [positionIn(bytes, from), positionIn(bytes, to)].sort((a, b) => a - b);
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
  });
  const splice: fc.Arbitrary<Edit> = fc
    .tuple(place, fc.constantFrom(...good), place, place)
    .map(([at, other, from, to]) => (bytes) => {
      const [start, end] = [positionIn(other, from), positionIn(other, to)].sort((a, b) => a - b);
      return insert(bytes, at, other.subarray(start, end));
    });
  const repeat: fc.Arbitrary<Edit> = fc
    .tuple(place, fc.integer({ min: 1, max: 40 }), fc.constantFrom(2, 2, 2, 30, 30, 1000, 20_000))
    .map(([at, length, times]) => (bytes) => {
      const position = positionIn(bytes, at);
      const piece = bytes.subarray(position, position + length);
      return insert(bytes, at, Buffer.concat(Array<Uint8Array>(times).fill(piece)));
    });
  const token: fc.Arbitrary<Edit> = fc
    .tuple(place, fc.constantFrom(...tokens), fc.constantFrom(1, 1, 1, 1, 1, 1, 50, 50, 1000, 20_000))
    .map(
      ([at, text, times]) =>
        (bytes) =>
          insert(bytes, at, Buffer.from(text.repeat(times))),
    );
  return fc.oneof(flip, overwrite, cutOff, cutOut, splice, repeat, token);
}

/** Good inputs after some edits, none among them. @param tokens what the format, or a terminal, takes for something special */
export function mutated(good: readonly Uint8Array[], tokens: readonly string[]): fc.Arbitrary<Uint8Array> {
  return fc
    .tuple(fc.constantFrom(...good), fc.array(edits(good, tokens), { maxLength: 6 }))
    .map(([start, list]) => list.reduce((bytes, edit) => edit(bytes), start));
}

/** What no format likes. */
export const nasty = ["\0", "\x1b[2J", "\x07", "\x7f", "\u009b", "\u2028", "\u202e", "\ufeff", "\xff", "🙂"];
