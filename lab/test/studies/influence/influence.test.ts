// Independent: scores from losses in which one sample alone has a weight, Hessians that are formed, and differences of losses;
// vectors of a Gram matrix by their inner products.

import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { exactHessian, lossAndGradient, symmetricEigen, wsUpperBoundAndGradient } from "flatward";
import { describe, expect, it } from "vitest";
import { rowsOfGram } from "../../../src/studies/influence/correlation.js";
import { directionsAt } from "../../../src/studies/influence/directions.js";
import { influenceTables } from "../../../src/studies/influence/document.js";
import { ratioText, shareText } from "../../../src/studies/influence/intervals.js";
import type { Numbers, Question } from "../../../src/studies/influence/question.js";
import { measureUnits } from "../../../src/studies/influence/run.js";
import { boundOf, largest, scoresOf, topOf } from "../../../src/studies/influence/scores.js";
import { type Unit, unitStoreIn } from "../../../src/studies/influence/store.js";
import { problemOf, trainedAt } from "../../../src/studies/influence/training.js";
import { flatward, flatwardHere, scratch } from "../../support/run.js";

const total = (values: Iterable<number>) => Array.from(values).reduce((sum, each) => sum + each, 0);

describe("scores of samples", () => {
  const problem = problemOf("iris", 3, 0.2);
  const { net, train, labels } = problem;
  const [theta] = trainedAt(problem, train, [40]);
  const found = scoresOf(net, theta, train);
  const count = labels.length;
  const n = net.size;

  it("are those of losses in which one sample alone has a weight", () => {
    const hessian = exactHessian(net, theta, train);
    const { values, vectors } = symmetricEigen(hessian, { vectors: true });
    const v = Float64Array.from({ length: n }, (_, r) => vectors?.data[r * n + n - 1] ?? Number.NaN);
    for (const i of [0, 17, 58]) {
      const weights = Float64Array.from({ length: count }, (_, j) => (i === j ? 1 : 0));
      const alone = { ...train, weights };
      const { loss, gradient } = lossAndGradient(net, theta, alone);
      expect(found.loss[i]).toBeCloseTo(loss, 12);
      expect(found.gradient[i]).toBeCloseTo(Math.hypot(...gradient), 12);
      const own = exactHessian(net, theta, alone).data;
      const form = total(Array.from(own, (entry, at) => entry * v[Math.floor(at / n)] * v[at % n]));
      expect(found.eigenvalue[i] / form).toBeCloseTo(1, 6);
    }
    expect(total(found.eigenvalue) / count / values[n - 1]).toBeCloseTo(1, 8);
    expect(total(found.share) / boundOf(net, theta, train)).toBeCloseTo(1, 11);
    expect(topOf(net, theta, train).value / values[n - 1]).toBeCloseTo(1, 9);
  });

  it("are of labels of which a fifth is wrong", () => {
    const wrong = labels.filter((label, i) => label !== (train.y as Int32Array)[i]).length;
    expect(wrong).toBe(Math.round(count / 5));
  });

  it("rank the largest first, and of equal ones the first", () => {
    expect(largest(Float64Array.of(1, 3, 2, 3, -5), 3)).toEqual([1, 3, 2]);
  });

  it("gradients of tr H and tr H² make up that of B", () => {
    const { moments, gradient } = wsUpperBoundAndGradient(net, theta, train);
    const mean = moments.trace / n;
    const deviation = Math.sqrt(moments.frobeniusSquared / n - mean * mean);
    const root = Math.sqrt(n - 1);
    const { trace, square } = directionsAt(net, theta, train);
    gradient.forEach((entry, i) => {
      const made =
        (1 / n - (root * mean) / (deviation * n)) * trace[i] + (root / (2 * deviation * n)) * square[i];
      expect(Math.abs(made - entry)).toBeLessThan(1e-10 * Math.hypot(...gradient));
    });
  });
});

it("rows have the Gram matrix that they are to have", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 9 }),
      fc.double({ min: -0.1, max: 0.95, noNaN: true }),
      (count, rho) => {
        const gram = Array.from({ length: count }, (_, i) =>
          Array.from({ length: count }, (_, j) => (i === j ? 1 : rho)),
        );
        const rows = rowsOfGram(gram);
        gram.forEach((products, i) => {
          products.forEach((product, j) => {
            expect(total(rows[i].map((entry, k) => entry * rows[j][k]))).toBeCloseTo(product, 12);
          });
        });
      },
    ),
  );
});

it("intervals are of geometric means of ratios, and of means of shares", () => {
  const answers = [{ a: 0.25 }, { a: 1 }];
  // Student's t at 97.5 % and one degree of freedom is 12.706; the deviation over √2 is half the difference.
  const half = 12.7062 * Math.log(2);
  expect(ratioText(answers, ({ a }) => a)).toBe(
    `0.500 [${(0.5 * Math.exp(-half)).toPrecision(3)}, ${(0.5 * Math.exp(half)).toPrecision(3)}]`,
  );
  expect(shareText([{ a: -0.5 }, { a: -0.5 }], ({ a }) => a)).toBe("−50.0 % [−50.0, −50.0]");
});

describe("units of the study", () => {
  const measured: string[] = [];
  const question: Question = {
    name: "question",
    data: ["one", "two"],
    settings: { of: 1 },
    measure(data, seed) {
      measured.push(`${data} ${seed}`);
      return { seed };
    },
    tables: (answers) => [
      {
        title: [...answers.keys()].join(),
        head: [],
        alignment: [],
        rows: [...answers.values()].map((numbers) => numbers.map(({ seed }: Numbers) => `${seed}`)),
        note: "",
      },
    ],
  };
  const units = (of: Question): Unit[] =>
    of.data.flatMap((data) => [1, 2].map((seed) => ({ question: of, data, seed })));
  const run = (folder: string, of = question, signal = new AbortController().signal) => {
    measured.length = 0;
    return measureUnits(units(of), unitStoreIn(folder), () => {}, signal);
  };

  it("are measured once, and again where they are damaged or of other settings", async () => {
    const folder = scratch();
    const answers = await run(folder);
    expect(measured).toEqual(["one 1", "one 2", "two 1", "two 2"]);
    expect(influenceTables(answers)).toMatchObject([
      {
        title: "one,two",
        rows: [
          ["1", "2"],
          ["1", "2"],
        ],
      },
    ]);
    expect(await run(folder)).toEqual(answers);
    expect(measured).toEqual([]);
    const file = join(folder, "units", "question-two-1.json");
    writeFileSync(file, readFileSync(file, "utf8").replace('"numbers":{"seed":1}', '"numbers":{"seed":7}'));
    writeFileSync(join(folder, "units", "question-one-2.json"), "{");
    expect(await run(folder)).toEqual(answers);
    expect(measured).toEqual(["one 2", "two 1"]);
    await run(folder, { ...question, settings: { of: 2 } });
    expect(measured).toHaveLength(4);
  });

  it("that are finished are kept when the study is stopped", async () => {
    const folder = scratch();
    const controller = new AbortController();
    const stopping: Question = {
      ...question,
      measure(data, seed) {
        if (data === "two") controller.abort();
        return question.measure(data, seed);
      },
    };
    await expect(run(folder, stopping, controller.signal)).rejects.toThrow(/goes on where this one stopped/);
    expect(readdirSync(join(folder, "units"))).toHaveLength(3);
    await run(folder, stopping);
    expect(measured).toEqual(["two 2"]);
  });
});

describe("flatward influence", () => {
  it("prints tables, writes JSON and a page that needs nothing else, and measures nothing twice", () => {
    const folder = scratch();
    const command = ["influence", "correlation", "--seeds", "2", "--output", folder];
    const first = flatward(...command);
    expect(first.status).toBe(0);
    expect(first.stdout).toContain("Samples of length 1 that are correlated");
    expect(first.stdout).not.toMatch(/NaN|undefined|Infinity|null/);
    const page = readFileSync(join(folder, "influence.html"), "utf8");
    expect(page).not.toMatch(/<script|<link|@import|src=|url\(|NaN|undefined|Infinity/);
    const files = () =>
      readdirSync(join(folder, "units")).map((name) => [name, statSync(join(folder, "units", name)).mtimeMs]);
    const before = files();
    expect(before).toHaveLength(4);
    const again = flatward(...command, "--json");
    expect(JSON.parse(again.stdout).sha256).toBe(
      JSON.parse(readFileSync(join(folder, "influence.json"), "utf8")).sha256,
    );
    expect(files()).toEqual(before);
    expect(again.stderr).not.toContain("seed 1");
  });

  it("refuses a question that there is not", async () => {
    const { status, stderr } = await flatwardHere("influence", "answers");
    expect(status).toBe(2);
    expect(stderr).toContain(
      "there is no question answers; there are removal, labels, directions, correlation",
    );
  });
});
