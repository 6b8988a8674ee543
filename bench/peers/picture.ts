import type { Row } from "./results.js";

const LEFT = 212;
const RIGHT = 30;
const TOP = 64;
const WIDTH = 782;
const LINE = 19;
const DECADES = [0.01, 0.1, 1, 10, 100];

/** Hues that stay apart for colour-blind readers (Okabe & Ito 2008), on white and on black. */
const colors: Readonly<Record<string, string>> = {
  torch: "#d55e00",
  numpy: "#009e73",
  scipy: "#cc79a7",
  "ml-matrix": "#8a8a8a",
  "jax-js": "#e69f00",
};

const style = `
:root { --paper: #ffffff; --ink: #1d2329; --rule: #b9c1c9; --grid: #e6eaee; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181c; --ink: #e4e9ee; --rule: #56616c; --grid: #2a3138; } }
text { fill: var(--ink); font: 12px system-ui, sans-serif; }
`;

/** How many times flatward's time each peer takes: a dot for the median, a line from quartile to quartile. */
export function picture(rows: readonly Row[]): string {
  const height = TOP + rows.length * LINE + 40;
  const x = (ratio: number) => {
    const share = (Math.log10(ratio) + 2) / 4;
    return LEFT + Math.max(0, Math.min(1, share)) * (WIDTH - LEFT - RIGHT);
  };
  const number = (value: number) => value.toFixed(1);
  const bottom = TOP + rows.length * LINE;
  const grid = DECADES.map(
    (ratio) =>
      `<line x1="${number(x(ratio))}" x2="${number(x(ratio))}" y1="${TOP - 8}" y2="${bottom}" stroke="var(--${ratio === 1 ? "ink" : "rule"})"/>` +
      `<text x="${number(x(ratio))}" y="${bottom + 16}" text-anchor="middle">${ratio}</text>`,
  );
  const dots = rows.map(({ work, shape, results }, i) => {
    const y = TOP + (i + 0.5) * LINE;
    const marks = results
      .filter(({ peer }) => peer in colors)
      .map(({ peer, ratio: [lower, median, upper] }) =>
        [
          `<line x1="${number(x(lower))}" x2="${number(x(upper))}" y1="${y}" y2="${y}" stroke="${colors[peer]}" stroke-width="2"/>`,
          `<circle cx="${number(x(median))}" cy="${y}" r="4.5" fill="${colors[peer]}"><title>${peer}: ${median.toPrecision(2)}</title></circle>`,
        ].join(""),
      );
    return [
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y}" y2="${y}" stroke="var(--grid)"/>`,
      `<text x="${LEFT - 10}" y="${y + 4}" text-anchor="end">${work}, ${shape}</text>`,
      ...marks,
    ].join("");
  });
  const present = Object.keys(colors).filter((name) =>
    rows.some(({ results }) => results.some(({ peer }) => peer === name)),
  );
  const legend = present.map(
    (name, i) =>
      `<circle cx="${LEFT + i * 100}" cy="36" r="4.5" fill="${colors[name]}"/><text x="${LEFT + 9 + i * 100}" y="40">${name}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}"><style>${style}</style>`,
    '<rect width="100%" height="100%" fill="var(--paper)"/>',
    `<text x="${LEFT}" y="16">time over flatward’s: right of 1, flatward is ahead</text>`,
    ...legend,
    ...grid,
    ...dots,
    "</svg>\n",
  ].join("\n");
}
