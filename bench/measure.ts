// Measures one task, named by its position, in a process of its own, so that peak memory is the task's.
import Benchmark from "benchmark";
import { tasks } from "./all.js";

const { setUp, slow } = tasks[Number(process.argv[2])];
const run = await setUp();

function medianSeconds(): number {
  if (slow) {
    const started = performance.now();
    run();
    return (performance.now() - started) / 1000;
  }
  const { stats } = new Benchmark(run, { minSamples: 7, maxTime: 2 }).run();
  const samples = [...stats.sample].sort((a, b) => a - b);
  return samples[samples.length >> 1];
}

const result = { seconds: medianSeconds(), peakMegabytes: process.resourceUsage().maxRSS / 1024 };
process.stdout.write(JSON.stringify(result));
