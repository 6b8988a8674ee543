import { CommanderError } from "commander";
import { LabError } from "../errors.js";
import { printable } from "../printable.js";
import { terminalColumns, wrapped } from "../terminal/width.js";
import { createProgram } from "./program.js";

/**
 * Runs one command line; returns its exit code: 0 done, 1 a defect of flatward itself, 2 wrong usage, 3 data that will
 * not do, 4 a file that cannot be read or written, 5 a verification that failed, 6 cells that failed, 75 stopped early.
 */
export async function main(argv: readonly string[]): Promise<number> {
  // A reader that has seen enough (`| head`) is no error: the files are still to be written.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") return;
      process.exit(printError(`cannot write what is printed: ${error.message}`, 4));
    });
  }
  try {
    const program = await createProgram(argv);
    await program.parseAsync(argv);
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof LabError) {
      printError(error.message, error.exitCode);
      const [, , command] = argv;
      if (error.code === "usage") process.stderr.write(`(flatward ${command} --help tells more)\n`);
      return error.exitCode;
    }
    const { FlatwardError } = await import("flatward");
    if (error instanceof FlatwardError) return printError(error.message, error.code === "non-finite" ? 3 : 2);
    if (isAllocation(error))
      return printError(
        "this machine has not the memory that this takes; give fewer samples, features or hidden units",
        2,
      );
    const detail = process.env.FLATWARD_DEBUG ? (error as Error).stack : (error as Error).message;
    return printError(`${detail}\nThis is a defect of flatward; FLATWARD_DEBUG=1 shows where.`, 1);
  }
}

/** V8's word on an array that the machine has no memory for; what no machine has room for was refused before. */
function isAllocation(error: unknown): boolean {
  return error instanceof RangeError && error.message === "Array buffer allocation failed";
}

function printError(message: string, exitCode: number): number {
  // Paths and the like: what is not cut is at least nothing that a terminal obeys.
  const lines = message.split("\n").map((line) => printable(line, Number.POSITIVE_INFINITY));
  process.stderr.write(`${wrapped(`flatward: ${lines.join("\n")}`, terminalColumns(process.stderr))}\n`);
  return exitCode;
}
