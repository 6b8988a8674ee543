/** `text` without comments and string contents; what is in the holes of templates stays. Offsets are kept. */
export function codeOnly(text: string): string {
  let out = "";
  const blank = (piece: string) => piece.replace(/[^\n]/g, " ");
  for (let at = 0; at < text.length; ) {
    const rest = text.slice(at, at + 2);
    const quote = text[at];
    if (rest === "//" || rest === "/*") {
      const close = rest === "//" ? text.indexOf("\n", at) : text.indexOf("*/", at + 2) + 2;
      const end = close < at + 2 ? text.length : close;
      out += blank(text.slice(at, end));
      at = end;
    } else if (quote === '"' || quote === "'" || quote === "`") {
      const end = endOfString(text, at);
      out += quote === "`" ? templateHoles(text.slice(at, end)) : blank(text.slice(at, end));
      at = end;
    } else {
      out += quote;
      at++;
    }
  }
  return out;
}

function endOfString(text: string, start: number): number {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === quote) return at + 1;
    else if (quote === "`" && text.startsWith("${", at)) at = endOfHole(text, at) - 1;
  }
  return text.length;
}

/** Behind the brace that closes the hole of a template. */
function endOfHole(text: string, start: number): number {
  let depth = 0;
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at];
    if (character === "{") depth++;
    else if (character === "}" && --depth === 0) return at + 1;
    else if (character === '"' || character === "'" || character === "`") at = endOfString(text, at) - 1;
  }
  return text.length;
}

function templateHoles(template: string): string {
  let out = "";
  for (let at = 0; at < template.length; ) {
    if (template.startsWith("${", at)) {
      const end = endOfHole(template, at);
      out += `  ${codeOnly(template.slice(at + 2, end - 1))} `;
      at = end;
    } else {
      out += template[at] === "\n" ? "\n" : " ";
      at++;
    }
  }
  return out;
}

/** The specifiers of every import and re-export of a module, types and dynamic imports included. */
export function importsOf(text: string): string[] {
  const code = codeOnly(text);
  const specifiers: string[] = [];
  // The keyword is looked for in code alone, where strings are blank; the specifier is read from the text.
  for (const { index } of code.matchAll(/\b(?:from|import)\b/g)) {
    const found = /^(?:from|import)\s*\(?\s*(["'])(.*?)\1/.exec(text.slice(index));
    if (found) specifiers.push(found[2]);
  }
  return specifiers;
}
