import { tensor } from "flatward/tensor";
import { describe, expect, it } from "vitest";
import { fitStandardization, standardize } from "../../src/data/scaling.js";
import { loadSource } from "../../src/data/sources.js";

const iris = loadSource({ name: "iris" });

describe("standardisation", () => {
  it.each([1e-300, 1e-200, 1, 1e200, 1e300])("keeps a feature of size %d", (size) => {
    const x = tensor(Float64Array.of(size, 2 * size, 3 * size), [3, 1]);
    standardize(x, fitStandardization(x));
    const [low, middle, high] = x.data;
    expect(middle).toBeCloseTo(0, 12);
    expect(high).toBeCloseTo(Math.sqrt(1.5), 12);
    expect(low).toBeCloseTo(-Math.sqrt(1.5), 12);
  });

  it("gives the rows it was fitted to mean 0 and deviation 1, and leaves constant features centred", () => {
    const [count, width] = [150, 5];
    const data = Float64Array.from({ length: count * width }, (_, at) => {
      const [i, j] = [Math.floor(at / width), at % width];
      return j < 4 ? iris.x[4 * i + j] : 0.1;
    });
    const x = tensor(data, [count, width]);
    standardize(x, fitStandardization(x));
    for (let j = 0; j < width; j++) {
      const column = Array.from({ length: count }, (_, i) => data[i * width + j]);
      const mean = column.reduce((a, b) => a + b) / count;
      const variance = column.reduce((a, b) => a + (b - mean) * (b - mean), 0) / count;
      expect(Math.abs(mean)).toBeLessThan(1e-13);
      if (j < width - 1) expect(Math.abs(variance - 1)).toBeLessThan(1e-12);
      else expect(variance).toBeLessThan(1e-24);
    }
  });
});
