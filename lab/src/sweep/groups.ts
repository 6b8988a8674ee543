import type { RunConfig } from "../experiment/config.js";
import { type MethodConfig, type MethodName, methods, settingsOf } from "../experiment/methods.js";
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
  readonly groups: readonly Group[];
}

/** A sweep's cells in order: problems, and in each its groups. */
export function problemsOf({ data, cells }: Manifest): Problem[] {
  const problems = new Map<string, { first: number; groups: Map<string, number[]> }>();
  cells.forEach(({ data, config: { network, training, method } }, index) => {
    const problemKey = JSON.stringify([data, network, training]);
    const problem = problems.get(problemKey) ?? { first: index, groups: new Map<string, number[]>() };
    problems.set(problemKey, problem);
    const groupKey = JSON.stringify(method);
    problem.groups.set(groupKey, [...(problem.groups.get(groupKey) ?? []), index]);
  });

  const settings = [...problems.values()].map(({ first }) => {
    const { data: position, config } = cells[first];
    const { name: _, path: __, label: ___, ...parameters } = data[position].source;
    return { data: dataLabel(data, position), ...parameters, ...config.network, ...config.training };
  });
  return [...problems.values()].map(({ first, groups }, i) => {
    const { data: position, config } = cells[first];
    const members = [...groups.values()].map((indices) => ({
      method: cells[indices[0]].config.method as MethodConfig,
      indices,
    }));
    const all = members.map(({ method }) => method);
    return {
      label: differing(settings[i], settings).join(", "),
      data: data[position],
      network: config.network,
      training: config.training,
      groups: members.map(({ method, indices }) => ({
        id: methodId(method, all),
        label: methodLabel(method, all),
        family: method.name,
        method,
        cells: indices,
      })),
    };
  });
}

/** `HSR 0.1`, and whatever else differs among the members of its family: `HSR 0.1, learning rate 0.3`. */
function methodLabel(method: MethodConfig, all: readonly MethodConfig[]): string {
  const { label, shown } = methods[method.name];
  const head = shown === undefined ? label : `${label} ${method[shown]}`;
  return [head, ...differing(others(method), family(method, all).map(others))].join(", ");
}

/** The same for files and code: `hsr-0.1`. */
function methodId(method: MethodConfig, all: readonly MethodConfig[]): string {
  const { shown } = methods[method.name];
  const head = shown === undefined ? method.name : `${method.name}-${method[shown]}`;
  return [head, ...differing(others(method), family(method, all).map(others))]
    .join("-")
    .replace(/[^\w.-]+/g, "-");
}

function family({ name }: MethodConfig, all: readonly MethodConfig[]): MethodConfig[] {
  return all.filter((other) => other.name === name);
}

/** The hyperparameters that a label does not always show. */
function others(method: MethodConfig): Record<string, unknown> {
  const { shown } = methods[method.name];
  return Object.fromEntries(Object.entries(settingsOf(method)).filter(([name]) => name !== shown));
}

/** The settings that are not the same in all, in words: `hidden 8`. */
function differing(
  mine: Readonly<Record<string, unknown>>,
  all: readonly Readonly<Record<string, unknown>>[],
): string[] {
  return Object.entries(mine)
    .filter(([key, value]) => all.some((other) => other[key] !== value))
    .map(([key, value]) => (typeof value === "string" ? value : `${inWords(key)} ${value}`));
}

/** `learningRate` → `learning rate`. */
export function inWords(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** A data set's name, and its label column where another cell uses the same data with a different one. */
function dataLabel(all: readonly ManifestData[], position: number): string {
  const { name, label } = all[position];
  return all.some((other) => other.name === name && other.label !== label) ? `${name} by ${label}` : name;
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
