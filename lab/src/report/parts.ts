import { escapeHtml } from "./escape.js";
import { style } from "./style.js";

/** A page that needs nothing else. */
export interface Page {
  /** Of the window. */
  readonly title: string;
  /** Above the heading, after the program's name. */
  readonly kicker: string;
  readonly heading: string;
  /** HTML, below the heading and below that. */
  readonly lead: string;
  readonly body: string;
  /** Rules beside those of every page. */
  readonly style?: string;
  /** HTML at the end. */
  readonly script?: string;
}

export function pageOf({ title, kicker, heading, lead, body, style: own = "", script = "" }: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>flatward: ${escapeHtml(title)}</title>
<style>${style}${own}</style>
</head>
<body>
<main>
<header>
<p class="kicker">flatward · ${escapeHtml(kicker)}</p>
<h1>${escapeHtml(heading)}</h1>
${lead}
</header>
${body}
</main>
${script}
</body>
</html>
`;
}

/** A section of its own heading. */
export function section(heading: string, content: string): string {
  return `<section>
<h2>${escapeHtml(heading)}</h2>
${content}
</section>`;
}

/** A name and what there is to say. */
export type Fact = readonly [name: string, value: string];

/** A picture with its caption, which is read aloud too. */
export function figureBlock({
  name,
  svg,
  caption,
}: {
  readonly name: string;
  readonly svg: string;
  readonly caption: string;
}): string {
  const text = escapeHtml(caption);
  return `<figure id="${name}"><div class="scroll" role="img" aria-label="${text}">${svg}</div><figcaption>${text}</figcaption></figure>`;
}

export function definitions(facts: readonly Fact[]): string {
  return `<dl>${facts.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`).join("\n")}</dl>`;
}
