import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { LabError } from "../errors.js";
import { type Manifest, readManifest } from "../sweep/manifest.js";
import { MANIFEST, type Store, storeIn } from "../sweep/store.js";

/** The sweep in a folder, also when its manifest is named. @throws LabError "file", "usage" */
export function openSweep(path: string): { manifest: Manifest; store: Store } {
  const folder = existsSync(path) && !statSync(path).isDirectory() ? dirname(path) : path;
  const manifestPath = join(folder, MANIFEST);
  if (!existsSync(manifestPath))
    throw new LabError(
      "file",
      `${folder} holds no sweep: there is no ${MANIFEST}; flatward sweep plan.yaml makes one`,
    );
  return { manifest: readManifest(manifestPath), store: storeIn(folder) };
}
