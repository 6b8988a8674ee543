import { expect, it } from "vitest";
import { latest } from "../src/state/latest.js";

it("runs one at a time, and of those that come meanwhile the last", async () => {
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const follow = latest((argument: number) => {
    begun.push(argument);
    return new Promise<void>((end) => ends.push(end));
  });
  for (const argument of [1, 2, 3]) follow(argument);
  expect(begun).toEqual([1]);
  ends[0]();
  await Promise.resolve();
  expect(begun).toEqual([1, 3]);
});
