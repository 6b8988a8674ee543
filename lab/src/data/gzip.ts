import { constants as bufferLimits } from "node:buffer";
import { gunzipSync, type ZlibOptions } from "node:zlib";
import { LabError } from "../errors.js";
import { shownPath } from "../printable.js";

/** Whether bytes begin as gzip's do. */
export function isGzipped(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** @returns the content and how many bytes it was packed in, or why there is none */
export function gunzip(
  bytes: Uint8Array,
  options: ZlibOptions,
): { readonly content: Uint8Array; readonly used: number } | { readonly fault: NodeJS.ErrnoException } {
  try {
    // The types do not know what `info` changes.
    const { buffer, engine } = gunzipSync(bytes, { ...options, info: true }) as unknown as {
      readonly buffer: Buffer;
      readonly engine: { readonly bytesWritten: number };
    };
    return { content: buffer, used: engine.bytesWritten };
  } catch (fault) {
    return { fault: fault as NodeJS.ErrnoException };
  }
}

/** What a gzipped text holds. @throws LabError "data" where it cannot be unpacked, or not into one text */
export function unpacked(bytes: Uint8Array, path: string): Uint8Array {
  const whole = gunzip(bytes, { maxOutputLength: bufferLimits.MAX_STRING_LENGTH });
  if (!("fault" in whole)) return whole.content;
  const { code, message } = whole.fault;
  throw new LabError(
    "data",
    code === "ERR_BUFFER_TOO_LARGE"
      ? `${shownPath(path)}: expected at most ${bufferLimits.MAX_STRING_LENGTH} bytes once unpacked, got more; split it`
      : `${shownPath(path)}: expected gzipped data, got what cannot be unpacked (${message}); download or copy the file again`,
  );
}
