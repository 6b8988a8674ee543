import { escapeHtml } from "./escape.js";

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
