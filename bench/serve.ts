import { createInterface } from "node:readline";

/** Ways of doing one thing, each by its name; what they return is compared. */
export type Ways = Readonly<Record<string, () => unknown>>;

/** The answer to "prepare". */
export interface Prepared {
  /** Seconds of the first call of the fastest way. */
  readonly first: number;
  readonly way: string;
  readonly digest: readonly [projection: number, norm: number] | null;
  readonly note: string;
}

/** The answer to "sample". */
export interface Sample {
  readonly seconds: number;
  /** Of all its threads: what is less disturbed by other work of the machine. */
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
}

type Request = { readonly do: "prepare" | "sample" | "drop"; readonly task: readonly string[] };

const SAMPLE_SECONDS = 0.02;
/** Of the processor: compilers take theirs beside it. */
const WARM_UP_SECONDS = 2;
/** Ways are called so often to choose one, but for no longer than that. */
const TRIALS = 5;
const LONG_SECONDS = 5;

function cpuSecondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const now = () => performance.now() / 1000;

async function timed(run: () => unknown, repeats = 1): Promise<[seconds: number, result: unknown]> {
  const started = now();
  let result: unknown;
  for (let i = 0; i < repeats; i++) {
    result = run();
    if (result instanceof Promise) result = await result;
  }
  return [(now() - started) / repeats, result];
}

/** A projection of all numbers of a result, and their norm; of what is not numbers, nothing. */
function digest(result: unknown): Prepared["digest"] {
  const parts = Array.isArray(result) ? result.flat() : [result];
  let [projection, square, at] = [0, 0, 0];
  for (const part of parts) {
    const numbers = typeof part === "number" ? [part] : part;
    if (!(Array.isArray(numbers) || ArrayBuffer.isView(numbers))) return null;
    for (const value of numbers as Float64Array) {
      projection += Math.cos(at++) * value;
      square += value * value;
    }
  }
  return [projection, Math.sqrt(square)];
}

/** Answers requests on standard input, one line of JSON each; peers/serve.py does the same. */
export async function serve(
  waysOf: (task: readonly string[]) => Ways | Promise<Ways>,
  greeting?: object,
): Promise<void> {
  const prepared = new Map<string, { run: () => unknown; repeats: number }>();

  async function prepare(task: readonly string[]): Promise<Prepared> {
    const ways = Object.entries(await waysOf(task));
    const tried = [];
    for (const [way, run] of ways) {
      const [first, result] = await timed(run);
      let [seconds, spent] = [first, first];
      for (let i = 0; i < TRIALS && spent < LONG_SECONDS; i++) {
        const [again] = await timed(run);
        seconds = Math.min(seconds, again);
        spent += again;
      }
      tried.push({ way, run, first, seconds, digest: digest(result) });
    }
    const best = tried.reduce((a, b) => (b.seconds < a.seconds ? b : a));
    const start = process.cpuUsage();
    while (cpuSecondsSince(start) < WARM_UP_SECONDS) await timed(best.run);
    const [once] = best.seconds < 1 ? await timed(best.run) : [best.seconds];
    prepared.set(task.join(), { run: best.run, repeats: Math.max(1, Math.round(SAMPLE_SECONDS / once)) });
    return {
      first: best.first,
      way: best.way,
      digest: best.digest,
      note: (best.run as { note?: string }).note ?? "",
    };
  }

  async function answer(request: Request): Promise<object> {
    const name = request.task.join();
    if (request.do === "prepare") return prepare(request.task);
    if (request.do === "drop") return { dropped: prepared.delete(name) };
    const { run, repeats } = prepared.get(name)!;
    const before = process.cpuUsage();
    const [seconds] = await timed(run, repeats);
    const cpuSeconds = cpuSecondsSince(before) / repeats;
    return { seconds, cpuSeconds, peakMegabytes: process.resourceUsage().maxRSS / 1024 } satisfies Sample;
  }

  const say = (message: object) => process.stdout.write(`${JSON.stringify(message)}\n`);
  if (greeting) say(greeting);
  for await (const line of createInterface({ input: process.stdin })) {
    try {
      say(await answer(JSON.parse(line)));
    } catch (error) {
      say({ error: String(error).slice(0, 400) });
    }
  }
}
