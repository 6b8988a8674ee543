import { spawnSync } from "node:child_process";

export const chromium = "chromium";
export const isInstalled = spawnSync(chromium, ["--version"]).status === 0;

/** Switches for a page without a window, and a profile in a folder of its own. */
export const switches = (profile: string): string[] => [
  ...["headless", "no-sandbox", "disable-gpu", "no-first-run", "disable-background-networking"].map(
    (name) => `--${name}`,
  ),
  `--user-data-dir=${profile}`,
];
