import { createHash } from "node:crypto";

const DIGEST = 32;

/** Bytes with their SHA-256 in front. */
export function seal(bytes: Uint8Array): Uint8Array {
  const sealed = new Uint8Array(DIGEST + bytes.length);
  sealed.set(createHash("sha256").update(bytes).digest());
  sealed.set(bytes, DIGEST);
  return sealed;
}

/** The bytes that were sealed; nothing when they were damaged. */
export function unseal(sealed: Uint8Array): Uint8Array | undefined {
  const bytes = sealed.subarray(DIGEST);
  const digest = createHash("sha256").update(bytes).digest();
  return digest.equals(sealed.subarray(0, DIGEST)) ? bytes : undefined;
}
