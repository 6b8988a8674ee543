import { defineConfig } from "vite";
import { oneFile } from "./build/one-file.js";
import { smallDigitsModule } from "./build/small-digits.js";

export default defineConfig({
  base: "./",
  plugins: [smallDigitsModule(), oneFile()],
  worker: { format: "iife", plugins: () => [smallDigitsModule()] },
  // The laboratory brings the page along.
  build: {
    outDir: "../lab/dist/playground",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    cssCodeSplit: false,
    reportCompressedSize: false,
  },
});
