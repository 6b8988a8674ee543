import { describe, expect, it } from "vitest";
import { hsrSettings } from "../../../src/hsr/index.js";
import { multilayerNet } from "../../../src/index.js";

describe("samples that ∇B is computed from by default", () => {
  const strength = 0.1;
  for (const inputs of [4, 20, 784]) {
    for (const hidden of [[32], [256], [32, 32]]) {
      const net = multilayerNet({ sizes: [inputs, ...hidden, 10] });
      for (const count of [5, 32, 64, 512]) {
        it(`are as many as half a gradient a step pays for, and 8 at least: ${inputs}-${hidden}-10 at ${count}`, () => {
          const { samples, every, gradients } = hsrSettings(net, count, { strength });
          expect(Math.log2(Number(samples)) % 1).toBe(0);
          expect(samples).toBeGreaterThanOrEqual(8);
          if (samples === 8) expect(gradients).toBeLessThanOrEqual(2);
          else {
            expect(samples).toBeLessThanOrEqual(count);
            expect(gradients).toBeLessThanOrEqual(1.5);
            expect(every).toBe(10);
          }
          const twice = 2 * Number(samples);
          if (twice > count) return;
          // Where ∇B is held for longer than it takes gradients, a step's share of it is what it costs.
          expect(hsrSettings(net, count, { strength, samples: twice, every: 10 }).gradients).toBeGreaterThan(
            1.5,
          );
        });
      }
    }
  }

  it("are more where a direction is held for longer, and what is asked for where that is", () => {
    const net = multilayerNet({ sizes: [64, 32, 10] });
    expect(hsrSettings(net, 64, { strength }).samples).toBe(8);
    expect(hsrSettings(net, 64, { strength, every: 50 }).samples).toBe(64);
    expect(hsrSettings(net, 64, { strength, every: 1 }).samples).toBe(8);
    expect(hsrSettings(net, 64, { strength, samples: 12 }).samples).toBe(12);
    expect(hsrSettings(net, 64, { strength, form: "alternating" }).samples).toBe("all");
  });
});
