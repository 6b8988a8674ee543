import fc from "fast-check";
import { useBackend } from "../src/tensor/backend.js";

// Committed, so that a run can be repeated: a failure prints the path that leads to its counterexample.
fc.configureGlobal({ seed: 20260628, numRuns: 100, verbose: 1 });

/** Each project of vitest.config.ts runs on one; there is no falling back in silence. */
export const chosenBackend = process.env.FLATWARD_BACKEND === "plain" ? "plain" : "wasm";
useBackend(chosenBackend);
