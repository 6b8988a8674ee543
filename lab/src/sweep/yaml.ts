import {
  type Document,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  type Pair,
  parseDocument,
  visit,
  type YAMLMap,
} from "yaml";
import { LabError } from "../errors.js";
import { printable, shownPath } from "../printable.js";

/** Of a text; one that people write has some thousand bytes. */
const MAX_CHARACTERS = 2 ** 18;
/** Lists and objects inside of each other. */
const MAX_DEPTH = 64;
const TOO_DEEP = `expected at most ${MAX_DEPTH} lists and objects inside of each other, got more`;
/** Each is looked for from the start of the text. */
const MAX_ALIASES = 100;

/** The content of a text, and where it stands. */
export interface ParsedYaml {
  readonly content: unknown;
  /** The line of a key, or of what should have it. */
  lineOf(key: readonly PropertyKey[]): number | undefined;
}

/**
 * Parses YAML, and JSON, which is YAML; in a time that the length of the text bounds.
 * @param path for messages
 * @throws LabError "usage"
 */
export function parseYaml(text: string, path: string): ParsedYaml {
  const fail = (message: string): never => {
    throw new LabError("usage", `${shownPath(path)}: ${message}`);
  };
  if (text.length > MAX_CHARACTERS)
    fail(`expected at most ${MAX_CHARACTERS} characters, got ${text.length}; write seeds as { count: … }`);
  const lines = new LineCounter();
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return ` at line ${line}, column ${col}`;
  };
  const document = documentOf(text, lines);
  if (document === undefined) return fail(TOO_DEEP);
  const [error] = document.errors;
  if (error !== undefined) fail(printable(error.message, 200) + at(error.pos[0]));
  checkNodes(document, (message, offset) => fail(message + at(offset)));
  let content: unknown;
  try {
    content = document.toJS();
  } catch (error) {
    // An alias of nothing, or aliases that multiply.
    fail(printable((error as Error).message, 200));
  }
  return { content, lineOf: (key) => lineIn(document, lines, key) };
}

/** Nothing where the library runs out of stack. */
function documentOf(text: string, lineCounter: LineCounter): Document.Parsed | undefined {
  // It compares every key with every other, and shows the text with every error: both take the square of the length.
  const options = {
    stringKeys: true,
    merge: true,
    uniqueKeys: false,
    prettyErrors: false,
    lineCounter,
  } as const;
  try {
    const document = parseDocument(text, options);
    // Some parts of the library report that as an error of the text.
    return document.errors.some(isOverflow) ? undefined : document;
  } catch (error) {
    if (isOverflow(error as Error)) return undefined;
    throw error;
  }
}

function isOverflow({ message }: Error): boolean {
  return message.startsWith("Maximum call stack size exceeded");
}

function checkNodes(document: Document, refuse: (message: string, offset: number) => never): void {
  let aliases = 0;
  visit(document, {
    Alias(_, { range }) {
      if (++aliases > MAX_ALIASES)
        refuse(`expected at most ${MAX_ALIASES} aliases, got more`, range?.[0] ?? 0);
    },
    Collection(_, node, path) {
      const depth = path.filter((outer) => "items" in outer).length;
      if (depth >= MAX_DEPTH) refuse(TOO_DEEP, node.range?.[0] ?? 0);
      if (isMap(node)) checkKeys(node as YAMLMap, refuse);
    },
  });
}

function checkKeys({ items }: YAMLMap, refuse: (message: string, offset: number) => never): void {
  const seen = new Set<unknown>();
  for (const { key } of items as Pair[]) {
    if (!isScalar(key)) continue;
    if (seen.has(key.value)) refuse("Map keys must be unique", key.range?.[0] ?? 0);
    if (key.value !== "<<") seen.add(key.value);
  }
}

/** A key that is missing has no line, but what it is missing from has. */
function lineIn(document: Document, lines: LineCounter, key: readonly PropertyKey[]): number | undefined {
  for (let depth = key.length; depth >= 0; depth--) {
    const node = document.getIn(key.slice(0, depth), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return undefined;
}
