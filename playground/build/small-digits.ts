import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

/** Pictures that are taken: the first ones. */
const PICTURES = 200;
const SIDE = 8;

/**
 * Digits of 8×8 pixels as CSV, the first of them shrunk to 4×4: every pixel is the sum of four, and is written as one
 * character, 0 as "0" and 64 as "p". A line is a picture, and the digit that it shows.
 */
export function smallDigits(csv: string): string {
  const [, ...rows] = csv.trim().split("\n");
  const half = SIDE / 2;
  return rows
    .slice(0, PICTURES)
    .map((row) => {
      const cells = row.split(",");
      const sums = new Array<number>(half * half).fill(0);
      for (let i = 0; i < SIDE * SIDE; i++) sums[half * (i >> 4) + ((i % SIDE) >> 1)] += Number(cells[i]);
      return String.fromCharCode(...sums.map((sum) => "0".charCodeAt(0) + sum)) + cells[SIDE * SIDE];
    })
    .join("\n");
}

const NAME = "virtual:small-digits";

/** The module of that name, made of the laboratory's digits. */
export function smallDigitsModule(): Plugin {
  return {
    name: "small-digits",
    resolveId: (id) => (id === NAME ? `\0${NAME}` : undefined),
    load(id) {
      if (id !== `\0${NAME}`) return undefined;
      const csv = readFileSync(fileURLToPath(new URL("../../lab/data/digits.csv", import.meta.url)), "utf8");
      return `export default ${JSON.stringify(smallDigits(csv))};`;
    },
  };
}
