// Preloaded into a command under test: makes chosen calls of node:fs fail, or ends the process in the middle of them.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { basename, resolve, sep } from "node:path";
import { isMainThread } from "node:worker_threads";

const { folder, ops, name, nth, onwards, action, thread, log } = JSON.parse(process.env.FLATWARD_TEST_FAULT);
const root = resolve(folder) + sep;
const pattern = new RegExp(name ?? "");
const original = { ...fs };
const open = new Map();
let calls = 0;
let depth = 0;

/** The path that a call writes to. */
const paths = {
  openSync: ([path, flags]) => (flags === undefined || flags === "r" ? undefined : path),
  writeFileSync: ([target]) => (typeof target === "number" ? open.get(target) : target),
  writeSync: ([file]) => open.get(file),
  fsyncSync: ([file]) => open.get(file),
  renameSync: ([, to]) => to,
  mkdirSync: ([path]) => path,
  utimesSync: ([path]) => path,
  unlinkSync: ([path]) => path,
  rmSync: ([path]) => (original.existsSync(path) ? path : undefined),
};
const writing = ["openSync", "writeFileSync", "writeSync", "fsyncSync", "renameSync"];

/** Half of what was to be written, as when the disk fills up. */
function writeHalf(op, args) {
  if (op !== "writeFileSync" && op !== "writeSync") return;
  const bytes = Buffer.from(args[1]);
  const half = bytes.subarray(0, bytes.length >> 1);
  if (op === "writeSync") original.writeSync(args[0], half);
  else original.writeFileSync(args[0], half, ...args.slice(2));
}

function strike(op, path, args) {
  if (action === "kill") {
    writeHalf(op, args);
    process.kill(process.pid, "SIGKILL");
    // The signal is delivered before anything else is done.
    for (;;);
  }
  if (action === "ENOSPC") writeHalf(op, args);
  throw Object.assign(new Error(`${action}: injected, ${op} '${path}'`), { code: action, syscall: op, path });
}

function touch(op, args) {
  const path = paths[op](args);
  if (typeof path !== "string" || !(resolve(path) + sep).startsWith(root)) return;
  if (!(ops ?? writing).includes(op) || !pattern.test(basename(path))) return;
  calls++;
  if (log) original.appendFileSync(log, `${op} ${basename(path)}\n`);
  if (nth !== undefined && (calls === nth || (onwards && calls > nth))) strike(op, path, args);
}

if (isMainThread) {
  for (const op of Object.keys(paths))
    fs[op] = (...args) => {
      // What these functions call of each other is not counted again.
      if (depth === 0) touch(op, args);
      depth++;
      try {
        const result = original[op](...args);
        if (op === "openSync") open.set(result, args[0]);
        return result;
      } finally {
        depth--;
      }
    };
  syncBuiltinESMExports();
} else if (thread) {
  const add = Atomics.add;
  let steps = 0;
  Atomics.add = (...args) => {
    // The thread pool counts with it too.
    if (new Error().stack.includes("sweep/worker.js") && ++steps === thread.step) {
      if (thread.action === "exhaust") for (const all = []; ; ) all.push(new Array(10_000).fill({}));
      throw new Error("injected into a training step");
    }
    return add(...args);
  };
}
