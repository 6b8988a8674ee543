import { cpus, loadavg, release, type } from "node:os";

/** What a time cannot be read without. */
export function machine(): string {
  const processors = cpus();
  return `${processors.length} cores of ${processors[0].model.trim()}, ${type()} ${release()}, Node ${process.versions.node}`;
}

/** How many processes wanted to run in the last minute, ours among them: beyond the number of cores, times are too long. */
export function load(): number {
  return loadavg()[0];
}
