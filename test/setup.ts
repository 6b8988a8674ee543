import fc from "fast-check";

// Committed, so that a run can be repeated: a failure prints the path that leads to its counterexample.
fc.configureGlobal({ seed: 20260628, numRuns: 100, verbose: 1 });
