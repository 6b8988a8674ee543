import type { WriteStream } from "node:tty";
import { SingleBar } from "cli-progress";
import type { ComparisonListener } from "../experiment/compare.js";
import type { Method } from "../experiment/methods.js";
import type { RunResult } from "../experiment/run.js";
import { formatNumber } from "../report/format.js";

/** A progress bar on a terminal, one plain line a run elsewhere. */
export function progressDisplay(stream: WriteStream): ComparisonListener {
  return stream.isTTY ? barDisplay(stream) : lineDisplay(stream);
}

function barDisplay(stream: WriteStream): ComparisonListener {
  const bar = new SingleBar({
    stream,
    format: "{bar} {percentage}%  {runs}/{allRuns} runs, {eta_formatted} left  {last}",
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 28,
    hideCursor: true,
    clearOnComplete: true,
    etaBuffer: 100,
  });
  let runs = 0;
  // A bar hides the cursor: it must come back, however the command ends.
  const interrupted = (signal: NodeJS.Signals): void => {
    bar.stop();
    stream.write("flatward: interrupted; nothing was written\n");
    process.exit(signal === "SIGINT" ? 130 : 143);
  };
  return {
    onStart(allRuns, allSteps) {
      process.on("SIGINT", interrupted).on("SIGTERM", interrupted);
      bar.start(allSteps, 0, { runs: 0, allRuns, last: "" });
    },
    onSteps: (done) => bar.update(done),
    onRun: (method, run) => bar.update({ runs: ++runs, last: describeRun(method, run) }),
    onEnd() {
      process.off("SIGINT", interrupted).off("SIGTERM", interrupted);
      bar.stop();
    },
  };
}

function lineDisplay(stream: NodeJS.WritableStream): ComparisonListener {
  let runs = 0;
  let all = 0;
  return {
    onStart(allRuns) {
      all = allRuns;
    },
    onSteps() {},
    onRun(method, run) {
      runs++;
      stream.write(`${String(runs).padStart(String(all).length)}/${all}  ${describeRun(method, run)}\n`);
    },
    onEnd() {},
  };
}

function describeRun({ label }: Method, { seed, measures, status }: RunResult): string {
  const end = status === "non-finite" ? ", diverged" : "";
  return `${label}, seed ${seed}: loss ${formatNumber(measures.trainLoss)}, λ_max ${formatNumber(measures.lambdaMax)}${end}`;
}
