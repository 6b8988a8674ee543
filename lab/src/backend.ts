import { FlatwardError } from "flatward";
import { type Backend, useBackend } from "flatward/tensor";
import { LabError } from "./errors.js";

/**
 * What runs inner loops in this thread: the environment variable FLATWARD_BACKEND, or what the engine finds.
 * @throws LabError for a backend that is unknown, or is not to be had
 */
export function chooseBackend(): void {
  const name = process.env.FLATWARD_BACKEND;
  if (name === undefined) return;
  try {
    useBackend(name as Backend);
  } catch (error) {
    if (!(error instanceof FlatwardError)) throw error;
    throw new LabError("usage", `FLATWARD_BACKEND: ${error.message}`);
  }
}
