/**
 * A signal that is aborted by the first Ctrl-C, or a request to end, while `work` runs. The second ends the process at
 * once, which harms nothing that was written.
 */
export async function interruptible<Result>(
  announce: () => void,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(75);
    controller.abort();
    announce();
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  try {
    return await work(controller.signal);
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}
