// Preloaded into a command under test: writes down every opening of a file of this name, and the thread that opened it.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { basename } from "node:path";
import { threadId } from "node:worker_threads";

const { name, log } = JSON.parse(process.env.FLATWARD_TEST_READS);
const append = fs.appendFileSync;
let inside = false;

for (const [module, ops] of [
  [fs, ["readFileSync", "openSync", "readFile", "open", "createReadStream"]],
  [fs.promises, ["readFile", "open"]],
])
  for (const op of ops) {
    const original = module[op];
    module[op] = function (path, ...rest) {
      // What these functions call of each other is not counted again.
      if (!inside && typeof path === "string" && basename(path) === name) append(log, `thread ${threadId}\n`);
      const outer = inside;
      inside = true;
      try {
        return original.call(this, path, ...rest);
      } finally {
        inside = outer;
      }
    };
  }
syncBuiltinESMExports();
