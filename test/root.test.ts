import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import * as flatward from "../src/index.js";

const readme = readFileSync(fileURLToPath(new URL("../README.md", import.meta.url)), "utf8");
const [, root, subpaths] =
  /\| `flatward` \| \|([\s\S]*?)\| On subpaths \| \|([\s\S]*?)\n\n/.exec(readme) ?? [];
const names = (text: string) => [...text.matchAll(/`([A-Za-z]+)`/g)].map(([, name]) => name);
const isError = (name: string) => name.endsWith("Error");

describe("the package's front door", () => {
  it("has what the README lists, and nothing else", () => {
    const exported = Object.keys(flatward).filter((name) => !isError(name));
    expect(
      names(root)
        .filter((name) => !isError(name))
        .sort(),
    ).toEqual(exported.sort());
  });

  it("leads to every room that the README names", () => {
    const { exports } = JSON.parse(
      readFileSync(fileURLToPath(new URL("../package.json", import.meta.url)), "utf8"),
    );
    const rooms = [...subpaths.matchAll(/`flatward\/([a-z]+)`/g)].map(([, room]) => `./${room}`);
    const listed = Object.keys(exports).filter((path) => path !== "." && path !== "./package.json");
    expect(rooms.sort()).toEqual(listed.sort());
  });
});
