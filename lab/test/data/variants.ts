// The same table as programs write it, each in its way: what is read, or refused with advice, in files of real users.

/** A point, its class, and now and then a word or a gap. */
export interface Sample {
  readonly x: number;
  readonly y: number;
  readonly kind: string;
}

export const samples: readonly Sample[] = Array.from({ length: 24 }, (_, i) => ({
  x: Math.round(1000 * Math.sin(7 * i)) / 100,
  y: Math.round(1000 * Math.cos(5 * i + 1)) / 100 + 0.25,
  kind: i % 3 === 0 ? "oval" : "round",
}));

/** Rows that lose a value where a file has gaps. */
const GAPS: readonly number[] = [4, 11, 17];

export interface Variant {
  readonly name: string;
  /** Of the file, its ending included. */
  readonly file: string;
  readonly content: string | Uint8Array;
  /** Samples that are left in the end: those without gaps. */
  readonly kept: readonly Sample[];
  /** Whether it is read as it is. */
  readonly plain: boolean;
}

const all = samples;
const whole = samples.filter((_, i) => !GAPS.includes(i));
const row = ({ x, y, kind }: Sample): (number | string)[] => [x, y, kind];
const table = (rows: readonly (readonly (number | string)[])[], delimiter = ",", end = "\n") =>
  rows.map((cells) => cells.join(delimiter) + end).join("");
const head = ["x", "y", "kind"];
const rows = samples.map(row);
const german = (cells: readonly (number | string)[]) =>
  cells.map((cell) => (typeof cell === "number" ? `${cell}`.replace(".", ",") : cell));
const quoted = (cells: readonly (number | string)[]) =>
  cells.map((cell) => (typeof cell === "number" ? cell : `"${cell}"`));
const withGaps = (mark: string) =>
  samples.map((one, i) => [GAPS.includes(i) ? mark : one.x, one.y, one.kind]);
const utf16 = (text: string) => Buffer.from(`\uFEFF${text}`, "utf16le");
const arff = (body: string) =>
  `% made for a test\n@RELATION shapes\n\n@ATTRIBUTE x NUMERIC\n@ATTRIBUTE y NUMERIC\n@ATTRIBUTE kind {oval,round}\n\n@DATA\n${body}`;

const read = (name: string, file: string, content: string | Uint8Array, kept = all): Variant => ({
  name,
  file,
  content,
  kept,
  plain: true,
});
const refused = (name: string, file: string, content: string | Uint8Array, kept = all): Variant => ({
  ...read(name, file, content, kept),
  plain: false,
});

export const variants: readonly Variant[] = [
  read("pandas, index=False", "a.csv", table([head, ...rows])),
  refused("pandas with its index", "a.csv", table([["", ...head], ...rows.map((cells, i) => [i, ...cells])])),
  refused("pandas without names", "a.csv", table([["", 0, 1, 2], ...rows.map((cells, i) => [i, ...cells])])),
  refused(
    "pandas with an empty column",
    "a.csv",
    table([[...head, "note"], ...rows.map((cells) => [...cells.slice(0, 2), cells[2], ""])]).replace(
      "x,y,kind,note",
      "x,y,label,note",
    ),
  ),
  refused("numpy.savetxt", "a.csv", table(rows)),
  read("numpy.savetxt with a header", "a.csv", `# x,y,kind\n${table(rows)}`),
  read("Excel in English, saved as UTF-8", "a.csv", `\uFEFF${table([head, ...rows], ",", "\r\n")}`),
  refused("Excel in German", "a.csv", table([head, ...rows.map(german)], ";", "\r\n")),
  read("Excel with its line sep=", "a.csv", `sep=;\r\n${table([head, ...rows], ";", "\r\n")}`),
  refused(
    "Excel in German with its line sep=",
    "a.csv",
    `sep=;\r\n${table([head, ...rows.map(german)], ";", "\r\n")}`,
  ),
  refused("Excel, saved as Unicode text", "a.txt", utf16(table([head, ...rows], "\t", "\r\n"))),
  refused(
    "Excel in German, saved as Unicode text",
    "a.txt",
    utf16(table([head, ...rows.map(german)], "\t", "\r\n")),
  ),
  refused(
    "Excel with letters of Windows",
    "a.csv",
    Buffer.from(table([["größe", "y", "kind"], ...rows]), "latin1"),
  ),
  refused(
    "Excel with columns that were emptied",
    "a.csv",
    table([[...head, "", ""], ...rows.map((cells) => [...cells, "", ""])]),
  ),
  refused(
    "commas at the ends of lines",
    "a.csv",
    table([[...head, ""], ...rows.map((cells) => [...cells, ""])]),
  ),
  refused(
    "R, write.csv",
    "a.csv",
    table([['""', '"x"', '"y"', '"kind"'], ...rows.map((cells, i) => [`"${i + 1}"`, ...quoted(cells)])]),
  ),
  read("R, write.csv without row names", "a.csv", table([quoted(head), ...rows.map(quoted)])),
  refused(
    "R, write.table",
    "a.txt",
    table([quoted(head), ...rows.map((cells, i) => [`"${i + 1}"`, ...quoted(cells)])], " "),
  ),
  refused(
    "R, write.csv2",
    "a.csv",
    table(
      [['""', '"x"', '"y"', '"kind"'], ...rows.map((cells, i) => [`"${i + 1}"`, ...quoted(german(cells))])],
      ";",
    ),
  ),
  refused("R with NA", "a.csv", table([head, ...withGaps("NA")]), whole),
  refused("Weka, ARFF", "a.arff", arff(table(rows))),
  refused("Weka, ARFF with gaps", "a.arff", arff(table(withGaps("?"))), whole),
  read(
    "Weka, CSV with single quotes",
    "a.csv",
    table([["'x'", "'y'", "'kind'"], ...samples.map(({ x, y, kind }) => [x, y, `'${kind}'`])]),
  ),
  refused("libsvm", "a.libsvm", samples.map(({ x, y, kind }) => `${kind} 1:${x} 2:${y}\n`).join("")),
  refused("UCI without a header", "a.data", table(rows)),
  refused(
    "UCI without a header, a gap at once",
    "a.data",
    table(samples.map((one, i) => [i === 0 ? "?" : one.x, one.y, one.kind])),
    samples.slice(1),
  ),
  refused(
    "UCI, separated by blanks, without a header",
    "a.data",
    samples.map(({ x, y, kind }) => `  ${x}   ${y} ${kind}\n`).join(""),
  ),
  read(
    "separated by blanks",
    "a.txt",
    samples.reduce((text, { x, y, kind }) => `${text}${x}  ${y}  ${kind}\n`, "x  y  kind\n"),
  ),
  refused("gaps as ?", "a.csv", table([head, ...withGaps("?")]), whole),
  refused("gaps that are empty", "a.csv", table([head, ...withGaps("")]), whole),
  refused("gaps as -9999", "a.csv", table([head, ...withGaps("-9999")]), whole),
  refused("gaps as a word", "a.csv", table([head, ...withGaps("unknown")]), whole),
  refused(
    "columns of text",
    "a.csv",
    table([
      ["id", "x", '"town, country"', "y", "kind"],
      ...samples.map(({ x, y, kind }, i) => [`P-${i}`, x, `"Town ${i}, X"`, y, kind]),
    ]),
  ),
  refused(
    "the label first",
    "a.csv",
    table([["label", "x", "y"], ...samples.map(({ x, y, kind }) => [kind, x, y])]),
  ),
  read("comments on top", "a.csv", `# exported on a Monday\n# by somebody\n${table([head, ...rows])}`),
  read("a bar for a delimiter", "a.csv", table([head, ...rows], "|")),
  read("blanks behind commas", "a.csv", table([head, ...rows.map(quoted)], ", ")),
  read("two files put together", "a.csv", table([head, ...rows.slice(0, 9), head, ...rows.slice(9)])),
  refused("a line that was cut off", "a.csv", table([head, ...rows.slice(0, 9), [1], ...rows.slice(9)])),
  refused("JSON, a list of records", "a.json", JSON.stringify(samples)),
  refused("JSON, a record a line", "a.jsonl", samples.map((one) => `${JSON.stringify(one)}\n`).join("")),
  refused(
    "everything at once",
    "a.csv",
    table(
      [
        ["", "x", "town", "y", "target", "note"],
        ...samples.map(({ x, y, kind }, i) => [
          i,
          GAPS.includes(i) ? "" : `${x}`.replace(".", ","),
          "Oslo",
          `${y}`.replace(".", ","),
          kind,
          "",
        ]),
      ],
      ";",
    ),
    whole,
  ),
];
