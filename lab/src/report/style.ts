/** The colours that page and figures share, light and dark. */
export const colorScheme = `
:root { --paper: #ffffff; --ink: #1d2329; --soft: #5c6670; --rule: #b9c1c9; --grid: #e6eaee; --accent: #1848a8; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #14181c; --ink: #e4e9ee; --soft: #9aa6b2; --rule: #56616c; --grid: #2a3138; --accent: #7ebbe8; }
}
`;

/** The report's style sheet: wide and narrow, screen and paper. */
export const style = `${colorScheme}
:root { --warning: #b23c14; --shade: rgba(0, 0, 0, .28); color-scheme: light dark; }
@media (prefers-color-scheme: dark) { :root { --warning: #ff9a76; --shade: rgba(0, 0, 0, .8); } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, "Segoe UI", Helvetica, Arial, sans-serif; }
main { overflow-wrap: anywhere; max-width: 72rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
.kicker { margin: 0; color: var(--accent); font-weight: 600; letter-spacing: .04em; }
h1 { margin: .2rem 0 .8rem; font-size: 1.9rem; line-height: 1.2; text-wrap: balance; }
h2 { margin: 2.6rem 0 .8rem; font-size: 1.25rem; }
h3 { margin: 1.8rem 0 .6rem; font-size: 1.02rem; }
p { max-width: 52rem; }
.finding { font-size: 1.12rem; border-left: 3px solid var(--accent); padding-left: 1rem; margin: 0 0 .6rem; }
sub { font-size: .72em; line-height: 0; }
table { overflow-wrap: normal; border-collapse: separate; border-spacing: 0; min-width: 100%; font-size: .92rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: 0 0 .35rem; }
caption span { position: sticky; left: 0; display: inline-block; }
thead th, thead td { border-bottom: 1.5px solid var(--ink); }
thead th { text-align: right; font-weight: 600; white-space: nowrap; vertical-align: bottom; }
th, td { padding: .38rem .7rem; }
td { text-align: right; white-space: nowrap; }
tbody td, tbody th { border-bottom: 1px solid var(--grid); }
thead th:first-child, tbody th { text-align: left; white-space: nowrap; }
tbody th { font-weight: 500; }
th:first-child { position: sticky; left: 0; background: var(--paper); z-index: 1; padding-left: 0; max-width: 20rem; overflow: hidden; text-overflow: ellipsis; }
.text, thead th.text { text-align: left; white-space: normal; }
td.text { min-width: 9rem; }
/* Shadows at the sides where there is more; the covers move with the table, over them. */
.scroll {
  overflow-x: auto; margin: 1.6rem 0 .6rem; padding-bottom: .2rem;
  background:
    linear-gradient(to right, var(--paper) 40%, transparent) left / 3rem 100% local,
    linear-gradient(to left, var(--paper) 40%, transparent) right / 3rem 100% local,
    radial-gradient(farthest-side at 0 50%, var(--shade), transparent) left / .9rem 100% scroll,
    radial-gradient(farthest-side at 100% 50%, var(--shade), transparent) right / .9rem 100% scroll;
  background-repeat: no-repeat;
}
.scroll:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.swatch { print-color-adjust: exact; display: inline-block; width: .7rem; height: .7rem; border-radius: 50%; margin-right: .55rem; }
.warning { color: var(--warning); font-size: .85em; }
.note, figcaption { color: var(--soft); font-size: .9rem; }
.note b { color: var(--ink); font-weight: 500; }
figure { margin: 1.6rem 0 0; }
.picture > svg { display: block; max-width: 100%; height: auto; }
.picture.narrow { display: none; }
figcaption { margin-top: .4rem; max-width: 52rem; }
pre { background: var(--grid); padding: .7rem 1rem; border-radius: 4px; font-size: .88rem; white-space: pre-wrap; overflow-wrap: anywhere; }
a { color: var(--accent); }
summary { cursor: pointer; }
details.more { border-top: 1px solid var(--grid); padding: .1rem 0; }
/* The summary has said it. */
summary + .scroll > table > caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
details.more > summary { font-weight: 600; padding: .6rem 0; }
details.more details.more { margin-left: 1rem; }
details.more[open] { padding-bottom: 1.2rem; }
details.cells { display: inline; }
details.cells > summary { display: inline; text-decoration: underline dotted; }
details.cells p { line-height: 1.8; word-spacing: .25rem; }
.folded { margin-top: 2.4rem; border-bottom: 1px solid var(--grid); }
dl { display: grid; grid-template-columns: minmax(0, max-content) minmax(0, 1fr); gap: .3rem 1.4rem; font-size: .92rem; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 40rem) {
  main { padding-top: 1.2rem; }
  h1 { font-size: 1.45rem; }
  dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
  dd { margin-bottom: .7rem; }
  th:first-child { min-width: 8.5rem; max-width: 9.5rem; white-space: normal; }
  .picture.wide { display: none; }
  .picture.narrow { display: block; }
}
@page { size: A4; margin: 14mm; }
@media print {
  :root { --paper: #ffffff; --ink: #1d2329; --soft: #5c6670; --rule: #b9c1c9; --grid: #e6eaee; --accent: #1848a8; --warning: #b23c14; }
  body { font-size: 10pt; }
  main { padding: 0; max-width: none; }
  .scroll { overflow: visible; background: none; }
  .picture.wide { display: block; }
  .picture.narrow { display: none; }
  table { font-size: 7.5pt; width: 100%; min-width: 0; }
  th, td, thead th, tbody th, thead th:first-child { padding: 2pt 3pt; white-space: normal; overflow-wrap: anywhere; }
  thead th { overflow-wrap: normal; }
  th:first-child { position: static; background: none; overflow: visible; }
  summary { break-after: avoid; }
  td.text { min-width: 0; }
  figure, tr { break-inside: avoid; }
  thead { display: table-header-group; }
  details.more::details-content { content-visibility: visible; display: block; block-size: auto; opacity: 1; }
  details.cells, details.bulk { display: none; }
}
`;
