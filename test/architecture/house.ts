// npm run house: import cycles, imports that do not lead down, and for every folder its files, their median and longest, in lines.
import { engine, laboratory, playground, sourcesIn } from "./houses.js";
import { type House, importCycles, importViolations, type Source } from "./rules.js";

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/"))) || ".";
}

function printed(name: string, folder: string, house: House): string {
  const sources = sourcesIn(folder);
  const cycles = importCycles(sources);
  const upward = importViolations(sources, house);
  const folders = [...new Set(sources.map(({ path }) => folderOf(path)))].sort();
  return [
    `${name}: ${sources.length} files, ${cycles.length} import cycles, ${upward.length} imports that do not lead down`,
    ...[...cycles, ...upward].map((line) => `  ${line}`),
    `${"folder".padEnd(28)}${"files".padStart(7)}${"median".padStart(8)}  longest`,
    ...folders.map((each) => row(each, sources)),
  ].join("\n");
}

function row(folder: string, sources: readonly Source[]): string {
  const files = sources
    .filter(({ path }) => folderOf(path) === folder)
    .map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }))
    .sort((a, b) => a.lines - b.lines);
  const median = files[files.length >> 1].lines;
  const longest = files[files.length - 1];
  return `${folder.padEnd(28)}${String(files.length).padStart(7)}${String(median).padStart(8)}  ${longest.lines} ${longest.path}`;
}

console.log(printed("engine", "src", engine));
console.log(`\n${printed("laboratory", "lab/src", laboratory)}`);
console.log(`\n${printed("playground", "playground/src", playground)}`);
