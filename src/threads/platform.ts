// Threads of Node and of browsers. Node's modules are reached without an import, at which bundles for browsers would stumble.

type Listener = (value: unknown) => void;

/** A thread, as seen by the one that made it. Browsers wrap a message in an event, Node passes it as it is. */
interface PlatformWorker {
  postMessage(message: unknown): void;
  terminate(): unknown;
}

interface NodeWorker extends PlatformWorker {
  on(event: "message" | "error", listener: Listener): unknown;
  unref(): void;
}

interface WebWorker extends PlatformWorker {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onerror: Listener | null;
}

interface NodeModules {
  readonly "node:os": { availableParallelism(): number };
  readonly "node:worker_threads": {
    readonly Worker: new (script: object, options: object) => NodeWorker;
    readonly parentPort: {
      postMessage(message: unknown): void;
      once(event: "message", listener: Listener): unknown;
    };
  };
}

declare const process:
  | { getBuiltinModule?<Name extends keyof NodeModules>(name: Name): NodeModules[Name] }
  | undefined;
declare const Worker: (new (script: object, options: object) => WebWorker) | undefined;
declare const URL: new (path: string, base: string) => object;
declare const navigator: { readonly hardwareConcurrency?: number } | undefined;
/** A worker's own, in browsers. */
declare const self: {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  postMessage(message: unknown): void;
};

const nodeModule = <Name extends keyof NodeModules>(name: Name): NodeModules[Name] | undefined =>
  typeof process === "undefined" ? undefined : process.getBuiltinModule?.(name);

/** How many threads the platform runs at once, as far as it says so. */
export function cores(): number {
  const known = nodeModule("node:os")?.availableParallelism();
  return known ?? (typeof navigator === "undefined" ? undefined : navigator.hardwareConcurrency) ?? 1;
}

/** Whether the platform makes threads, where that can be known beforehand. */
export const hasWorkers = (): boolean =>
  nodeModule("node:worker_threads") !== undefined || typeof Worker === "function";

/** A thread that has begun: it has answered the message it was sent. */
export interface Thread {
  readonly answer: unknown;
  end(): void;
}

/** Starts worker.js, which does not keep the program alive. The promise is rejected where the script cannot be run. */
export function startWorker(message: unknown): Promise<Thread> {
  return new Promise((resolve, reject) => {
    const threads = nodeModule("node:worker_threads");
    if (threads !== undefined) {
      const script = new URL("./worker.js", (import.meta as unknown as { url: string }).url);
      // Some of the program's own switches, --input-type for one, would be refused.
      const worker = new threads.Worker(script, { execArgv: [] });
      worker.on("error", reject);
      worker.on("message", (answer) => {
        worker.unref();
        resolve({ answer, end: () => void worker.terminate() });
      });
      worker.postMessage(message);
      return;
    }
    // Bundlers know this expression, and put the script beside the bundle.
    const worker = new Worker!(new URL("./worker.js", (import.meta as unknown as { url: string }).url), {
      type: "module",
    });
    worker.onerror = reject;
    worker.onmessage = ({ data }) => resolve({ answer: data, end: () => void worker.terminate() });
    worker.postMessage(message);
  });
}

/** In a thread: hears the one message, and has what answers it. */
export function onMessage(listener: (message: unknown, answer: (answer: unknown) => void) => void): void {
  const parent = nodeModule("node:worker_threads")?.parentPort;
  if (parent) parent.once("message", (message) => listener(message, (answer) => parent.postMessage(answer)));
  else self.onmessage = ({ data }) => listener(data, (answer) => self.postMessage(answer));
}
