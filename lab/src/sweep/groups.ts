import type { RunConfig } from "../experiment/config.js";
import { type MethodConfig, type MethodName, methods, settingsOf } from "../experiment/methods.js";
import { networkSettings } from "../experiment/network/text.js";
import { shownPath } from "../printable.js";
import type { Manifest, ManifestData } from "./manifest.js";

/** Cells that differ in nothing but their seed. */
export interface Group {
  readonly id: string;
  /** What tells it from the other groups of its problem. */
  readonly label: string;
  /** Methods of one family share a hue. */
  readonly family: MethodName;
  readonly method: MethodConfig;
  /** Positions of its cells in the manifest. */
  readonly cells: readonly number[];
}

/** Groups that differ in nothing but their method; the first of them is the baseline. */
export interface Problem {
  /** What tells it from the other problems of the sweep; empty when it is the only one. */
  readonly label: string;
  readonly data: ManifestData;
  readonly network: RunConfig["network"];
  readonly training: RunConfig["training"];
  /** By id, what is measured of its network. */
  readonly measures: readonly string[];
  readonly groups: readonly Group[];
}

/** A sweep's cells in order: problems, and in each its groups. */
export function problemsOf({ data, cells }: Manifest): Problem[] {
  const problems = new Map<string, { first: number; groups: Map<string, number[]> }>();
  cells.forEach(({ data, config: { network, training, method } }, index) => {
    const problem = entry(problems, JSON.stringify([data, network, training]), () => ({
      first: index,
      groups: new Map<string, number[]>(),
    }));
    entry(problem.groups, JSON.stringify(method), () => []).push(index);
  });

  const names = dataNames(data);
  const settings = [...problems.values()].map(({ first }) => {
    const { data: position, config } = cells[first];
    const { name: _, path: __, label: ___, ...parameters } = data[position].source;
    return { data: names[position], ...parameters, ...networkSettings(config.network), ...config.training };
  });
  const telling = varyingKeys(settings);
  return [...problems.values()].map(({ first, groups }, i) => {
    const { data: position, config } = cells[first];
    const members = [...groups.values()];
    const chosen = members.map(([index]) => cells[index].config.method as MethodConfig);
    const label = methodLabels(chosen);
    return {
      label: inWords(settings[i], telling).join(", "),
      data: data[position],
      network: config.network,
      training: config.training,
      measures: config.measures,
      groups: members.map((indices, j) => ({
        ...label(chosen[j]),
        family: chosen[j].name,
        method: chosen[j],
        cells: indices,
      })),
    };
  });
}

/**
 * Names of methods, for readers (`HSR 0.1`) and for files (`hsr-0.1`), with whatever else differs among the members of
 * its family: `HSR 0.1, learning rate 0.3`.
 */
function methodLabels(all: readonly MethodConfig[]): (method: MethodConfig) => Pick<Group, "id" | "label"> {
  const families = new Map<MethodName, MethodConfig[]>();
  for (const method of all) entry(families, method.name, () => []).push(method);
  const telling = new Map([...families].map(([name, members]) => [name, tellingKeys(members)]));
  return (method) => {
    const { label, shown } = methods[method.name];
    const others = inWords(
      method,
      (telling.get(method.name) ?? []).filter((key) => key !== shown),
    );
    const named = (head: string, join: string) =>
      shown === undefined ? head : `${head}${join}${method[shown]}`;
    return {
      label: [named(label, " "), ...others].join(", "),
      id: [named(method.name, "-"), ...others].join("-").replace(/[^\w.-]+/g, "-"),
    };
  };
}

/** The settings that tell the members of a family apart, that some have none included; their steps, where nothing else does. */
function tellingKeys(members: readonly MethodConfig[]): string[] {
  const settings = members.map(settingsOf);
  const keys = new Set(settings.flatMap((one) => Object.keys(one)));
  const telling = [...keys].filter(
    (key) => new Set(settings.map((one) => JSON.stringify(one[key]))).size > 1,
  );
  const apart = new Set(settings.map((one) => JSON.stringify(one))).size === members.length;
  return apart ? telling : [...telling, "steps"];
}

/** The keys whose values are not the same in all that have them. */
function varyingKeys(all: readonly Readonly<Record<string, unknown>>[]): string[] {
  const keys = new Set(all.flatMap((one) => Object.keys(one)));
  const texts = (key: string) =>
    new Set(all.filter((one) => one[key] !== undefined).map((one) => JSON.stringify(one[key])));
  return [...keys].filter((key) => texts(key).size > 1);
}

/** Settings by their keys: `hidden 8`, and texts alone. */
function inWords(settings: Readonly<Record<string, unknown>>, keys: readonly string[]): string[] {
  return keys
    .filter((key) => settings[key] !== undefined)
    .map((key) =>
      typeof settings[key] === "string" ? settings[key] : `${spaced(key)} ${valueText(settings[key])}`,
    );
}

function valueText(value: unknown): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return String(value);
  return Object.entries(value)
    .map(([key, part]) => `${spaced(key)} ${part}`)
    .join(" ");
}

/** A method's hyperparameters, each in words: `learning rate 0.3`. */
export function settingsInWords(method: MethodConfig): string[] {
  return Object.entries(settingsOf(method)).map(([name, value]) => `${spaced(name)} ${value}`);
}

/** `learningRate` → `learning rate`. */
export function spaced(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** A data set's name; with its label column, or its path, where another has the same name. */
function dataNames(data: readonly ManifestData[]): string[] {
  const attempts: ((one: ManifestData) => string)[] = [
    ({ name }) => name,
    ({ name, label }) => `${name} by ${label}`,
    ({ name, source }) => source.path ?? name,
  ];
  const counts = attempts.map((attempt) => {
    const count = new Map<string, number>();
    for (const one of data) count.set(attempt(one), (count.get(attempt(one)) ?? 0) + 1);
    return count;
  });
  return data.map((one) => {
    const alone = attempts.find((attempt, i) => counts[i].get(attempt(one)) === 1);
    return shownPath((alone ?? attempts[0])(one));
  });
}

/** The entry of a map, made when there is none. */
function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}

/** A name for every cell of a manifest, by index: `hidden 8: HSR 0.1, seed 3`. */
export function cellNames(manifest: Manifest): string[] {
  const names: string[] = [];
  for (const { label, groups } of problemsOf(manifest))
    for (const group of groups)
      for (const index of group.cells) {
        const name = label === "" ? group.label : `${label}: ${group.label}`;
        names[index] = `${name}, seed ${manifest.cells[index].config.seed}`;
      }
  return names;
}
