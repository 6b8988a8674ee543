/** Functions that are called across threads. */
// biome-ignore lint/suspicious/noExplicitAny: their arguments are their own matter.
export type Api = Readonly<Record<string, (...args: any[]) => unknown>>;

/** The same, each answering later. */
export type Remote<Functions> = {
  readonly [Name in keyof Functions]: Functions[Name] extends (...args: infer Arguments) => infer Result
    ? (...args: Arguments) => Promise<Awaited<Result>>
    : never;
};

interface Call {
  readonly id: number;
  readonly name: string;
  readonly args: readonly unknown[];
}

type Answer = { readonly id: number } & ({ readonly result: unknown } | { readonly error: string });

/** One end of a channel: a worker, or the inside of one. */
export interface Port {
  postMessage(message: unknown): void;
  addEventListener(type: "message", listener: (event: MessageEvent) => void): void;
}

/** Answers calls that come through the port. */
export function serve(port: Port, api: Api): void {
  port.addEventListener("message", ({ data }: MessageEvent<Call>) => {
    const { id, name, args } = data;
    try {
      port.postMessage({ id, result: api[name](...args) } satisfies Answer);
    } catch (error) {
      port.postMessage({
        id,
        error: error instanceof Error ? error.message : String(error),
      } satisfies Answer);
    }
  });
}

/** Calls what is served at the other end. */
export function remote<Functions>(port: Port): Remote<Functions> {
  const waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  let next = 0;
  port.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
    const call = waiting.get(data.id);
    waiting.delete(data.id);
    if ("error" in data) call?.reject(new Error(data.error));
    else call?.resolve(data.result);
  });
  return new Proxy({} as Remote<Functions>, {
    get:
      (_, name) =>
      (...args: unknown[]) =>
        new Promise((resolve, reject) => {
          waiting.set(++next, { resolve, reject });
          port.postMessage({ id: next, name: String(name), args } satisfies Call);
        }),
  });
}
