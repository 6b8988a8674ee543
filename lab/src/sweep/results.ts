import { measures } from "../experiment/measures/measures.js";
import { type Summary, summarize } from "../experiment/measures/statistics.js";
import { hashOf, type Provenance, provenance } from "../experiment/provenance.js";
import type { RunResult } from "../experiment/run.js";
import { LONGEST_ERROR, printable } from "../printable.js";
import { type Group, type Problem, problemsOf } from "./groups.js";
import type { Manifest } from "./manifest.js";
import type { CellRecord } from "./record.js";
import type { CellState, Store } from "./store.js";

/** A finished cell without its vectors. */
export interface CellResult {
  readonly index: number;
  readonly id: string;
  readonly seed: number;
  readonly sha256: string;
  readonly status: RunResult["status"];
  /** By id, timings included; NaN, null in JSON, where one overflowed. */
  readonly measures: Readonly<Record<string, number>>;
}

export interface GroupResult extends Omit<Group, "cells"> {
  /** Cells planned. */
  readonly planned: number;
  readonly cells: readonly CellResult[];
  /** Over the seeds that are done, by measure id. */
  readonly summary: Readonly<Record<string, Summary>>;
  /** Its difference to the baseline, seed by seed, over the seeds that both have; none for the baseline itself. */
  readonly difference?: Readonly<Record<string, Summary>>;
}

export interface ProblemResult extends Omit<Problem, "groups"> {
  /** n, parameters of the network; null before its first result. */
  readonly parameters: number | null;
  /** Likewise. */
  readonly trainingSamples: number | null;
  readonly groups: readonly GroupResult[];
}

export interface FailedCell {
  readonly index: number;
  readonly id: string;
  readonly message: string;
}

/** A sweep as far as it has come. */
export interface SweepResults {
  readonly format: "flatward-sweep/1";
  readonly name: string;
  /** SHA-256 of all results, timings aside; the same plan gives the same hash. Null while cells are missing. */
  readonly sha256: string | null;
  readonly engine: string;
  readonly counts: Readonly<Record<CellState["state"], number>>;
  readonly description: Manifest["description"];
  readonly costs?: NonNullable<Manifest["costs"]>;
  readonly data: Manifest["data"];
  readonly problems: readonly ProblemResult[];
  readonly failures: readonly FailedCell[];
  /** Sums over the results. */
  readonly effort: {
    readonly wallSeconds: number;
    readonly cpuSeconds: number;
    readonly peakMemoryBytes: number;
  };
  readonly provenance: Provenance;
}

/** Reads all records of a sweep; at any time. */
export function collect(manifest: Manifest, store: Store): SweepResults {
  const counts = { planned: 0, running: 0, done: 0, failed: 0 };
  const effort = { wallSeconds: 0, cpuSeconds: 0, peakMemoryBytes: 0 };
  const finished = new Map<number, CellResult>();
  const failures: FailedCell[] = [];
  const sizes = new Map<number, Pick<RunResult, "parameters" | "trainingSamples">>();
  manifest.cells.forEach(({ id }, index) => {
    const state = store.state(id);
    counts[state.state]++;
    if (state.state === "done") {
      finished.set(index, withoutVectors(index, state.record));
      sizes.set(index, state.record.result as RunResult);
      effort.wallSeconds += state.record.provenance.wallSeconds;
      effort.cpuSeconds += state.record.provenance.cpuSeconds ?? 0;
      effort.peakMemoryBytes = Math.max(effort.peakMemoryBytes, state.record.provenance.peakMemoryBytes);
    }
    if (state.state === "failed")
      failures.push({ index, id, message: printable(state.record.error?.message ?? "", LONGEST_ERROR) });
  });
  const problems = problemsOf(manifest).map(({ groups, ...problem }): ProblemResult => {
    const results = groups.map((group) => summarizeGroup(group, finished, problem.measures));
    const [baseline] = results;
    const measured = groups.flatMap(({ cells }) => cells).find((index) => sizes.has(index));
    const size = measured === undefined ? undefined : sizes.get(measured);
    return {
      ...problem,
      parameters: size?.parameters ?? null,
      trainingSamples: size?.trainingSamples ?? null,
      groups: results.map((group) =>
        group === baseline ? group : { ...group, difference: paired(group, baseline) },
      ),
    };
  });
  const complete = counts.done === manifest.cells.length;
  return {
    format: "flatward-sweep/1",
    name: manifest.name,
    sha256: complete
      ? hashOf(manifest.cells.map(({ id }, index) => [id, finished.get(index)?.sha256]))
      : null,
    engine: manifest.engine,
    counts,
    description: manifest.description,
    ...(manifest.costs ? { costs: manifest.costs } : {}),
    data: manifest.data,
    problems,
    failures,
    effort,
    provenance: provenance(),
  };
}

function withoutVectors(index: number, { id, config, sha256, result, provenance }: CellRecord): CellResult {
  const { status, steps, measures } = result as RunResult;
  const trainingSeconds = provenance.trainingSeconds ?? Number.NaN;
  const timings = { trainingSeconds, millisecondsPerStep: (1000 * trainingSeconds) / steps };
  const numbers = Object.entries({ ...timings, ...measures }).map(([name, value]) => [
    name,
    value ?? Number.NaN,
  ]);
  return { index, id, seed: config.seed, sha256, status, measures: Object.fromEntries(numbers) };
}

function summarizeGroup(
  { cells, ...group }: Group,
  finished: ReadonlyMap<number, CellResult>,
  wanted: readonly string[],
): GroupResult {
  const results = cells.flatMap((index) => finished.get(index) ?? []);
  return {
    ...group,
    planned: cells.length,
    cells: results,
    summary: overMeasures(wanted, (id) => values(results, id)),
  };
}

/** Differences seed by seed: split and starting point, which a seed draws, then cancel. */
function paired(group: GroupResult, baseline: GroupResult): Record<string, Summary> {
  const partner = new Map(baseline.cells.map((cell) => [cell.seed, cell]));
  const pairs = group.cells.flatMap((cell) => {
    const other = partner.get(cell.seed);
    return other ? [[cell, other] as const] : [];
  });
  const wanted = Object.keys(group.summary);
  return overMeasures(wanted, (id) => pairs.map(([cell, other]) => cell.measures[id] - other.measures[id]));
}

function overMeasures(
  wanted: readonly string[],
  valuesOf: (id: string) => number[],
): Record<string, Summary> {
  const shown = measures.filter(({ id }) => wanted.includes(id));
  return Object.fromEntries(shown.map(({ id }) => [id, summarize(valuesOf(id))]));
}

function values(cells: readonly CellResult[], id: string): number[] {
  return cells.map(({ measures }) => measures[id]);
}
