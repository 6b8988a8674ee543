import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { manifestText, readManifest } from "../../src/sweep/manifest.js";
import { scratch } from "../support/run.js";
import { altered } from "./altered.js";
import type { Kind } from "./kind.js";
import { mutated, nasty } from "./mutated.js";
import { swept } from "./swept.js";

const good = Buffer.from(manifestText(swept.manifest));
const tokens = [...nasty, ...'[]{},:"\\\n', '"__proto__":{},', "1e999", "null", "-", "[["];
const json = altered(JSON.parse(good.toString())).map((value) => Buffer.from(JSON.stringify(value) ?? ""));

const path = join(scratch(), "manifest.json");

export const manifest: Kind = {
  name: "manifests",
  inputs: fc.oneof(mutated([good], tokens), json),
  read(bytes) {
    writeFileSync(path, bytes);
    return readManifest(path);
  },
};
