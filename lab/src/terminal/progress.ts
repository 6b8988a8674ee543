import type { WriteStream } from "node:tty";
import { SingleBar } from "cli-progress";
import { hasDiverged } from "../experiment/status.js";
import { LONGEST_ERROR, printable } from "../printable.js";
import { formatNumber } from "../report/format.js";
import type { SweepListener, SweepStart } from "../sweep/listener.js";
import type { CellRecord } from "../sweep/record.js";

/** Milliseconds between two lines, where there is no terminal. */
const LINE_INTERVAL = 1000;

/**
 * A progress bar on a terminal; elsewhere plain lines: of the first cell, the last, every failure, and one a second.
 * @param names of the cells, by index
 */
export function progressDisplay(stream: WriteStream, names: readonly string[]): SweepListener {
  return stream.isTTY ? barDisplay(stream, names) : lineDisplay(stream, names);
}

function barDisplay(stream: WriteStream, names: readonly string[]): SweepListener {
  const bar = progressBar(stream, "{cells} cells{failing}  {pace}  {last}");
  const count = counter();
  let last = "";
  let steps = 0;
  const status = () => ({ ...count.status(steps), last });
  return {
    onStart(start) {
      count.start(start);
      bar.start(Math.max(1, start.steps), 0, status());
    },
    onSteps(done) {
      steps = done;
      bar.update(done, status());
    },
    onCell({ index, record }) {
      count.add(record);
      last = describeCell(names[index], record);
      bar.update(status());
    },
    onEnd: () => bar.stop(),
  };
}

function lineDisplay(stream: NodeJS.WritableStream, names: readonly string[]): SweepListener {
  const count = counter();
  let steps = 0;
  let written = Number.NEGATIVE_INFINITY;
  return {
    onStart: (start) => count.start(start),
    onSteps(done) {
      steps = done;
    },
    onCell({ index, record }) {
      count.add(record);
      const now = performance.now();
      if (now - written < LINE_INTERVAL && record.state === "done" && !count.complete()) return;
      written = now;
      const { cells, failing, pace } = count.status(steps);
      stream.write(`${cells}${failing}  ${pace.padEnd(22)}  ${describeCell(names[index], record)}\n`);
    },
    onEnd() {},
  };
}

/** Counts cells, and tells the pace from the training steps done. */
function counter() {
  let start: SweepStart = { cells: 0, done: 0, failed: 0, steps: 0 };
  let began = 0;
  let computed = 0;
  let failing = 0;
  return {
    start(given: SweepStart) {
      start = given;
      failing = given.failed;
      began = performance.now();
    },
    add(record: CellRecord) {
      computed++;
      if (record.state === "failed") failing++;
    },
    complete: () => start.done + start.failed + computed === start.cells,
    status(steps: number) {
      const seconds = (performance.now() - began) / 1000;
      const cells = start.cells - start.done - start.failed;
      // Steps say more than cells while the first cells are still running.
      const share = Math.max(steps / Math.max(1, start.steps), computed / Math.max(1, cells));
      const left = share > 0 ? ` ${duration((seconds * (1 - share)) / share)} left` : "";
      const rate = computed > 0 ? `${formatNumber(computed / seconds)}/s` : "";
      return {
        cells: `${String(start.done + start.failed + computed).padStart(String(start.cells).length)}/${start.cells}`,
        failing: failing > 0 ? `, ${failing} failing` : "",
        pace: `${rate}${rate && left ? "," : ""}${left}`,
      };
    },
  };
}

/** A bar that is gone when all is done. @param format of what stands beside it */
export function progressBar(stream: WriteStream, format: string): SingleBar {
  return new SingleBar({
    stream,
    format: `{bar} {percentage}%  ${format}`,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
  });
}

/** `1 h 12 min`, `3 min 20 s`, `45 s`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.round((whole % 3600) / 60)} min`;
}

/** What came of a cell, in a line. */
export function describeCell(name: string, { state, result, error }: CellRecord): string {
  if (state === "failed" || result === undefined)
    return `${name}: failed: ${printable(error?.message ?? "", LONGEST_ERROR)}`;
  const { trainLoss, lambdaMax } = result.measures;
  const shown = [
    ...(trainLoss === undefined ? [] : [`loss ${formatNumber(trainLoss ?? Number.NaN)}`]),
    ...(lambdaMax === undefined ? [] : [`λ_max ${formatNumber(lambdaMax ?? Number.NaN)}`]),
    ...(hasDiverged(result) ? ["diverged"] : []),
  ];
  return `${name}${shown.length > 0 ? `: ${shown.join(", ")}` : ""}`;
}
