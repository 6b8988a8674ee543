import { format } from "node:util";

/** What the comments say is printed, a line each. */
export const saidBy = (code: string): string[] =>
  Array.from(code.matchAll(/ \/\/ → (.*)$/gm), ([, said]) => said);

type Run = (load: (module: string) => Promise<unknown>, console: { log: unknown }) => Promise<void>;
const AsyncFunction = (async () => {}).constructor as new (...parameters: string[]) => Run;

/** Runs an example here, its imports made dynamic, and keeps what it prints. */
export async function printedBy(
  code: string,
  load = (module: string): Promise<unknown> => import(/* @vite-ignore */ module),
): Promise<string[]> {
  const body = code
    .replace(/^import \{(.*)\} from (".*");$/gm, "const {$1} = await load($2);")
    .replace(/^import (\w+) from (".*");$/gm, "const { default: $1 } = await load($2);");
  const printed: string[] = [];
  const run = new AsyncFunction("load", "console", body);
  await run(load, {
    log: (...values: unknown[]) => printed.push(format(...values)),
  });
  return printed;
}
