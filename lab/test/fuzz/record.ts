import fc from "fast-check";
import { hashOf } from "../../src/experiment/provenance.js";
import { parseRecord, recordText } from "../../src/sweep/record.js";
import { altered } from "./altered.js";
import type { Kind } from "./kind.js";
import { mutated, nasty } from "./mutated.js";
import { swept } from "./swept.js";

const good = Buffer.from(recordText(swept.record));
const tokens = [...nasty, ...'[]{},:"\\\n', '"__proto__":{},', "1e999", "null", "-", "[["];

/** Their hash is right, whatever they hold. */
const hashed = altered(swept.record).map((value) => {
  if (typeof value !== "object" || value === null) return Buffer.from(JSON.stringify(value) ?? "");
  const { sha256: _, provenance, ...content } = value as Record<string, unknown>;
  return Buffer.from(JSON.stringify({ ...content, sha256: hashOf(content), provenance }));
});

export const record: Kind = {
  name: "records",
  inputs: fc.oneof(mutated([good], tokens), hashed),
  read: (bytes) => parseRecord(Buffer.from(bytes).toString("utf8"), swept.cell.id),
};
