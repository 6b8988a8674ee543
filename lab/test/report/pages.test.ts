import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { html } from "@remix-run/html-template";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sweepReport } from "../../src/report/html.js";
import { inLine, lines } from "../../src/report/parts.js";
import { problemFigures } from "../../src/report/problem-figures.js";
import { sweepFigures } from "../../src/report/sweep-figures.js";
import { studies } from "../../src/studies/index.js";
import type { SliceDocument } from "../../src/studies/slice/page/document.js";
import { writeSlice } from "../../src/studies/slice/page/write.js";
import type { SpectrumDocument } from "../../src/studies/spectrum/page/document.js";
import { writeSpectrum } from "../../src/studies/spectrum/page/write.js";
import { chaptersOf } from "../../src/studies/study.js";
import { collect } from "../../src/sweep/results.js";
import { openSweep } from "../../src/terminal/choose-cells.js";
import { isInstalled, look, openBrowser } from "../support/browser.js";
import { flatward, scratch } from "../support/run.js";
import { writePlan } from "../support/sweeps.js";
import { swept } from "../support/swept.js";

/** Ends an attribute, adds one that acts, ends the tag, and begins one of its own. */
const HOSTILE = `x" onerror="alert(1)'><img src=x onerror=alert(1)>&amp;`;
/** What a reader is to see of it, however its quotes are written. */
const SHOWN =
  /x(?:"|&quot;) onerror=(?:"|&quot;)alert\(1\)(?:'|&#39;)&gt;&lt;img src=x onerror=alert\(1\)&gt;&amp;amp;/;

/** A name that is no markup anywhere in a page. */
function expectEscaped(page: string): void {
  expect(page).toMatch(SHOWN);
  const tags = page.replace(/<script[^>]*>[\s\S]*?<\/script>/g, "").match(/<[a-z][^<>]*>/g) ?? [];
  expect(tags.length).toBeGreaterThan(20);
  // What is left of a tag without its attributes' values.
  expect(tags.map((tag) => tag.replace(/"[^"]*"/g, "")).filter((tag) => tag.includes("onerror"))).toEqual([]);
  expect(page).not.toContain("<img");
}

/** Keys under which results hold what people write, and what machines say of themselves. */
const texts = new Set(["label", "name", "title", "about", "message", "classes", "platform", "processor"]);

/** The same with that name in the place of every text. */
function planted<Value>(value: Value, key = ""): Value {
  if (typeof value === "string") return (texts.has(key) ? HOSTILE : value) as Value;
  // The names of methods and sources are words of ours.
  if (typeof value !== "object" || value === null || ["method", "methods", "source"].includes(key))
    return value;
  if (Array.isArray(value)) return value.map((part) => planted(part, key)) as Value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, planted(part, name)]),
  ) as Value;
}

/** A CSV file that has that name for its own, for a feature, for the label and for a class. */
function hostileData(): string {
  const cell = `"${HOSTILE.replaceAll('"', '""')}"`;
  const rows = Array.from({ length: 24 }, (_, i) => `${Math.sin(i)},${i % 2},${i % 2 ? "plain" : cell}`);
  const path = join(scratch(), `${HOSTILE}.csv`);
  writeFileSync(path, [`a,${cell},${cell.replace("x", "x label ")}`, ...rows].join("\n"));
  return path;
}

describe("The template of pages", () => {
  it("escapes text and attributes, once however deep, and nothing that says it is raw", () => {
    const inner = html`<b title="${HOSTILE}">${HOSTILE}</b>`;
    const escaped = "x&quot; onerror=&quot;alert(1)&#39;&gt;&lt;img src=x onerror=alert(1)&gt;&amp;amp;";
    expect(String(inner)).toBe(`<b title="${escaped}">${escaped}</b>`);
    expect(String(html`<i>${inner}${[inner, "<", [1, undefined]]}</i>`)).toBe(`<i>${inner}${inner}&lt;1</i>`);
    expect(String(html`${html.raw`<svg>${"<g/>"}</svg>`}`)).toBe("<svg><g/></svg>");
  });

  it("puts pieces on lines, or beside each other, without those that are not there", () => {
    const pieces = ["<", ">"].map((text) => html`<b>${text}</b>`);
    expect(String(lines([undefined, ...pieces, undefined]))).toBe("<b>&lt;</b>\n<b>&gt;</b>");
    expect(String(inLine(pieces))).toBe("<b>&lt;</b> <b>&gt;</b>");
    expect(String(lines([]))).toBe("");
  });
});

/** Every kind of page, as the tests below write it. */
const written = new Map<string, string>();

describe("A name that would be markup", () => {
  const data = hostileData();
  const quick = ["--hidden", "2", "--steps", "3"];

  it("is shown as it is in the report of a sweep with every study in it", async () => {
    const folder = scratch();
    const plan = writePlan(
      folder,
      {
        title: HOSTILE,
        about: HOSTILE,
        data: { name: "csv", path: data },
        network: { hidden: [2, 3] },
        methods: [{ name: "gradient-descent", learningRate: [0.1, 0.2] }],
        training: { steps: 3 },
        seeds: { count: 5 },
        measures: [
          ...["trainLoss", "testLoss", "testAccuracy", "generalizationGap", "gradientNorm", "trace", "curve"],
          ...["lambdaMin", "lambdaMax", "powerLambda", "powerSpread", "normalizedSharpness", "eigenvalues"],
          ...[
            "filterEdge",
            "edgeShare",
            "outsideFilter",
            "tightness",
            "fourMomentsRatio",
            "effectiveOutliers",
          ],
        ],
      },
      `${HOSTILE}.json`,
    );
    const out = join(folder, "out");
    swept(plan, out);
    expectEscaped(readFileSync(join(out, "report.html"), "utf8"));
    written.set("a sweep", join(out, "report.html"));

    // Names of networks and methods, errors and machines, in sections, tables and figures.
    const { manifest, store } = openSweep(out);
    const results = collect(manifest, store);
    const { id } = manifest.cells[0];
    const everywhere = planted({ ...results, failures: [{ index: 0, id, message: HOSTILE }] });
    const chapters = await chaptersOf(studies)();
    const drawn = chapters.flatMap(({ figures = [] }) => figures);
    const overall = await sweepFigures(everywhere, store, drawn);
    const problems = await Promise.all(
      everywhere.problems.map((problem) => problemFigures(problem, store, "")),
    );
    const page = sweepReport(everywhere, { overall, problems }, chapters, HOSTILE, HOSTILE);
    for (const text of [
      "Bound over λ<sub>max</sub>",
      "Runs against their optimizer",
      "Is it a minimum",
      "failed: x",
    ])
      expect(page).toContain(text);
    expect(overall.length).toBeGreaterThan(4);
    expectEscaped(page);
    for (const chapter of chapters) {
      const path = join(folder, `${chapter.title}.html`);
      writeFileSync(path, sweepReport(results, { overall, problems }, [chapter], plan, out));
      written.set(chapter.title, path);
    }
  });

  it("is shown as it is in a spectrum", async () => {
    const folder = scratch();
    const few = ["--samples", "12", "--probes", "2", "--lanczos-steps", "4"];
    expect(flatward("spectrum", data, ...quick, ...few, "--output", folder).status).toBe(0);
    expectEscaped(readFileSync(join(folder, "spectrum.html"), "utf8"));

    const document: SpectrumDocument = JSON.parse(readFileSync(join(folder, "spectrum.json"), "utf8"));
    const { pagePath } = await writeSpectrum(planted(document), scratch());
    expectEscaped(readFileSync(pagePath, "utf8"));
    written.set("a spectrum", join(folder, "spectrum.html"));
  });

  it("is shown as it is in an explanation", () => {
    const folder = scratch();
    expect(flatward("explain", data, ...quick, "--output", folder).status).toBe(0);
    expectEscaped(readFileSync(join(folder, "explain.html"), "utf8"));
    written.set("an explanation", join(folder, "explain.html"));
  });

  it("is shown as it is in a slice", async () => {
    const folder = scratch();
    expect(flatward("slice", data, ...quick, "--points", "3", "--output", folder).status).toBe(0);
    const [slice] = readdirSync(folder).filter((name) => name.startsWith("slice-"));
    expectEscaped(readFileSync(join(folder, slice, "slice.html"), "utf8"));

    const document: SliceDocument = JSON.parse(readFileSync(join(folder, slice, "slice.json"), "utf8"));
    const { pagePath } = await writeSlice(planted(document), scratch(), { levels: "auto", surface: true });
    expectEscaped(readFileSync(pagePath, "utf8"));
    written.set("a slice", join(folder, slice, "slice.html"));
  });
});

describe.runIf(isInstalled)("Every page", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  it("can be read by everyone, wide, narrow, dark and on paper, and shows its picture first", async () => {
    expect([...written.keys()]).toHaveLength(7);
    for (const [name, path] of written)
      for (const how of [{ width: 1280 }, { width: 390, dark: true }, { width: 690, print: true }]) {
        const { firstFigure, ...seen } = await look(browser, path, how);
        const at = `${name}, ${JSON.stringify(how)}`;
        expect(seen, at).toEqual({
          violations: [],
          scrollsSideways: false,
          cutTables: [],
          requests: [],
          errors: [],
        });
        if (how.width === 1280) expect(firstFigure, at).toBeLessThan(900);
      }
  });
});
