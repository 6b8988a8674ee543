import { expect, it } from "vitest";
import { loadSource } from "../../src/data/sources.js";

import { loadManifestData, type ManifestData } from "../../src/sweep/manifest.js";

function described(draw: number): ManifestData {
  const source = { name: "moons" as const, samples: 4, noise: 0, draw };
  const { name, sha256, label, features, y, classes } = loadSource(source);
  return { source, name, sha256, label, samples: y.length, features: features.length, classes: [...classes] };
}

it("a thread keeps the data that it has used last, and no more than 256 MiB, where a small set counts 64 KiB", () => {
  const all = Array.from({ length: 4097 }, (_, draw) => described(draw));
  const [first, second] = all;
  const [kept, given] = [loadManifestData(first), loadManifestData(second)];
  for (const data of all.slice(2, -1)) loadManifestData(data);
  expect(loadManifestData(first)).toBe(kept);
  loadManifestData(all[4096]);
  expect(loadManifestData(first)).toBe(kept);
  expect(loadManifestData(second)).not.toBe(given);
});
