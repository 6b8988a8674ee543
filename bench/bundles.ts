// npm run sizes: what a page loads of the engine, bundled and minified; docs/how-to/embedding.md says it too.
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";

const engine = fileURLToPath(new URL("../../dist", import.meta.url));

const imports = {
  "all of the root": 'export * from "flatward";',
  "exactHessian and symmetricEigen of a threeLayerNet":
    'export { exactHessian, symmetricEigen, threeLayerNet } from "flatward";',
  "wsUpperBoundAndGradient of a threeLayerNet":
    'export { threeLayerNet, wsUpperBoundAndGradient } from "flatward";',
  "grad and hvp": 'export { grad, hvp } from "flatward/autodiff";',
  matmul: 'export { matmul } from "flatward/tensor";',
  "wsBounds of flatward/bounds": 'export { wsBounds } from "flatward/bounds";',
};

async function bundled(code: string): Promise<string> {
  const bundle = await rolldown({
    input: "entry",
    platform: "browser",
    logLevel: "silent",
    resolve: { alias: { flatward: engine } },
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id === "entry" ? id : undefined),
        load: (id) => (id === "entry" ? code : undefined),
      },
    ],
  });
  const { output } = await bundle.generate({ format: "esm", minify: true });
  await bundle.close();
  return output[0].code;
}

const kilobytes = (bytes: number): string => `${(bytes / 1000).toPrecision(3)} kB`;

for (const [name, code] of Object.entries(imports)) {
  const text = await bundled(code);
  const zipped = gzipSync(text, { level: 9 });
  console.log(
    `${name.padEnd(54)}${kilobytes(text.length).padStart(9)}${kilobytes(zipped.length).padStart(9)} gzip`,
  );
}
