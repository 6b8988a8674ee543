import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig } from "vitest/config";
import { smallDigitsModule } from "./playground/build/small-digits.js";

const root = fileURLToPath(new URL(".", import.meta.url));

/** `flatward` and its subpaths are the sources, so that no build is needed before a test. */
const alias = [
  { find: /^flatward$/, replacement: `${root}src/index.ts` },
  { find: /^flatward\/([a-z]+)$/, replacement: `${root}src/$1/index.ts` },
];

/** These compile code from strings (`ndarray` does), look at files rather than at the engine, or run both backends. */
const once = [
  "test/backends.test.ts",
  "test/linalg/dense/kernels.test.ts",
  "test/linalg/dense/band.test.ts",
  "test/tensor/kernels.test.ts",
  "test/tensor/product.test.ts",
  "test/tensor/ndarray.test.ts",
  "test/nn/predict-into.test.ts",
  "test/root.test.ts",
  "test/site.test.ts",
  "test/docstrings.test.ts",
  "test/embedding/backends.test.ts",
  "test/embedding/page.test.ts",
  "test/embedding/sizes.test.ts",
  "test/embedding/threads.test.ts",
  "test/architecture.test.ts",
  "test/package.test.ts",
  "test/threads/start-threads.test.ts",
  "test/threads/job.test.ts",
  "test/threads/shared-pairs.test.ts",
  "test/threads/shared-slabs.test.ts",
  "test/wrong-calls/wrong-calls.test.ts",
];

const common = {
  setupFiles: [`${root}test/setup.ts`],
  // No test measures time; these only end what hangs, on machines that are slow or shared.
  testTimeout: 180_000,
  hookTimeout: 180_000,
};

export default defineConfig({
  test: {
    globalSetup: `${root}test/temporary-folder.ts`,
    // One fewer than there are cores is what vitest takes: one, where there are two.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Of the engine, by `npm run coverage`.
    coverage: { provider: "v8", include: ["src/**/*.ts"], reporter: ["text-summary", "html"] },
    projects: [
      {
        resolve: { alias },
        test: { ...common, name: "engine", include: ["test/**/*.test.ts"] },
      },
      {
        resolve: { alias },
        test: {
          ...common,
          name: "engine without code generation",
          include: ["test/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...once],
          pool: "forks",
          execArgv: ["--disallow-code-generation-from-strings"],
          env: { CODE_GENERATION: "forbidden", FLATWARD_BACKEND: "plain" },
        },
      },
      {
        resolve: { alias },
        test: { ...common, name: "laboratory", include: ["lab/test/**/*.test.ts"] },
      },
      {
        resolve: { alias },
        plugins: [smallDigitsModule()],
        test: { ...common, name: "playground", include: ["playground/test/**/*.test.ts"] },
      },
    ],
  },
});
