import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Command } from "commander";
import { LabError } from "../errors.js";

/** One file, which needs no server. `npm run build` puts it beside what is built of the laboratory. */
const page = fileURLToPath(new URL("../playground/index.html", import.meta.url));

export function playgroundCommand(command: Command): Command {
  return command
    .option("--no-open", "print its address alone")
    .action(({ open }: { readonly open: boolean }) => {
      if (!existsSync(page))
        throw new LabError(
          "file",
          `the playground is not built, there is no ${page}; npm run build makes it`,
        );
      const address = pathToFileURL(page).href;
      process.stdout.write(`${address}\n`);
      if (open) openInBrowser(address);
    });
}

/** Where there is nothing to open it with, the address that was printed has to do. */
function openInBrowser(address: string): void {
  const [program, ...args] = openers[process.platform] ?? ["xdg-open"];
  spawn(program, [...args, address], { stdio: "ignore", detached: true })
    .on("error", () => {})
    .unref();
}

const openers: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ["open"],
  win32: ["cmd", "/c", "start", ""],
};
