import { realpathSync } from "node:fs";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { filesOf, type SourceConfig } from "../data/sources.js";
import { LabError } from "../errors.js";

/**
 * A source whose files lie in a folder, whatever links lead to them; relative paths start there.
 * @param root without links
 * @throws LabError "file" for one that lies elsewhere or nowhere
 */
export function insideFolder(source: SourceConfig, root: string): SourceConfig {
  const local = { ...source, path: inside(source.path ?? ".", root) };
  for (const path of filesOf(local)) inside(path, root);
  return local;
}

function inside(path: string, root: string): string {
  const real = realPath(resolve(root, path));
  const from = relative(root, real);
  if (from !== ".." && !from.startsWith(`..${sep}`) && !isAbsolute(from)) return real;
  throw new LabError("file", `${path} is not in ${root}, the only folder that this worker reads`);
}

/** Where a path leads in the end. @throws LabError "file" */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    throw new LabError("file", `cannot read ${path}: ${(error as Error).message}`);
  }
}
