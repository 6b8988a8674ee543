import { html, type SafeHtml } from "@remix-run/html-template";

/** A symbol with a subscript as plain text has it: λ_max, λ_n−1, ‖H‖_F. */
const SUBSCRIPT = /(?<=[λ‖²])_([A-Za-z0-9]+(?:−\d+)?)/g;

/** Text with the subscripts of its symbols set as such. */
export function mathText(text: string): SafeHtml {
  // Every second piece is what a subscript says.
  return html`${text.split(SUBSCRIPT).map((piece, i) => (i % 2 === 1 ? html`<sub>${piece}</sub>` : piece))}`;
}

/** The same for attributes, which have no subscripts. */
export function spokenText(text: string): string {
  return text.replace(SUBSCRIPT, " $1");
}

/** By how much a subscript of a picture stands lower, pixels. */
const DROP = 3;

/** The texts of a picture with their subscripts set as such. */
export function withSubscripts(svg: string): string {
  return svg.replace(/(?<=<t(?:ext|span)[^>]*>)[^<]*_[^<]*(?=<\/t(?:ext|span)>)/g, (text) =>
    text
      .split(SUBSCRIPT)
      .map((piece, i) => {
        if (i % 2 === 1) return `<tspan dy="${DROP}" font-size="75%">${piece}</tspan>`;
        return i === 0 || piece === "" ? piece : `<tspan dy="${-DROP}">${piece}</tspan>`;
      })
      .join(""),
  );
}
