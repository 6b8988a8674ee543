/** Runs a task for one argument at a time; of the arguments that come meanwhile, the last one follows. */
export function latest<Argument>(task: (argument: Argument) => Promise<void>): (argument: Argument) => void {
  let running = false;
  let next: { readonly argument: Argument } | undefined;
  const run = async (): Promise<void> => {
    running = true;
    try {
      while (next !== undefined) {
        const { argument } = next;
        next = undefined;
        await task(argument);
      }
    } finally {
      running = false;
    }
  };
  return (argument) => {
    next = { argument };
    if (!running) void run();
  };
}
