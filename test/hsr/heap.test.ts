// By V8's own counters: what a training holds must not grow with its steps, and a step must find its buffers made.

import { Session } from "node:inspector";
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { hsrObjective, minimize, randomStream, sgd, threeLayerNet } from "../../src/index.js";

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

const used = (): number => {
  collect();
  return getHeapStatistics().used_heap_size + getHeapStatistics().external_memory;
};

/** Bytes of all objects made meanwhile, collected or not; memory of typed arrays lies outside. */
function allocated(run: () => void): number {
  const session = new Session();
  session.connect();
  session.post("HeapProfiler.startSampling", {
    samplingInterval: 1024,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  } as object);
  run();
  let bytes = 0;
  session.post("HeapProfiler.stopSampling", (_, { profile }) => {
    const open = [profile.head];
    for (let node = open.pop(); node; node = open.pop()) {
      bytes += node.selfSize;
      open.push(...node.children);
    }
  });
  session.disconnect();
  return bytes;
}

const draws = randomStream(1, "heap");
const net = threeLayerNet({ inputs: 4, hidden: 8, outputs: 3 });
const x = Array.from({ length: 150 }, () => Array.from({ length: 4 }, () => draws.normal()));
const y = x.map(() => draws.integer(3));
const objective = hsrObjective(net, { x, y }, { strength: 0.1 });
const optimizer = sgd({ learningRate: 0.1, momentum: 0.9 });
const run = (steps: number) => minimize(objective, net.init(1), optimizer, { steps });

it("1,000 HSR steps on a network of Iris' size grow the heap by less than 1 MB", () => {
  expect(run(1000).steps).toBe(1000);
  const before = used();
  run(1000);
  // Compiled code and its feedback account for up to half of it.
  expect(used() - before).toBeLessThan(1e6);
});

it("such a step makes less than 25 kB of objects", () => {
  run(100);
  expect(allocated(() => run(100))).toBeLessThan(100 * 25e3);
});
