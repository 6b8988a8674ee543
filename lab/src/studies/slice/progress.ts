import type { WriteStream } from "node:tty";
import { damageNotice } from "../../terminal/notice.js";
import { duration, progressBar } from "../../terminal/progress.js";
import type { SliceListener } from "./compute.js";

/** Milliseconds between two lines, where there is no terminal. */
const LINE_INTERVAL = 5000;

/** A progress bar on a terminal; elsewhere a line now and then. @param folder of the slice */
export function sliceProgress(stream: WriteStream, folder: string): SliceListener {
  const bar = stream.isTTY ? progressBar(stream, "{value}/{total} evaluations  {left}") : undefined;
  let all = 0;
  let before = 0;
  let began = 0;
  let written = 0;
  const left = (done: number): string => {
    const seconds = (performance.now() - began) / 1000;
    return done > before ? `${duration((seconds * (all - done)) / (done - before))} left` : "";
  };
  return {
    onStart(count, done, damaged) {
      stream.write(damageNotice(damaged, "row", folder, "computed again"));
      all = count;
      before = done;
      began = performance.now();
      written = began;
      bar?.start(all, done, { left: "" });
    },
    onPoints(done) {
      if (bar) return bar.update(done, { left: left(done) });
      if (performance.now() - written < LINE_INTERVAL) return;
      written = performance.now();
      stream.write(`${done}/${all} evaluations, ${left(done)}\n`);
    },
    onEnd: () => bar?.stop(),
  };
}
