// By the collector's own counters, after it has run: what a training holds must not grow with its steps.

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

const draws = randomStream(1, "heap");
const net = threeLayerNet({ inputs: 4, hidden: 8, outputs: 3 });
const x = Array.from({ length: 150 }, () => Array.from({ length: 4 }, () => draws.normal()));
const y = x.map(() => draws.integer(3));
const objective = hsrObjective(net, { x, y }, { strength: 0.1 });
const optimizer = sgd({ learningRate: 0.1, momentum: 0.9 });

it("1,000 HSR steps on a network of Iris' size grow the heap by less than 1 MB", () => {
  const run = () => minimize(objective, net.init(1), optimizer, { steps: 1000 });
  run();
  const before = used();
  run();
  expect(used() - before).toBeLessThan(1e6);
});
