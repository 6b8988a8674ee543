// npm run bench:draw: the picture and the table of measured.json, into docs/images/peers.svg and docs/reference/performance.md.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { picture } from "./picture.js";
import { type PeerResult, type Results, type Row, savedResults } from "./results.js";
import { shapes, works } from "./works.js";

const results = savedResults();
if (!results) throw new Error("nothing has been measured: npm run bench:peers -- --save");
const docs = (path: string) => fileURLToPath(new URL(`../../../docs/${path}`, import.meta.url));
const rows = works.flatMap(({ name, shapes }) =>
  shapes.flatMap((shape) => results.rows.filter((row) => row.work === name && row.shape === shape)),
);
writeFileSync(docs("images/peers.svg"), picture(rows));
const page = readFileSync(docs("reference/performance.md"), "utf8");
writeFileSync(
  docs("reference/performance.md"),
  page.replace(/(?<=<!-- peers -->\n).*(?=<!-- \/peers -->)/s, () => section(results)),
);

function section({ machine, versions }: Results): string {
  const peers = Object.keys(versions).filter((name) => name !== "flatward");
  const loads = rows.flatMap(({ load }) => load);
  const clock = new Set(rows.map((row) => (row.clock === "seconds" ? "time" : "CPU time")));
  const dates = rows.map(({ date }) => date.slice(0, 10)).sort();
  const period = [...new Set([dates[0], dates.at(-1)])].join(" to ");
  return [
    "![Times of PyTorch, numpy, SciPy, ml-matrix and jax-js over flatward's](../images/peers.svg)\n\n",
    `Medians of ${[...clock].join(" and ")} in ms, and in brackets the peer's over flatward's, round by round: above 1, flatward is ahead. `,
    `${machine}, one thread each, load ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}, ${period}; `,
    `${Object.values(versions).join(", ")}.\n\n`,
    `| | n | flatward | ${peers.join(" | ")} |\n`,
    `|---|---|---|${peers.map(() => "---|").join("")}\n`,
    ...rows.map((row) => line(row, peers)),
    "\n",
  ].join("");
}

function line({ work, shape, results }: Row, peers: readonly string[]): string {
  const cell = (name: string) => {
    const found = results.find(({ peer }) => peer === name);
    return found ? `${milliseconds(found)} (${times(found)})${noteOf(found)}` : "–";
  };
  const own = results.find(({ peer }) => peer === "flatward")!;
  const cells = [`${work}, ${shape}`, size(shape), `${milliseconds(own)}${noteOf(own)}`, ...peers.map(cell)];
  return `| ${cells.join(" | ")} |\n`;
}

function size(shape: string): string {
  const found = shapes[shape];
  return found ? `${found.hidden * (found.inputs + 1) + found.outputs * (found.hidden + 1)}` : "";
}

function digits(value: number): string {
  const text = value.toPrecision(2);
  return text.includes("e") ? `${Math.round(value)}` : text;
}

function milliseconds({ seconds }: PeerResult): string {
  return digits(seconds[1] * 1000);
}

function times({ ratio }: PeerResult): string {
  return digits(ratio[1]);
}

function noteOf({ note }: PeerResult): string {
  return note && `, ${note}`;
}
