import { readdirSync, readFileSync } from "node:fs";
import type { House, Source } from "./rules.js";

/** The engine. `errors` and what it stands on are the ground, and everything may stand on them. */
export const engine: House = {
  floors: {
    "flatward-error.ts": -2,
    "meant.ts": -2,
    "typed-arrays.ts": -2,
    "errors.ts": -1,
    "options.ts": 0,
    "random.ts": 0,
    tensor: 0,
    linalg: 1,
    autodiff: 1,
    optim: 1,
    bounds: 2,
    nn: 2,
    hessian: 3,
    hsr: 4,
    landscape: 4,
    regularizers: 5,
    threads: 5,
    testing: 6,
    "index.ts": 7,
  },
  packages: {
    ndarray: [/^tensor\/ndarray\.ts$/],
    "fast-check": [/^testing\//],
  },
};

/** The laboratory. No study knows another: there is one list of them. */
export const laboratory: House = {
  floors: {
    "errors.ts": -1,
    "pipe.ts": -1,
    "printable.ts": -1,
    "backend.ts": 0,
    "files.ts": 0,
    "schema.ts": 0,
    "serialize.ts": 0,
    "shell.ts": 0,
    "sizes.ts": 0,
    data: 1,
    experiment: 2,
    sweep: 3,
    cluster: 4,
    report: 4,
    terminal: 5,
    "studies/study.ts": 6,
    "studies/*": 7,
    "studies/index.ts": 8,
    cli: 9,
  },
};

/** The page. What it takes of the laboratory knows no Node, and is small. */
export const playground: House = {
  floors: {
    settings: 0,
    engine: 1,
    worker: 2,
    text: 2,
    state: 3,
    panels: 4,
    controls: 4,
    "app.tsx": 5,
    "main.tsx": 6,
  },
  outside: [
    /^style\.css$/,
    /^\.\.\/\.\.\/lab\/data\/\w+\.csv\?raw$/,
    /^\.\.\/\.\.\/lab\/src\/data\//,
    /^\.\.\/\.\.\/lab\/src\/experiment\/(prepare|measures\/evaluation)\.ts$/,
    /^\.\.\/\.\.\/lab\/src\/(report\/format|studies\/slice\/page\/ramp)\.ts$/,
  ],
};

/** Every source file below a folder. */
export function sourcesIn(folder: string): Source[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => /(?<!\.d)\.tsx?$/.test(path))
    .map((path) => ({ path, text: readFileSync(`${folder}/${path}`, "utf8") }));
}
