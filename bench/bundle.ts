import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";

/** What a page may import of the engine, and how many bytes of it, minified and with gzip, it may load at most. */
export const bundles = [
  { name: "all of the root", code: 'export * from "flatward";', budget: 103_300 },
  {
    name: "exactHessian and symmetricEigen of a threeLayerNet",
    code: 'export { exactHessian, symmetricEigen, threeLayerNet } from "flatward";',
    budget: 37_550,
  },
  {
    name: "wsUpperBoundAndGradient of a threeLayerNet",
    code: 'export { threeLayerNet, wsUpperBoundAndGradient } from "flatward";',
    budget: 36_400,
  },
  { name: "grad and hvp", code: 'export { grad, hvp } from "flatward/autodiff";', budget: 8_400 },
  { name: "matmul", code: 'export { matmul } from "flatward/tensor";', budget: 5_750 },
  {
    name: "wsBounds of flatward/bounds",
    code: 'export { wsBounds } from "flatward/bounds";',
    budget: 1_550,
  },
] as const;

/** A module, bundled with what it uses of the engine and minified. @param sources the folder `src` */
async function bundled(code: string, sources: string): Promise<string> {
  const bundle = await rolldown({
    input: "entry",
    platform: "browser",
    logLevel: "silent",
    resolve: { alias: { flatward: sources }, extensionAlias: { ".js": [".ts", ".js"] } },
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

/** Bytes of a module that is bundled and minified, and with gzip. @param sources the folder `src` */
export async function sizesOf(
  code: string,
  sources: string,
): Promise<{ readonly minified: number; readonly zipped: number }> {
  const text = await bundled(code, sources);
  return { minified: text.length, zipped: gzipSync(text, { level: 9 }).length };
}
