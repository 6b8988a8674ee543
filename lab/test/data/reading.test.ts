import { describe, expect, it } from "vitest";
import { readingText } from "../../src/data/reading.js";

describe("how data were read, in a line", () => {
  it("counts in the singular, and quotes a name that has a comma", () => {
    const line = readingText({
      name: "t.csv",
      label: "kind",
      samples: 1,
      features: 1,
      classes: ["large, red", "small"],
      reading: { features: ["x"] },
    });
    expect(line).toBe('t.csv: 1 sample, 1 feature (x), 2 classes of “kind” ("large, red", small)');
  });
});
