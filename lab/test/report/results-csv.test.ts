import { readFileSync } from "node:fs";
import { join } from "node:path";
import Papa from "papaparse";
import { describe, expect, it } from "vitest";
import { resultsCsv } from "../../src/report/results-csv.js";
import type { SweepResults } from "../../src/sweep/results.js";
import { prepared, swept } from "../support/swept.js";

/** As another program reads it. */
const read = (text: string) => Papa.parse<Record<string, string>>(text.trimEnd(), { header: true });

describe("results as CSV", () => {
  it("have one row a cell with every digit of what results.json has", () => {
    const { plan, out } = prepared();
    swept(plan, out);
    const { problems }: SweepResults = JSON.parse(readFileSync(join(out, "results.json"), "utf8"));
    const { data: rows, errors } = read(readFileSync(join(out, "results.csv"), "utf8"));
    expect(errors).toEqual([]);
    expect(rows.map(({ index }) => index)).toEqual(["0", "1", "2", "3"]);
    for (const { label, family, cells } of problems[0].groups)
      for (const { index, id, seed, status, sha256, measures } of cells) {
        expect(rows[index]).toMatchObject({
          id,
          group: label,
          method: family,
          seed: `${seed}`,
          status,
          sha256,
        });
        for (const [name, value] of Object.entries(measures)) expect(Number(rows[index][name])).toBe(value);
      }
  });

  it("quote what needs it, leave empty what is no number, and tell failures", () => {
    const label = 'a "b", c\n d';
    const cell = { index: 1, id: "1", seed: 3, sha256: "f", status: "non-finite" };
    const text = resultsCsv({
      problems: [
        {
          label: " hidden 8",
          groups: [
            {
              label,
              family: "sam",
              cells: [{ ...cell, measures: { trainLoss: Number.NaN, lambdaMax: 0.1 } }],
            },
          ],
        },
      ],
      failures: [{ index: 0, id: "0", message: "x, y" }],
    } as unknown as SweepResults);
    const { data, errors } = read(text);
    expect(errors).toEqual([]);
    expect(data).toHaveLength(2);
    expect(data[0]).toMatchObject({ index: "0", status: "failed", error: "x, y", trainLoss: "", group: "" });
    expect(data[1]).toMatchObject({ problem: " hidden 8", group: label, trainLoss: "", lambdaMax: "0.1" });
  });
});
