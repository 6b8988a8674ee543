import { computed, signal } from "@preact/signals";
import type { Snapshot } from "../engine/api.js";
import type { ProblemFacts } from "../engine/problem.js";
import type { GivenFile } from "../engine/samples.js";
import { methodTitle } from "../settings/methods.js";
import { defaults, type Settings } from "../settings/settings.js";
import type { Landscape } from "./landscape.js";

/** Both methods: gradient descent first. */
export type Pair<Value> = readonly [Value, Value];
export type Which = 0 | 1;
export const both = [0, 1] as const;

export const settings = signal<Settings>(defaults);
/** A CSV file of the reader's. */
export const file = signal<GivenFile | undefined>(undefined);

/** What is trained on; none while it is made. */
export const problem = signal<ProblemFacts | undefined>(undefined);
/** All snapshots so far, as many of both methods. */
export const snapshots = signal<Pair<readonly Snapshot[]>>([[], []]);
export const playing = signal(false);
/** The snapshot that is shown; the newest where it is none. */
export const cursor = signal<number | undefined>(undefined);
/** Class probabilities on the grid, at the snapshots that are shown. */
export const regions = signal<Pair<Float32Array | undefined>>([undefined, undefined]);
export const landscape = signal<Landscape | undefined>(undefined);
/** A sentence on what went wrong. */
export const fault = signal<string | undefined>(undefined);

/** An eigenvalue that is pointed at, and its eigenvector once it is there. */
export interface Pointed {
  readonly which: Which;
  readonly index: number;
  readonly vector?: Float64Array;
}
export const pointed = signal<Pointed | undefined>(undefined);

/** Steps from one snapshot to the next. */
export const stride = computed(() => Math.max(1, Math.round(settings.value.steps / 300)));
export const last = computed(() => snapshots.value[0].length - 1);
export const shown = computed(() => Math.min(cursor.value ?? last.value, last.value));
export const shownPair = computed((): Pair<Snapshot> | undefined => {
  const [plain, other] = snapshots.value;
  return shown.value < 0 ? undefined : [plain[shown.value], other[shown.value]];
});
export const finished = computed(() => (snapshots.value[0].at(-1)?.step ?? 0) >= settings.value.steps);
export const titles = computed((): Pair<string> => ["Gradient descent", methodTitle(settings.value)]);
