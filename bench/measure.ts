// Measures one task, named by its position, in a process of its own, so that peak memory is the task's.
import Benchmark from "benchmark";
import { tasks } from "./tasks.js";

const run = tasks[Number(process.argv[2])].setUp();
const benchmark = new Benchmark(run, { minSamples: 7, maxTime: 2 }).run();
const samples = [...benchmark.stats.sample].sort((a, b) => a - b);
const result = {
  seconds: samples[samples.length >> 1],
  peakMegabytes: process.resourceUsage().maxRSS / 1024,
};
process.stdout.write(JSON.stringify(result));
