import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Task } from "./tasks.js";

const command = fileURLToPath(new URL("../../lab/bin/flatward.js", import.meta.url));

/** 200 short cells. */
const plan = {
  data: "iris",
  network: { hidden: 8 },
  methods: [{ name: "hsr", learningRate: 0.3, strength: [0.01, 0.03, 0.1, 0.3] }],
  training: { steps: 100 },
  seeds: { count: 50 },
};

/** The whole command, its start and its report included. Peak memory shown is not the sweep's, which is a process of its own. */
function sweepTask(workers: number): Task {
  return {
    group: "sweep",
    name: `200 cells, ${workers} ${workers === 1 ? "thread" : "threads"}`,
    isUnit: workers === 1,
    setUp() {
      const folder = mkdtempSync(join(tmpdir(), "flatward-bench-"));
      const path = join(folder, "plan.json");
      writeFileSync(path, JSON.stringify(plan));
      return () => {
        const output = join(folder, "results");
        execFileSync(
          process.execPath,
          [command, "sweep", path, "--output", output, "--workers", `${workers}`],
          { stdio: "ignore" },
        );
        rmSync(output, { recursive: true });
      };
    },
  };
}

export const sweepTasks: readonly Task[] = [1, 2].map(sweepTask);
