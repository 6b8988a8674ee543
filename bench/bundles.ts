// npm run sizes: what a page loads of the engine, bundled and minified; docs/how-to/embedding.md says it too.
import { fileURLToPath } from "node:url";
import { bundles, sizesOf } from "./bundle.js";

const sources = fileURLToPath(new URL("../../src", import.meta.url));

const kilobytes = (bytes: number): string => `${(bytes / 1000).toPrecision(3)} kB`;

for (const { name, code } of bundles) {
  const { minified, zipped } = await sizesOf(code, sources);
  console.log(`${name.padEnd(54)}${kilobytes(minified).padStart(9)}${kilobytes(zipped).padStart(9)} gzip`);
}
