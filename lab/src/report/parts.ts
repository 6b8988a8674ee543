import { html, type SafeHtml } from "@remix-run/html-template";
import type { Figure } from "./figure.js";
import { mathText } from "./math-text.js";
import { style } from "./style.js";

/** A page that needs nothing else. */
export interface Page {
  /** Of the window. */
  readonly title: string;
  /** Above the heading, after the program's name. */
  readonly kicker: string;
  readonly heading: string;
  /** Below the heading. */
  readonly lead: SafeHtml;
  readonly body: SafeHtml;
  /** Rules beside those of every page. */
  readonly style?: string;
  /** At the end. */
  readonly script?: SafeHtml;
}

export function pageOf({ title, kicker, heading, lead, body, style: own = "", script }: Page): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>flatward: ${title}</title>
<style>${html.raw`${style}${own}`}</style>
</head>
<body>
<main>
<header>
<p class="kicker">flatward · ${kicker}</p>
<h1>${heading}</h1>
${lead}
</header>
${body}
</main>
${script}
</body>
</html>
`;
  return String(page);
}

/** Pieces of a page, on a line each; what is undefined is left out. */
export function lines(pieces: readonly (SafeHtml | undefined)[]): SafeHtml {
  return spaced(pieces, "\n");
}

/** The same in one line. */
export function inLine(pieces: readonly SafeHtml[]): SafeHtml {
  return spaced(pieces, " ");
}

function spaced(pieces: readonly (SafeHtml | undefined)[], space: string): SafeHtml {
  const present = pieces.filter((piece) => piece !== undefined);
  return html`${present.flatMap((piece, i) => (i === 0 ? [piece] : [space, piece]))}`;
}

/** What a page shows, in a sentence or two. */
export function findingBlock(sentences: readonly string[]): SafeHtml | undefined {
  return sentences.length === 0
    ? undefined
    : lines(sentences.map((text) => html`<p class="finding">${mathText(text)}</p>`));
}

/** A section of its own heading. */
export function section(heading: string, content: SafeHtml): SafeHtml {
  return html`<section>
<h2>${heading}</h2>
${content}
</section>`;
}

/** What is there for those who want it: behind its heading, and open in print. */
export function folded(heading: string, content: SafeHtml): SafeHtml {
  return html`<details class="more"><summary>${mathText(heading)}</summary>
${content}
</details>`;
}

/** A name and its description. */
export type Fact = readonly [name: string, value: string];

/** A picture with its caption; another drawing of it on narrow screens. @param more at the end of the caption */
export function figureBlock({ name, svg, narrow, caption }: Figure, more?: SafeHtml): SafeHtml {
  const drawing = (drawn: string, kind: string) =>
    html`<div class="picture${kind}">${html.raw`${drawn}`}</div>`;
  const drawings =
    narrow === undefined ? drawing(svg, "") : html`${drawing(svg, " wide")}${drawing(narrow, " narrow")}`;
  return html`<figure id="${name}">${drawings}<figcaption>${mathText(caption)}${more ? html` ${more}` : undefined}</figcaption></figure>`;
}

export function definitions(facts: readonly Fact[]): SafeHtml {
  return html`<dl>${lines(facts.map(([name, value]) => html`<dt>${mathText(name)}</dt><dd>${mathText(value)}</dd>`))}</dl>`;
}
