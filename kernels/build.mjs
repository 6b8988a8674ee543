// `npm run kernels`: every kernel of this folder, AssemblyScript, becomes a module of TypeScript that holds its bytes.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { main } from "assemblyscript/asc";

const here = fileURLToPath(new URL(".", import.meta.url));
const built = fileURLToPath(new URL("../src/tensor/kernels/", import.meta.url));

/** Files are named as their kernels. */
export const kernels = readdirSync(here)
  .filter((name) => name.endsWith(".ts"))
  .map((name) => name.slice(0, -".ts".length))
  .sort();

/** Where the bytes of a kernel are kept. */
export const pathOf = (kernel) => `${built}${kernel}.ts`;

// No runtime: kernels allocate nothing. Bulk memory is left out, so that the zeros of static memory are no bytes of the file.
const options = ["-O3", "--runtime", "stub", "--noAssert", "--enable", "simd", "--disable", "bulk-memory"];

/** Two kernels over one memory, which src/linalg/dense/band/wasm-kernels.ts makes; it may be shared by threads. */
const importing = ["tiles", "band"];
const importingMemory = ["--importMemory", "--initialMemory", "32", "--maximumMemory", "65536"];

/** src/threads/shared-memory.ts makes the memory, of at least 55 pages of 64 KB. */
const sharing = [
  "--enable",
  "threads",
  "--importMemory",
  "--sharedMemory",
  "--zeroFilledMemory",
  ...["--initialMemory", "55", "--maximumMemory", "65536"],
];

function optionsOf(kernel) {
  if (kernel.startsWith("shared-")) return [...options, ...sharing];
  return importing.includes(kernel) ? [...options, ...importingMemory] : options;
}

/** The module that holds a kernel's bytes, as text. */
export async function compiled(kernel) {
  let bytes;
  const { error, stderr } = await main([`${kernel}.ts`, "--outFile", "out", ...optionsOf(kernel)], {
    readFile: (name) =>
      kernels.includes(name.replace(/\.ts$/, "")) ? readFileSync(here + name, "utf8") : null,
    writeFile: (_, contents) => {
      bytes = contents;
    },
  });
  if (error) throw new Error(stderr.toString());
  const name = kernel.replace(/-./g, ([, letter]) => letter.toUpperCase());
  return `// Made by \`npm run kernels\` from kernels/${kernel}.ts.

export const ${name} =
${lines(Buffer.from(bytes).toString("hex"))};
`;
}

/** A long string as the formatter has it. */
function lines(text) {
  return text
    .match(/.{1,100}/g)
    .map((line) => `  "${line}"`)
    .join(" +\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const kernel of kernels) writeFileSync(pathOf(kernel), await compiled(kernel));
