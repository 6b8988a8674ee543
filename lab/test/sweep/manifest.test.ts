import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LabError } from "../../src/errors.js";
import { manifestText, readManifest } from "../../src/sweep/manifest.js";
import { manifest } from "../support/manifests.js";
import { type Loose, partsOf, replacePart } from "../support/parts.js";
import { flatward, scratch } from "../support/run.js";
import { tiny } from "../support/sweeps.js";

const folder = scratch();
const path = join(folder, "manifest.json");
const text = manifestText(manifest(tiny));

/** What is said of a manifest with this text; nothing where it is read. */
function refusal(content: string | Uint8Array): LabError | undefined {
  writeFileSync(path, content);
  try {
    readManifest(path);
    return undefined;
  } catch (error) {
    if (error instanceof LabError) return error;
    throw error;
  }
}

function altered(change: (content: Loose) => void): string {
  const content = JSON.parse(text);
  change(content);
  return JSON.stringify(content);
}

describe("a manifest", () => {
  it("reads back as it was written", () => {
    writeFileSync(path, text);
    expect(manifestText(readManifest(path))).toBe(text);
  });

  const changes: readonly [what: string, content: string, message: RegExp][] = [
    ["of no JSON", text.slice(0, 300), /JSON/],
    ["that is empty", "", /JSON/],
    ["of null", "null", /expected object/],
    ["of a list", "[]", /expected object/],
    ["of another format", altered((m) => Object.assign(m, { format: "flatward-manifest/2" })), /format/],
    ["whose cells are no list", altered((m) => Object.assign(m, { cells: {} })), /cells: expected array/],
    ["whose cell is null", altered((m) => m.cells.fill(null, 1, 2)), /cells\[1\]: expected object/],
    [
      "with a path for an identity",
      altered((m) => Object.assign(m.cells[0], { id: "../x" })),
      /cells\[0\]\.id/,
    ],
    [
      "with a path for a hash",
      altered((m) => Object.assign(m.data[0], { sha256: "../x" })),
      /data\[0\]\.sha256/,
    ],
    [
      "with data that are not there",
      altered((m) => Object.assign(m.cells[3], { data: 9 })),
      /there are 1 data/,
    ],
    [
      "with a method that is none",
      altered((m) => Object.assign(m.cells[0].config.method, { name: 3 })),
      /method/,
    ],
    ["with a junk key", altered((m) => Object.assign(m.cells[0].config, { junk: 1 })), /no key "junk"/],
    ["with a prototype", text.replace('"config":{', '"config":{"__proto__":{},'), /__proto__/],
    [
      "too deep",
      text.replace('"planFile"', `"deep":${"[".repeat(1e5)}${"]".repeat(1e5)},"planFile"`),
      /deep/,
    ],
  ];
  it.each(changes)("%s is refused with its place, and with what to do", (_, content, message) => {
    const error = refusal(content);
    expect(error?.code).toBe("data");
    expect(error?.message).toContain(`${path} is no manifest of this version of flatward: `);
    expect(error?.message).toMatch(message);
    expect(error?.message).toMatch(/; write it anew from its plan with flatward sweep$/);
  });

  it.each([["status"], ["report"], ["run", "--index", "0", "--of"]])(
    "ends flatward %s with code 3",
    (...args) => {
      writeFileSync(
        path,
        altered((m) => Object.assign(m, { format: null, cells: 7 })),
      );
      const { status, stdout, stderr } = flatward(...args, folder);
      expect(stderr).toMatch(/^flatward: .*manifest\.json is no manifest of this version of flatward: .*\n$/);
      expect([status, stdout]).toEqual([3, ""]);
    },
  );

  it("with any part replaced by anything is refused with a sentence, or read", () => {
    const parts = partsOf(JSON.parse(text));
    fc.assert(
      fc.property(fc.constantFrom(...parts), fc.jsonValue(), (place, value) => {
        const content = altered((m) => replacePart(m, place, value));
        expect(refusal(content)?.code ?? "data").toBe("data");
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(refusal(bytes)?.code).toBe("data");
      }),
    );
  });
});
