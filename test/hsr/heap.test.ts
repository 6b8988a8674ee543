// By V8's own counters: what a training holds must not grow with its steps, and a step must find its buffers made.

import { Session } from "node:inspector";
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import {
  hessianOperator,
  hsrObjective,
  minimize,
  prepareCurvature,
  randomStream,
  sgd,
  threeLayerNet,
} from "../../src/index.js";

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

const used = (): number => {
  // The memory of arrays that are gone is counted off by the collection after that which finds them gone.
  collect();
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
const objective = hsrObjective(net, { x, y }, { strength: 0.1, every: 1, samples: "all" });
const optimizer = sgd({ learningRate: 0.1, momentum: 0.9 });
const run = (steps: number) => minimize(objective, net.init(1), optimizer, { steps });

it("1,000 HSR steps on a network of Iris' size grow the heap by less than 1 MB", () => {
  expect(run(1000).steps).toBe(1000);
  // Compiled code and its feedback make some of it, and come when they like: what steps keep, they keep every time.
  const growths = Array.from({ length: 3 }, () => {
    const before = used();
    run(1000);
    return used() - before;
  });
  expect(Math.min(...growths)).toBeLessThan(1e6);
});

it("such a step makes less than 9 kB of objects", () => {
  run(100);
  expect(allocated(() => run(1000))).toBeLessThan(1000 * 9e3);
});

describe("what is prepared makes next to no objects once it was called", () => {
  const curvature = prepareCurvature(net, { x, y });
  const places = [net.init(1), net.init(2)];
  const vector = new Float64Array(net.size);
  const matrix = new Float64Array(net.size * net.size);
  const operator = hessianOperator(net, places[0], { x, y });

  it.each([
    ["loss and gradient", 700, (theta: Float64Array) => curvature.lossAndGradient(theta, vector)],
    ["moments", 3e3, (theta: Float64Array) => curvature.moments(theta)],
    [
      "the bound and its gradient",
      5e3,
      (theta: Float64Array) => curvature.wsUpperBoundAndGradient(theta, vector),
    ],
    ["the Hessian", 2e3, (theta: Float64Array) => curvature.hessian(theta, matrix)],
    ["H·v", 800, (theta: Float64Array) => operator.apply(theta, vector)],
  ])("%s", (_, bytes, call) => {
    const often = (times: number) => {
      for (let i = 0; i < times; i++) call(places[i % 2]);
    };
    often(500);
    // The profiler throws optimized code away: among so many calls the few until it is back count for little.
    expect(allocated(() => often(1000))).toBeLessThan(1000 * bytes);
  });
});

it("evaluations of one step with a mini-batch keep nothing", () => {
  const stochastic = hsrObjective(net, { x, y }, { strength: 0.1, batchSize: 64, every: 1 });
  const theta = net.init(1);
  const evaluate = () => {
    for (let time = 0; time < 50; time++) stochastic.valueAndGradient(theta);
  };
  evaluate();
  // As above, what is kept is kept every time.
  const growths = Array.from({ length: 6 }, () => {
    const before = used();
    evaluate();
    return used() - before;
  });
  expect(Math.min(...growths)).toBeLessThan(2e5);
});
