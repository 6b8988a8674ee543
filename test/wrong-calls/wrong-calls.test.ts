import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { FlatwardError } from "../../src/index.js";
import { type Call, calls, entryPoints, uncalled } from "./calls.js";

const documented = readFileSync(
  fileURLToPath(new URL("../../docs/reference/errors.md", import.meta.url)),
  "utf8",
);
const codes = [...documented.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, code]) => code);

type Anything = (...args: unknown[]) => unknown;
const perform = ({ call, use }: Call, args: readonly unknown[]): unknown => {
  const result = (call as Anything)(...args);
  return use ? (use as Anything)(result) : result;
};

/** Why a wrong call was not refused as it should be; nothing where it was. */
function complaint(call: Call, args: readonly unknown[]): string | undefined {
  try {
    perform(call, args);
  } catch (error) {
    if (!(error instanceof FlatwardError)) return `untyped, ${error}`;
    if (!codes.includes(error.code)) return `code ${error.code}`;
    return error.where === undefined || error.got === "" ? `says too little: ${error.message}` : undefined;
  }
  return "silent";
}

const rows = Object.entries(calls);
const wrongCalls = rows.flatMap(([name, call]) =>
  call.args.flatMap(({ wrong }, i) =>
    wrong.map(([what, value]) => {
      const args = call.args.map(({ valid }, j) => (i === j ? value : valid));
      return { name: `${name}, argument ${i + 1}: ${what}`, call, args };
    }),
  ),
);

describe("every function of every entry point", () => {
  it("has a call here, or a reason", () => {
    const called = new Set<unknown>(rows.map(([, { call }]) => call));
    const missing = Object.entries(entryPoints).flatMap(([path, exported]) =>
      Object.entries(exported)
        .filter(
          ([name, value]) => typeof value === "function" && !name.endsWith("Error") && !(name in uncalled),
        )
        .filter(([, value]) => !called.has(value))
        .map(([name]) => `${path}: ${name}`),
    );
    expect(missing).toEqual([]);
  });

  it.each(rows)("takes what is right: %s", (_, call) => {
    perform(
      call,
      call.args.map(({ valid }) => valid),
    );
    const needed = call.args.map(({ valid, optional }) => (optional ? undefined : valid));
    perform(call, needed);
  });

  it(`refuses all of ${wrongCalls.length} wrong calls, by a documented code`, () => {
    expect(wrongCalls.length).toBeGreaterThan(1000);
    const complaints = wrongCalls.flatMap(
      ({ name, call, args }) => complaint(call, args)?.replace(/^/, `${name}: `) ?? [],
    );
    expect(complaints).toEqual([]);
  });

  it("takes null for options that are all optional", () => {
    for (const [, call] of rows) {
      const args = call.args.map(({ valid, optional, wrong }) =>
        optional && wrong.some(([what]) => what === "an unknown option") ? null : valid,
      );
      perform(call, args);
    }
  });
});
