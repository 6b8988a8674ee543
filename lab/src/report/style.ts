/** The colours that page and figures share, light and dark. */
export const colorScheme = `
:root { --paper: #ffffff; --ink: #1d2329; --soft: #5c6670; --rule: #b9c1c9; --grid: #e6eaee; --accent: #1848a8; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #14181c; --ink: #e4e9ee; --soft: #9aa6b2; --rule: #56616c; --grid: #2a3138; --accent: #7ebbe8; }
}
`;

/** The report's style sheet: wide and narrow, screen and paper. */
export const style = `${colorScheme}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, "Segoe UI", Helvetica, Arial, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
.kicker { margin: 0; color: var(--accent); font-weight: 600; letter-spacing: .04em; }
h1 { margin: .2rem 0 .8rem; font-size: 1.9rem; line-height: 1.2; text-wrap: balance; }
h2 { margin: 2.6rem 0 .8rem; font-size: 1.25rem; }
.finding { font-size: 1.12rem; max-width: 46rem; border-left: 3px solid var(--accent); padding-left: 1rem; margin: 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; font-variant-numeric: tabular-nums; margin: 0 0 1.2rem; }
thead th { border-bottom: 1.5px solid var(--ink); text-align: right; font-weight: 600; white-space: nowrap; }
th, td { padding: .38rem .7rem; }
td { text-align: right; white-space: nowrap; border-bottom: 1px solid var(--grid); }
thead th:first-child, tbody th { text-align: left; white-space: nowrap; font-weight: 500; }
tbody th { border-bottom: 1px solid var(--grid); }
.swatch { display: inline-block; width: .7rem; height: .7rem; border-radius: 50%; margin-right: .55rem; }
.warning { color: #c4461d; font-size: .85em; }
.note, figcaption { color: var(--soft); font-size: .9rem; }
.note b { color: var(--ink); font-weight: 500; }
figure { margin: 2.4rem 0 0; }
.scroll > svg { display: block; width: 100%; min-width: 34rem; max-width: 56rem; height: auto; }
h3 { margin: 1.8rem 0 .6rem; font-size: 1.02rem; }
.text { text-align: left; white-space: normal; }
pre { background: var(--grid); padding: .7rem 1rem; border-radius: 4px; overflow-x: auto; font-size: .88rem; }
a { color: var(--accent); }
details > summary { cursor: pointer; color: var(--soft); font-size: .9rem; }
details.cells { display: inline; }
details.cells p { line-height: 1.8; word-spacing: .25rem; }
figcaption { margin-top: .5rem; max-width: 46rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.4rem; font-size: .92rem; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 40rem) { h1 { font-size: 1.45rem; } dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .7rem; } }
@media print { main { padding: 0; max-width: none; } figure, table { break-inside: avoid; } }
`;
