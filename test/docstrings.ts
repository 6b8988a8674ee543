import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { entryPoints } from "./wrong-calls/calls.js";

const sources = fileURLToPath(new URL("../src", import.meta.url));

const declaration = (name: string) => new RegExp(`^export (async )?(function|const) ${name}\\b`, "m");

/** The file that declares what an entry point exports; its exports lead there. */
function declaredIn(file: string, name: string): string | undefined {
  const text = readFileSync(file, "utf8");
  if (declaration(name).test(text)) return file;
  const next = (path: string) => declaredIn(join(dirname(file), path.replace(/\.js$/, ".ts")), name);
  for (const [, names, path] of text.matchAll(/^export \{([^}]*)\} from "(.*)"/gm))
    if (names.split(",").some((each) => each.trim() === name)) return next(path);
  for (const [, path] of text.matchAll(/^export \* from "(.*)"/gm)) {
    const file = next(path);
    if (file !== undefined) return file;
  }
  return undefined;
}

export interface Exported {
  readonly name: string;
  readonly file: string;
}

const byDeclaration = new Map<string, Exported>();
for (const [entryPoint, exported] of Object.entries(entryPoints))
  for (const [name, value] of Object.entries(exported)) {
    if (typeof value !== "function" || /^class\b/.test(String(value))) continue;
    const index = join(sources, entryPoint === "flatward" ? "" : entryPoint, "index.ts");
    const file = declaredIn(index, name) ?? `nowhere, from ${index}`;
    byDeclaration.set(`${file} ${name}`, { name, file });
  }

/** What a user calls, of every entry point: neither classes nor tables. Each once. */
export const functions = [...byDeclaration.values()];

/** Text above the declaration, without the asterisks. */
function docstringOf({ name, file }: Exported): string {
  const text = readFileSync(file, "utf8");
  const before = text.slice(0, text.search(declaration(name)));
  if (!before.endsWith("*/\n")) return "";
  return before.slice(before.lastIndexOf("/**"), -"*/\n".length).replace(/^ \* ?/gm, "");
}

/** Its example: from the tag to the next one, or to the end. */
export function exampleOf(exported: Exported): string {
  const [, example = ""] = docstringOf(exported).split(/^@example\n/m);
  return example.split(/^@/m)[0];
}
