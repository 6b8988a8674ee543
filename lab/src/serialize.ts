import { createHash } from "node:crypto";

const DIGEST = 32;
/** Bytes of the number that says how long the JSON is. */
const LENGTH = 4;

/**
 * Plain data with float64 vectors among them, as bytes: SHA-256 of what follows, the length of the JSON, the JSON, and
 * the bits of its vectors in the order of their places, each of which holds `{ float64: length }`. What JSON has no number
 * for is `{ number: text }` there.
 */
export function serialize(content: unknown): Uint8Array {
  const vectors: Float64Array[] = [];
  const json = JSON.stringify(content, (_, value) => {
    if (value instanceof Float64Array) {
      vectors.push(value);
      return { float64: value.length };
    }
    const isPlain = typeof value !== "number" || (Number.isFinite(value) && !Object.is(value, -0));
    return isPlain ? value : { number: Object.is(value, -0) ? "-0" : String(value) };
  });
  const text = Buffer.from(json);
  const length = Buffer.alloc(LENGTH);
  length.writeUInt32LE(text.length);
  const bits = vectors.map(({ buffer, byteOffset, byteLength }) =>
    Buffer.from(buffer, byteOffset, byteLength),
  );
  const bytes = Buffer.concat([length, text, ...bits]);
  return Buffer.concat([digestOf(bytes), bytes]);
}

/** The content of bytes; nothing when they were damaged, or are no such content. Its shape is for the caller to check. */
export function deserialize(serialized: Uint8Array): unknown {
  const whole = Buffer.from(serialized.buffer, serialized.byteOffset, serialized.byteLength);
  const bytes = whole.subarray(DIGEST);
  if (!digestOf(bytes).equals(whole.subarray(0, DIGEST))) return undefined;
  try {
    let at = LENGTH + bytes.readUInt32LE();
    return JSON.parse(bytes.toString("utf8", LENGTH, at), (_, value) => {
      if (typeof value?.number === "string") return Number(value.number);
      if (typeof value?.float64 !== "number") return value;
      const size = 8 * value.float64;
      const vector = new Float64Array(Uint8Array.from(bytes.subarray(at, at + size)).buffer);
      if (vector.length !== value.float64) throw new RangeError("a vector is longer than the bytes");
      at += size;
      return vector;
    });
  } catch {
    return undefined;
  }
}

function digestOf(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}
