import { batch, effect } from "@preact/signals";
import type { EngineApi, Snapshot } from "../engine/api.js";
import type { MethodSetting } from "../engine/descent.js";
import type { GivenFile } from "../engine/samples.js";
import { changed, fromFragment, type Settings, toFragment } from "../settings/settings.js";
import { type Remote, remote } from "../worker/remote.js";
import EngineWorker from "../worker/worker.js?worker&inline";
import { frameOf, halvesOf } from "./landscape.js";
import { latest } from "./latest.js";
import {
  cursor,
  fault,
  file,
  finished,
  landscape,
  last,
  type Pair,
  playing,
  pointed,
  problem,
  regions,
  settings,
  shownPair,
  snapshots,
  stride,
  type Which,
} from "./state.js";

/** The engine twice: gradient descent, and what is compared with it. */
const workers: Pair<Remote<EngineApi>> = [remote(new EngineWorker()), remote(new EngineWorker())];

/** What both answer, once both have: so answers come in the order of their questions, also where one refuses. */
async function ask<Result>(
  question: (worker: Remote<EngineApi>, which: Which) => Promise<Result>,
): Promise<Pair<Result>> {
  const questions = [question(workers[0], 0), question(workers[1], 1)] as const;
  await Promise.allSettled(questions);
  return Promise.all(questions);
}

/** The latest start. */
let run = 0;
/** The start whose snapshots are shown, and what was trained there. */
let shownRun = 0;
let shownTraining: { readonly settings: Settings; readonly file: GivenFile | undefined } | undefined;
/** Whether steps are being taken. */
let busy = false;
/** A snapshot that is to be reached first, of a shared link. */
let awaited: number | undefined;

/** Marked when all panels have been drawn for the first time. */
const FIRST_PICTURE = "first picture";

const still = matchMedia("(prefers-reduced-motion: reduce)");

/** The landscape is computed anew after so many milliseconds, while both paths grow. */
const LANDSCAPE_EVERY = 250;

function explain(error: unknown): void {
  batch(() => {
    fault.value = error instanceof Error ? error.message : String(error);
    playing.value = false;
  });
}

/** What is shown stays, and can be played on: both workers keep what they hold, since both were given the same data. */
function refuseStart(error: unknown): void {
  explain(error);
  run = shownRun;
  busy = false;
  if (shownTraining === undefined) return;
  settings.value = shownTraining.settings;
  file.value = shownTraining.file;
  writeAddress();
}

async function begin(): Promise<void> {
  const own = ++run;
  busy = true;
  const { method, strength } = settings.value;
  if (settings.value.data === "csv" && file.value === undefined)
    return refuseStart(
      new Error("Drop a CSV file on this page, or choose one: numbers, and a label in the last column."),
    );
  const training = { settings: settings.value, file: file.value };
  const setups: Pair<MethodSetting> = ["plain", { method, strength }];
  const given = file.value === undefined ? {} : { file: file.value };
  try {
    const [plain, other] = await ask((worker, which) =>
      worker.start({ settings: settings.value, method: setups[which], ...given }),
    );
    // Shown even where another start is on its way, which may be refused: what is shown is what the workers hold.
    shownRun = own;
    shownTraining = training;
    batch(() => {
      fault.value = undefined;
      problem.value = plain.about;
      snapshots.value = [[plain.snapshot], [other.snapshot]];
      cursor.value = undefined;
      pointed.value = undefined;
      landscape.value = undefined;
      regions.value = [undefined, undefined];
      playing.value = awaited !== undefined || !still.matches;
    });
    if (own !== run) return;
    busy = false;
    // So that there is something to see where nothing moves by itself.
    await advance();
  } catch (error) {
    if (own === run) refuseStart(error);
  }
}

/** Takes the steps to the next snapshot, with both methods. */
async function advance(): Promise<void> {
  if (busy || finished.value || problem.value === undefined) return;
  const own = run;
  busy = true;
  try {
    const steps = Math.min(stride.value, settings.value.steps - (snapshots.value[0].at(-1)?.step ?? 0));
    const found = await ask((worker) => worker.train(steps));
    const [plain, other] = snapshots.value;
    snapshots.value = [
      [...plain, found[0]],
      [...other, found[1]],
    ];
  } catch (error) {
    if (own === run) explain(error);
  } finally {
    if (own === run) busy = false;
  }
}

/**
 * Asks about what is shown, the latest question alone. None about an earlier start is asked: the workers hold another
 * network by then.
 */
function inquiry<Argument>(task: (argument: Argument, own: number) => Promise<void>) {
  const follow = latest(async ({ argument, own }: { argument: Argument; own: number }) => {
    if (own === run) await task(argument, own);
  });
  return (argument: Argument): void => follow({ argument, own: shownRun });
}

const drawRegions = inquiry(async ([plain, other]: Pair<Snapshot>, own) => {
  const thetas = [plain.theta, other.theta] as const;
  const found = await ask((worker, which) => worker.regions(thetas[which]));
  if (own === run) regions.value = found;
});

const drawLandscape = inquiry(async (paths: Pair<readonly Snapshot[]>, own) => {
  const frame = frameOf(paths);
  const halves = halvesOf(frame);
  const [low, high] = await ask((worker, which) => worker.losses(halves[which]));
  if (own === run) landscape.value = { ...frame, losses: Float64Array.of(...low, ...high) };
});

function tick(): void {
  requestAnimationFrame(tick);
  // While the next start is made, the steps that are shown are those of the one before.
  if (run === shownRun && awaited !== undefined && (snapshots.value[0].at(-1)?.step ?? 0) >= awaited) {
    awaited = undefined;
    playing.value = false;
  }
  if (!playing.value) return;
  if (cursor.value === undefined) {
    if (finished.value) playing.value = false;
    else void advance();
  } else {
    const next = cursor.value + 1;
    cursor.value = next >= last.value ? undefined : next;
  }
}

/** Wires what is shown to what is asked for. */
export function open(): void {
  const first = fromFragment(location.hash);
  settings.value = first.settings;
  awaited = first.at;
  effect(() => {
    if (shownPair.value !== undefined) drawRegions(shownPair.value);
  });
  let landscapeAt = Number.NEGATIVE_INFINITY;
  effect(() => {
    const paths = snapshots.value;
    if (paths[0].length < 2) {
      landscapeAt = Number.NEGATIVE_INFINITY;
      return;
    }
    const now = performance.now();
    if (now - landscapeAt < LANDSCAPE_EVERY && playing.value && !finished.value) return;
    landscapeAt = now;
    drawLandscape(paths);
  });
  const stopWatching = effect(() => {
    if (landscape.value === undefined || regions.value.includes(undefined)) return;
    requestAnimationFrame(() => performance.mark(FIRST_PICTURE));
    queueMicrotask(() => stopWatching());
  });
  addEventListener("hashchange", () => {
    const { settings: next, at } = fromFragment(location.hash);
    if (at === undefined && JSON.stringify(next) === JSON.stringify(settings.value)) return;
    settings.value = next;
    awaited = at;
    void begin();
  });
  void begin();
  requestAnimationFrame(tick);
}

/** Changes some settings, and begins anew with them. */
export function change(part: Partial<Settings>): void {
  settings.value = changed(settings.value, part);
  awaited = undefined;
  writeAddress();
  void begin();
}

export function restart(): void {
  awaited = undefined;
  void begin();
}

/** Reads a file of the reader's, and trains on it. */
export async function take(given: File): Promise<void> {
  file.value = { name: given.name, text: await given.text() };
  change({ data: "csv" });
}

/** The address of what is shown. */
export function address(): string {
  const at =
    cursor.value === undefined && !finished.value && playing.value ? undefined : shownPair.value?.[0].step;
  return `${location.href.replace(/#.*/, "")}#${toFragment(settings.value, at)}`;
}

function writeAddress(): void {
  location.replace(`#${toFragment(settings.value)}`);
}

export function togglePlaying(): void {
  batch(() => {
    fault.value = undefined;
    if (!playing.value && finished.value && cursor.value === undefined) cursor.value = 0;
    playing.value = !playing.value;
  });
}

/** One snapshot on: of those that are there, or a new one. */
export function stepOnce(): void {
  fault.value = undefined;
  playing.value = false;
  if (cursor.value === undefined) void advance();
  else cursor.value = cursor.value + 1 >= last.value ? undefined : cursor.value + 1;
}

/** Shows a snapshot, and stops there. */
export function scrubTo(index: number): void {
  const within = Math.max(0, Math.min(last.value, Math.round(index)));
  batch(() => {
    fault.value = undefined;
    playing.value = false;
    cursor.value = within >= last.value ? undefined : within;
  });
}

const fetchVector = inquiry(
  async ({ which, index, theta }: { which: Which; index: number; theta: Float64Array }, own) => {
    const vector = await workers[which].eigenvector(theta, index);
    const now = pointed.value;
    if (own === run && now?.which === which && now.index === index) pointed.value = { which, index, vector };
  },
);

/** Points at an eigenvalue of what is shown. */
export function pointAt(target: { readonly which: Which; readonly index: number } | undefined): void {
  const now = pointed.value;
  if (now?.which === target?.which && now?.index === target?.index) return;
  pointed.value = target;
  const pair = shownPair.value;
  if (target !== undefined && pair !== undefined) fetchVector({ ...target, theta: pair[target.which].theta });
}
