import { afterEach, describe, expect, it, vi } from "vitest";
import { WIDE } from "../../../src/report/figure.js";
import { curveFigure } from "../../../src/studies/slice/page/curve-figure.js";
import type { SliceDocument } from "../../../src/studies/slice/page/document.js";
import { heightGrid } from "../../../src/studies/slice/page/grid.js";
import { slicePage } from "../../../src/studies/slice/page/html.js";
import { contourLabels } from "../../../src/studies/slice/page/labels.js";
import { mapFigure } from "../../../src/studies/slice/page/map-figure.js";
import { scaleOf } from "../../../src/studies/slice/page/scale.js";
import { surfaceBlock } from "../../../src/studies/slice/page/surface.js";
import { offerSurface, type SurfaceData } from "../../../src/studies/slice/page/surface-client.js";

/** A bowl with a hole in it, whose loss spans decades. */
function bowl(change: Partial<SliceDocument> = {}): SliceDocument {
  const axis = Array.from({ length: 9 }, (_, i) => (i - 4) / 4);
  const values = axis.flatMap((y) => axis.map((x) => 0.001 + x * x + 4 * y * y));
  return {
    format: "flatward-slice/1",
    engine: "0.1.0+test",
    id: "0".repeat(24),
    data: { name: "<bowl>", sha256: "a", label: "kind", samples: 5, features: 2, classes: ["a", "b"] },
    config: {
      network: { hidden: 2, activation: "tanh", loss: "softmax-cross-entropy", bias: true },
      method: { name: "gradient-descent", learningRate: 0.1, momentum: 0 },
      seed: 3,
    },
    training: {
      cell: "c",
      engine: "e",
      steps: 7,
      status: "max-iterations",
      thetaSha256: "t",
      parameters: 12,
    },
    options: {
      directions: "random",
      dimensions: 2,
      points: 9,
      biases: "zero",
      which: "largest",
      orthogonal: false,
      snapshots: 40,
      seed: 5,
      colour: "ws-bound",
    },
    directions: [1, 2].map((k) => ({ name: `random ${k}`, length: k, slope: 0, curvature: 2 * k })),
    cosine: 0.25,
    centre: { loss: [0.001], "ws-bound": [3] },
    axes: [axis, axis],
    values: { loss: values, "ws-bound": values.map((value, i) => (i === 10 ? null : 3 + value)) },
    path: [
      { step: 0, coordinates: [0.8, 0.5], loss: 1.7 },
      { step: 7, coordinates: [0, 0], loss: 0.001 },
    ],
    sha256: "s",
    provenance: {
      node: "20",
      v8: "11",
      platform: "linux",
      processor: "p",
      host: "h",
      engine: "e",
      finished: "f",
      seconds: 1,
    },
    ...change,
  } as unknown as SliceDocument;
}

/** What can be read in a picture, a line each. */
const lettersOf = (svg: string): string =>
  [...svg.matchAll(/>([^<>]+)</g)].map(([, text]) => text).join("\n");
/** What has no place in a picture. */
const strangeIn = (svg: string): string[] => svg.match(/NaN|undefined|null|Infinity/g) ?? [];

describe("The scale of a slice", () => {
  it("is logarithmic where losses span decades, and its levels are round numbers between the extremes", () => {
    const wide = scaleOf("loss", [0.001, 0.5, 40, null], "auto");
    expect(wide.log).toBe(true);
    expect(wide.levels).toEqual([0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30]);
    expect(wide.position(null)).toBeCloseTo(Math.log10(40), 12);
    const narrow = scaleOf("loss", [0.9, 2.1], "auto");
    expect(narrow.log).toBe(false);
    expect(narrow.levels).toEqual(
      [1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2].filter((_, i) => i % 2 === 0),
    );
    expect(scaleOf("loss", [-1e-3, 50], "auto").log).toBe(false);
    expect(scaleOf("loss", [2, 2], "auto").levels).toEqual([]);
  });

  it("has no logarithm of what is not positive, and none of nothing", () => {
    expect(() => scaleOf("the loss", [-1, 5], "log")).toThrow(/--levels log: the loss goes down to -1.00/);
    expect(() => scaleOf("the loss", [null, null], "auto")).toThrow(/finite nowhere .*smaller --range/);
  });
});

describe("The map of a slice", () => {
  it("has a contour a level, at the height that it is labelled with, and nothing that is no number", async () => {
    const document = bowl();
    const svg = await mapFigure(document, "auto", WIDE);
    expect(strangeIn(svg)).toEqual([]);
    for (const text of [
      "seed 5",
      "range ±1",
      "loss at the centre 0.001000",
      "2.00 and 4.00",
      "= 0.250",
      "step 0",
    ])
      expect(lettersOf(svg)).toContain(text);
    expect(lettersOf(svg)).toContain("&lt;bowl&gt;");
    const scale = scaleOf("loss", document.values.loss ?? [], "auto");
    const grid = heightGrid(document, "loss", scale);
    const heightAt = (x: number, y: number) => grid.at((8 * x) / 400, 8 - (8 * y) / 400);
    const labels = contourLabels(scale, 400, 400, heightAt, []);
    expect(labels.length).toBeGreaterThan(4);
    for (const { x, y, level } of labels)
      expect(Math.abs(heightAt(x, y) - Math.log10(level))).toBeLessThan(0.05);
    for (const level of ["0.03", "0.1", "0.3", "1", "3"]) expect(lettersOf(svg).split("\n")).toContain(level);
  });

  it("is drawn in other pixels when the axes are swapped: x goes to the right and y upwards", () => {
    const document = bowl();
    const grid = heightGrid(document, "loss", scaleOf("loss", document.values.loss ?? [], "linear"));
    expect(grid.at(8, 4)).toBeCloseTo(1.001, 12);
    expect(grid.at(4, 8)).toBeCloseTo(4.001, 12);
    expect(heightGrid(document, "ws-bound", scaleOf("b", [1], "linear")).missing).toEqual([
      { column: 1, row: 1 },
    ]);
  });

  it("of a constant is drawn too", async () => {
    const flat = { loss: new Array(81).fill(2), "ws-bound": new Array(81).fill(0) };
    const svg = await mapFigure(bowl({ values: flat, path: undefined as never }), "auto", WIDE);
    expect(strangeIn(svg)).toEqual([]);
  });
});

describe("The curve of a slice", () => {
  it("has gaps where there is no value", async () => {
    const [axis] = bowl().axes;
    const line = bowl({
      axes: [axis],
      values: { loss: axis.map((t, i) => (i === 0 ? null : 1 + t * t)) },
      centre: { loss: [1] },
      path: undefined as never,
      cosine: null,
    });
    expect(strangeIn(await curveFigure(line, ["loss"], "auto", WIDE))).toEqual([]);
  });
});

describe("The page of a slice", () => {
  const document = bowl();
  const block = surfaceBlock(document, "auto", true);
  const page = slicePage(document, [], block);

  it("holds its script whole, and needs nothing else", () => {
    expect(page.match(/<script/g)?.length).toBe(page.match(/<\/script>/g)?.length);
    expect(page.includes("Licensed under the MIT license")).toBe(true);
    // The library waits as a text: nothing of it runs before it is wanted.
    expect(page).toMatch(/<script type="text\/plain" id="surface-library">/);
    expect(page.replace(/<script type[\s\S]*<\/script>/, "")).not.toMatch(
      /<script|<link|src=|@import|NaN|undefined/,
    );
    expect(surfaceBlock(document, "auto", false)).not.toHaveProperty("script");
    expect(page.match(/<polygon/g)).toHaveLength(64);
  });

  /** What the page's script is given. */
  function dataIn({ script }: { script?: unknown }): SurfaceData {
    const [, json] = /\}, (\{"x":.*\})\);<\/script>$/.exec(String(script)) ?? [];
    return JSON.parse(json);
  }

  /** The page's own script, its elements stood in for. */
  function run(webgl: boolean) {
    const elements = new Map<
      string,
      { removed: boolean; textContent: string; clientWidth: number; style: object; remove(): void }
    >();
    let click: (() => void) | undefined;
    const element = (id: string) => {
      const made = {
        removed: false,
        textContent: "",
        clientWidth: 400,
        style: {},
        append() {},
        remove() {
          made.removed = true;
        },
      };
      elements.set(id, elements.get(id) ?? made);
      return elements.get(id);
    };
    vi.stubGlobal("document", {
      documentElement: {},
      getElementById: element,
      createElement: () => ({
        getContext: () => (webgl ? {} : null),
        addEventListener(_: string, listen: () => void) {
          click = listen;
        },
      }),
    });
    vi.stubGlobal("getComputedStyle", () => ({ getPropertyValue: () => " #123456 " }));
    vi.stubGlobal("matchMedia", () => ({ addEventListener() {} }));
    const plot = { newPlot: vi.fn(async () => {}), relayout: vi.fn(async () => {}) };
    const load = vi.fn(() => plot);
    // Its text alone is in the page: what it refers to must be in it.
    const standing = new Function("load", "data", `(${offerSurface.toString()})(load, data)`);
    standing(load, dataIn(block));
    return { plot, elements, load, click: () => click?.() };
  }
  afterEach(() => vi.unstubAllGlobals());

  it("draws the surface where there is WebGL, with the values of the slice", async () => {
    const { plot, elements, load, click } = run(true);
    expect(load).not.toHaveBeenCalled();
    click();
    await vi.waitFor(() => expect(elements.get("surface-still")?.removed).toBe(true));
    const [, traces] = plot.newPlot.mock.calls[0] as unknown as [unknown, Record<string, number[][]>[]];
    expect(traces.map(({ type }) => type)).toEqual(["surface", "scatter3d"]);
    expect(traces[0].z).toHaveLength(9);
    expect(traces[0].z[0][4]).toBeCloseTo(Math.log10(4.001), 12);
    expect(traces[0].surfacecolor[1][1]).toBeNull();
    expect(elements.get("surface-note")?.textContent).toMatch(/Drag to turn/);
  });

  it("draws of the training's path what is above the plane", () => {
    const path = [{ step: 0, coordinates: [0.8, 1.5], loss: 9 }, ...(bowl().path ?? [])];
    const [drawn] = dataIn(surfaceBlock(bowl({ path }), "auto", true)).paths;
    expect([drawn?.x, drawn?.y]).toEqual([
      [null, 0.8, 0],
      [null, 0.5, 0],
    ]);
    expect(drawn?.z.map((z) => z === null)).toEqual([true, false, false]);
  });

  it("keeps the still view where there is none, and says so", () => {
    const { plot, elements } = run(false);
    expect(plot.newPlot).not.toHaveBeenCalled();
    expect(elements.get("surface-still")?.removed ?? false).toBe(false);
    expect(elements.get("surface-live")?.removed).toBe(true);
    expect(elements.get("surface-note")?.textContent).toBe(
      "This browser has no WebGL: this is a still view.",
    );
  });
});
