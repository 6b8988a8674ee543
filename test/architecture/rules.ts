import { codeOnly, importsOf } from "./source.js";

/** A source file: its path from the root of the sources, with forward slashes, and its text. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** What stands on what. */
export interface House {
  /**
   * Floors of its rooms, from the ground up. A room is a folder, or a file, by its path; one within another is named
   * too, and `studies/*` makes a room of every folder there.
   */
  readonly floors: Readonly<Record<string, number>>;
  /** The files that may import a package; every file may import every package where this is absent. */
  readonly packages?: Readonly<Record<string, readonly RegExp[]>>;
  /** What may be imported beside its sources and packages, by path from their root. */
  readonly outside?: readonly RegExp[];
}

/** What would tie the engine to a platform, or its results to the clock or to the engine's own libm; and where it may be. */
const forbidden: readonly (readonly [what: string, pattern: RegExp, door?: RegExp])[] = [
  ["Math.random", /\bMath\s*\.\s*random\b/],
  ["Math.pow", /\bMath\s*\.\s*pow\b/],
  ["the operator **", /\*\*/],
  ["Date", /\bDate\b/],
  ["performance", /\bperformance\b/],
  ["process", /(?<![.\w])process\s*[.[]/, /^threads\/platform\.ts$/],
  ["globalThis", /\bglobalThis\b/],
  ["new Function", /\bnew\s+Function\b|\beval\s*\(/],
];

/** The innermost room that a file is in, and its floor; nothing where it is in none. */
function roomOf(path: string, { floors }: House): { room: string; floor: number } | undefined {
  for (let room = path; room !== ""; room = room.slice(0, Math.max(0, room.lastIndexOf("/")))) {
    const floor = floors[room] ?? (room === path ? undefined : floors[room.replace(/[^/]+$/, "*")]);
    if (floor !== undefined) return { room, floor };
  }
  return undefined;
}

/** The file that a relative specifier means: of TypeScript, unless `known` has it with JSX. */
function resolveImport(from: string, specifier: string, known?: ReadonlySet<string>): string {
  const parts = from.split("/").slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === ".." && parts.length > 0 && parts[parts.length - 1] !== "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  const path = parts.join("/").replace(/\.js(\?.*)?$/, ".ts");
  return known?.has(`${path}x`) ? `${path}x` : path;
}

/** Every import that goes up, sideways, out of the sources, or to a package that the file may not know. */
export function importViolations(sources: readonly Source[], house: House): string[] {
  const known = new Set(sources.map(({ path }) => path));
  const { packages } = house;
  return sources.flatMap(({ path, text }) => {
    const own = roomOf(path, house);
    if (own === undefined) return [`${path} stands on no floor`];
    return importsOf(text).flatMap((specifier) => {
      if (!specifier.startsWith(".")) {
        const allowed = packages === undefined || packages[specifier]?.some((pattern) => pattern.test(path));
        return allowed ? [] : [`${path} imports the package ${specifier}`];
      }
      const target = resolveImport(path, specifier, known);
      if (house.outside?.some((pattern) => pattern.test(target))) return [];
      if (!known.has(target)) return [`${path} imports ${specifier}, which is no source file`];
      const other = roomOf(target, house);
      if (other === undefined || other.room === own.room || other.floor < own.floor) return [];
      return [`${path} (floor ${own.floor}) imports ${target} (floor ${other.floor})`];
    });
  });
}

/** The files that a file imports, and those that they import, and so on. */
export function reachable(sources: readonly Source[], from: string): string[] {
  const texts = new Map(sources.map(({ path, text }) => [path, text]));
  const found = new Set([from]);
  for (const path of found) {
    const text = texts.get(path);
    if (text === undefined) throw new Error(`${path} is no source file`);
    for (const specifier of importsOf(text))
      if (specifier.startsWith(".")) found.add(resolveImport(path, specifier));
  }
  return [...found];
}

/** Every cycle of imports that a search in depth meets, type imports included, as `a → b → a`. */
export function importCycles(sources: readonly Source[]): string[] {
  const known = new Set(sources.map(({ path }) => path));
  const targets = new Map(
    sources.map(({ path, text }) => [
      path,
      importsOf(text)
        .filter((specifier) => specifier.startsWith("."))
        .map((specifier) => resolveImport(path, specifier, known)),
    ]),
  );
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const seen = trail.indexOf(path);
    if (seen >= 0) {
      cycles.push([...trail.slice(seen), path].join(" → "));
      return;
    }
    if (done.has(path)) return;
    for (const target of targets.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const path of targets.keys()) visit(path, []);
  return cycles;
}

/** Every use of what the engine must do without. */
export function platformViolations(sources: readonly Source[]): string[] {
  return sources.flatMap(({ path, text }) => {
    const code = codeOnly(text);
    return forbidden
      .filter(([, pattern, door]) => pattern.test(code) && !door?.test(path))
      .map(([what]) => `${path} uses ${what}`);
  });
}

/** Every import of the laboratory that reaches into the engine other than through its public entry points. */
export function laboratoryViolations(sources: readonly Source[], entryPoints: readonly string[]): string[] {
  return sources.flatMap(({ path, text }) =>
    importsOf(text).flatMap((specifier) => {
      if (specifier.startsWith(".")) {
        return resolveImport(path, specifier).startsWith("..") ? [`${path} reaches out to ${specifier}`] : [];
      }
      if (specifier !== "flatward" && !specifier.startsWith("flatward/")) return [];
      return entryPoints.includes(specifier) ? [] : [`${path} imports ${specifier}, which is no entry point`];
    }),
  );
}
