import { LabError, type Next } from "../errors.js";
import { shownPath } from "../printable.js";
import { quote } from "../shell.js";

/** A format that is no CSV, told by what a file begins with. */
interface Format<Beginning> {
  readonly what: string;
  is(beginning: Beginning): boolean;
  /** Makes CSV of it: a command that writes to standard output what the file has. */
  convert?(path: string): string;
  /** Options that the result needs, whatever it holds. */
  readonly options?: readonly string[];
  /** The same text as that command writes, where it is soon made. */
  converted?(whole: Beginning): string;
  /** In words, where no command will do. */
  readonly advice?: string;
}

/** Bytes, or characters, that formats are told by. */
const LOOKED_AT = 4096;

const starts =
  (...signs: readonly (string | readonly number[])[]) =>
  (bytes: Uint8Array): boolean =>
    signs.some((sign) =>
      [...sign].every((one, i) => bytes[i] === (typeof one === "string" ? one.charCodeAt(0) : one)),
    );
const holds = (text: string) => (bytes: Uint8Array) =>
  new TextDecoder("latin1").decode(bytes.subarray(0, LOOKED_AT)).includes(text);
const python = (program: string) => `python3 -c ${quote(program)}`;
const pandas = (reader: string) => (path: string) =>
  python(`import pandas, sys; pandas.${reader}(${JSON.stringify(path)}).to_csv(sys.stdout, index=False)`);
const iconv = (encoding: string) => (path: string) => `iconv -f ${encoding} -t UTF-8 ${quote(path)}`;
const zeros = (from: number) => (bytes: Uint8Array) => {
  const head = bytes.subarray(0, 64).filter((_, i) => i % 2 === from);
  return (
    head.length > 1 && head.every((byte) => byte === 0) && !bytes.subarray(0, 2).every((byte) => byte === 0)
  );
};
const decoded = (encoding: string) => (bytes: Uint8Array) => new TextDecoder(encoding).decode(bytes);
const zip = starts("PK\x03\x04");

const binary: readonly Format<Uint8Array>[] = [
  { what: "text in UTF-32", is: starts([0xff, 0xfe, 0, 0], [0, 0, 0xfe, 0xff]), convert: iconv("UTF-32") },
  {
    what: "text in UTF-16",
    is: starts([0xff, 0xfe], [0xfe, 0xff]),
    convert: iconv("UTF-16"),
    converted: (bytes) => decoded(bytes[0] === 0xff ? "utf-16le" : "utf-16be")(bytes),
  },
  { what: "a Parquet file", is: starts("PAR1"), convert: pandas("read_parquet") },
  { what: "a Feather (Arrow) file", is: starts("ARROW1", "FEA1"), convert: pandas("read_feather") },
  { what: "an ORC file", is: starts("ORC"), convert: pandas("read_orc") },
  {
    what: "a NumPy array (npy)",
    is: starts([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]),
    convert: (path) =>
      python(
        `import numpy, sys; numpy.savetxt(sys.stdout, numpy.load(${JSON.stringify(path)}), delimiter=",", fmt="%.17g")`,
      ),
    options: ["--no-header"],
  },
  {
    what: "NumPy arrays (npz)",
    is: (bytes) => zip(bytes) && holds(".npy")(bytes),
    advice:
      'write its arrays side by side with numpy.savetxt(file, array, delimiter=","), and read that with --no-header',
  },
  {
    what: "an Excel workbook (xlsx)",
    is: (bytes) => zip(bytes) && (holds("[Content_Types].xml")(bytes) || holds("xl/")(bytes)),
    convert: pandas("read_excel"),
  },
  { what: "a zip archive", is: zip, convert: (path) => `unzip -p ${quote(path)}` },
  {
    what: "an old Excel workbook (xls)",
    is: starts([0xd0, 0xcf, 0x11, 0xe0]),
    convert: pandas("read_excel"),
  },
  { what: "an HDF5 file", is: starts([0x89, 0x48, 0x44, 0x46]), convert: pandas("read_hdf") },
  {
    what: "a Python pickle",
    is: (bytes) => bytes[0] === 0x80 && bytes[1] >= 2 && bytes[1] <= 5,
    convert: pandas("read_pickle"),
  },
  { what: "a MATLAB file", is: starts("MATLAB 5.0"), advice: "write it with writetable(…) in MATLAB" },
  {
    what: "an R workspace",
    is: starts("RDX2\n", "RDX3\n", "X\n\0\0", "A\n2\n", "A\n3\n"),
    advice: "write it with write.csv(…, row.names = FALSE) in R",
  },
  {
    what: "an SQLite database",
    is: starts("SQLite format 3"),
    advice: "write a table of it with sqlite3 -csv -header",
  },
  { what: "bzip2", is: starts("BZh"), convert: (path) => `bunzip2 -c ${quote(path)}` },
  { what: "xz", is: starts([0xfd, 0x37, 0x7a, 0x58, 0x5a]), convert: (path) => `xz -dc ${quote(path)}` },
  { what: "Zstandard", is: starts([0x28, 0xb5, 0x2f, 0xfd]), convert: (path) => `zstd -dc ${quote(path)}` },
  { what: "a PDF", is: starts("%PDF-"), advice: "copy its table into a file" },
  { what: "text in UTF-16", is: zeros(1), convert: iconv("UTF-16LE"), converted: decoded("utf-16le") },
  { what: "text in UTF-16", is: zeros(0), convert: iconv("UTF-16BE"), converted: decoded("utf-16be") },
  {
    what: "zero bytes, which no text has",
    is: (bytes) => bytes.includes(0),
    advice: "convert it, or give the folder with MNIST's files",
  },
];

const textual: readonly Format<string>[] = [
  {
    what: "an ARFF file, as Weka writes it",
    converted: (text) => text.replace(/^[^\S\n]*[%@].*\n?/gm, ""),
    is: (text) => /^(?:[^\S\n]*(?:%[^\n]*)?\n)*[^\S\n]*@relation\b/i.test(text),
    convert: (path) => `sed -e ${quote("/^[[:space:]]*[%@]/d")} ${quote(path)}`,
    options: ["--no-header"],
  },
  {
    what: "a file of libsvm, label index:value …",
    is: (text) => /^\S+([ \t]+\d+:[^\s:]+)+[ \t]*(\r?\n|$)/.test(text),
    convert: (path) => `awk ${quote(dense)} ${quote(path)} ${quote(path)}`,
    options: ["--no-header"],
  },
  {
    what: "JSON, a record a line",
    is: (text) => /^\s*\{[^\n]*\}\s*\n\s*\{/.test(text),
    convert: (path) =>
      `node -e ${quote(`const records = fs.readFileSync(0, "utf8").trim().split("\\n").map((line) => JSON.parse(line));${table}`)} < ${quote(path)}`,
  },
  {
    what: "JSON",
    is: (text) => /^\s*[[{]\s*["[{]/.test(text) && !/^\s*\[?"[^"]*"\s*,/.test(text),
    convert: (path) =>
      `node -e ${quote(`const records = JSON.parse(fs.readFileSync(0, "utf8"));${table}`)} < ${quote(path)}`,
  },
  {
    what: "a web page",
    is: (text) => /^\s*<(!doctype|html|head|body|script)\b/i.test(text),
    advice: "download the file itself",
  },
  { what: "XML", is: (text) => /^\s*<\?xml\b/.test(text), advice: "write it as CSV" },
  {
    what: "a pointer of Git LFS, in the place of the file",
    is: (text) => text.startsWith("version https://git-lfs"),
    advice: "fetch it with git lfs pull",
  },
];

/** The columns of a sparse file, zeros included, then its label: awk reads the file twice. */
const dense =
  'NR==FNR{for(i=2;i<=NF;i++){split($i,p,":");if(p[1]+0>d)d=p[1]+0}next}NF{split("",v);for(i=2;i<=NF;i++){split($i,p,":");v[p[1]+0]=p[2]}for(j=1;j<=d;j++)printf "%s,",(j in v)?v[j]:0;print $1}';

/** Rows of a list of records, a program's end. */
const table =
  " const keys = Object.keys(records[0]); for (const row of [keys, ...records.map((record) => keys.map((key) => record[key]))]) console.log(row.map((cell) => JSON.stringify(cell)).join())";

/** What is no CSV, and how it becomes some. */
export interface Foreign {
  /** The text that it becomes, where that is soon made. */
  readonly converted?: string;
  /** Whether this has no header. */
  readonly headless: boolean;
  /** @param further options that its content needs */
  refusal(further: readonly string[]): LabError;
}

/** What bytes are that hold no UTF-8; nothing where they may be text. */
export function foreignBytes(bytes: Uint8Array, path: string): Foreign | undefined {
  return foreign(
    binary.find(({ is }) => is(bytes)),
    bytes,
    path,
  );
}

/** The same of a text that is no table. */
export function foreignText(text: string, path: string): Foreign | undefined {
  const beginning = text.slice(text.charCodeAt(0) === 0xfeff ? 1 : 0, LOOKED_AT);
  return foreign(
    textual.find(({ is }) => is(beginning)),
    text,
    path,
  );
}

/** Text in another encoding than UTF-8: most often that of Windows. */
export function otherEncoding(bytes: Uint8Array, path: string): Foreign {
  const windows: Format<Uint8Array> = {
    what: "text in another encoding than UTF-8",
    is: () => true,
    convert: iconv("WINDOWS-1252"),
    converted: decoded("windows-1252"),
  };
  return foreign(windows, bytes, path) as Foreign;
}

function foreign<Whole>(format: Format<Whole> | undefined, whole: Whole, path: string): Foreign | undefined {
  if (format === undefined) return undefined;
  const { what, convert, converted, options: own = [], advice } = format;
  return {
    ...(converted === undefined ? {} : { converted: converted(whole) }),
    headless: own.includes("--no-header"),
    refusal(further) {
      const file = mendedPath(path);
      const options = [...own, ...further];
      const command = convert && `${convert(path)} > ${quote(file)}`;
      const then = options.length === 0 ? "" : `, with ${options.map(quote).join(" ")}`;
      const how =
        command === undefined ? advice : `convert it: ${command}, and give ${shownPath(file)}${then}`;
      const next: Next = {
        ...(command === undefined ? {} : { command, file }),
        ...(options.length === 0 ? {} : { options }),
      };
      return new LabError(
        "data",
        `${shownPath(path)}: expected CSV, text in UTF-8, got ${what}; ${how}`,
        next,
      );
    },
  };
}

/** Where a mended copy of a file may lie. */
export function mendedPath(path: string): string {
  const [, stem] = /^(.*?[^/\\])(?:\.[^./\\]*)?$/s.exec(path) ?? [path, path];
  return path === `${stem}.csv` ? `${stem}-mended.csv` : `${stem}.csv`;
}
