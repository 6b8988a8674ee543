import { type DataName, type DataSet, dataNames, dataSets } from "./data-sets.js";
import { type MethodName, methodNames, methods } from "./methods.js";

/** Everything that decides what is computed. */
export interface Settings {
  readonly data: DataName;
  readonly hidden: number;
  readonly method: MethodName;
  readonly strength: number;
  /** Share of the training labels that are made wrong. */
  readonly wrong: number;
  readonly steps: number;
  /** Of the split, the wrong labels and the starting point. */
  readonly seed: number;
}

/** Of every method, and the laboratory's own. */
export const LEARNING_RATE = 0.3;

export const hiddenChoices = [2, 4, 8, 16, 24, 32] as const;
export const wrongChoices = [0, 0.05, 0.1, 0.2, 0.3] as const;

export const defaults: Settings = {
  data: "moons",
  hidden: 16,
  method: "hsr",
  strength: 0.1,
  wrong: 0.1,
  steps: 3000,
  seed: 1,
};

/** The same with some of them changed; another method begins at its usual strength, other data with their number of steps. */
export function changed(settings: Settings, change: Partial<Settings>): Settings {
  const { method = settings.method, data = settings.data } = change;
  const strength = method === settings.method ? settings.strength : methods[method].usual;
  // A number of one's own stays.
  const steps = settings.steps === stepsFor(settings.data) ? stepsFor(data) : settings.steps;
  return { ...settings, strength, steps, ...change };
}

function stepsFor(data: DataName): number {
  const { steps = defaults.steps }: DataSet = dataSets[data];
  return steps;
}

const between = (low: number, high: number) => (value: number) => value >= low && value <= high;
const integer = (low: number, high: number) => (value: number) =>
  Number.isInteger(value) && value >= low && value <= high;

const numbers = {
  hidden: integer(1, 64),
  strength: between(0, 100),
  wrong: between(0, 0.9),
  steps: integer(10, 20_000),
  seed: integer(0, 2 ** 31),
} satisfies Partial<Record<keyof Settings, (value: number) => boolean>>;

/** Settings as the fragment of an address: `data=moons&hidden=16&…`. */
export function toFragment(settings: Settings, at?: number): string {
  const entries = Object.entries(settings).map(([key, value]) => [key, `${value}`]);
  return new URLSearchParams(at === undefined ? entries : [...entries, ["at", `${at}`]]).toString();
}

/** What a fragment says, and the defaults for what it does not say or says wrongly; `at` is the step that is shown. */
export function fromFragment(fragment: string): { readonly settings: Settings; readonly at?: number } {
  const given = new URLSearchParams(fragment.replace(/^#/, ""));
  const oneOf = <Name extends string>(key: string, names: readonly Name[]): Name | undefined =>
    names.find((name) => name === given.get(key));
  const data = oneOf("data", dataNames);
  const method = oneOf("method", methodNames);
  const settings = changed(defaults, {
    ...(data === undefined ? {} : { data }),
    ...(method === undefined ? {} : { method }),
    ...Object.fromEntries(
      Object.entries(numbers).flatMap(([key, allows]) => {
        const value = Number(given.get(key) || Number.NaN);
        return allows(value) ? [[key, value]] : [];
      }),
    ),
  });
  const at = Number(given.get("at") || Number.NaN);
  return integer(0, settings.steps)(at) ? { settings, at } : { settings };
}
