// The page in Chromium, where it is installed: from a server and from a folder.

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import axe from "axe-core";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { chromium, isInstalled } from "../../test/embedding/chromium.js";
import {
  buildPage,
  drawn,
  file,
  fileAddress,
  openBrowser,
  reached,
  serve,
  tableOf,
  watched,
} from "./support/page.js";

/** Trains for a moment. */
const QUICK = "#hidden=8&steps=60";
/** Bytes of the page, with gzip. */
const BUDGET = 83_300;

beforeAll(buildPage);

describe("the page", () => {
  const text = () => readFileSync(file, "utf8");

  it("is one file within its budget", () => {
    const { length } = gzipSync(text(), { level: 9 });
    console.log(`the playground: ${length} bytes with gzip`);
    expect(length).toBeLessThan(BUDGET);
    expect(text()).not.toMatch(/<link rel="(?!icon)|<script [^>]*src=|@import/);
  });

  it("has a policy that allows its own script and style by their hashes, and nothing else", () => {
    const [, policy] = /http-equiv="Content-Security-Policy" content="(.*?)"/.exec(text()) ?? [];
    expect(policy.replace(/sha256-[\w+/=]{44}/g, "sha256-…")).toBe(
      "default-src 'none'; script-src 'sha256-…' 'wasm-unsafe-eval'; style-src 'sha256-…'; worker-src blob:; img-src data:; base-uri 'none'; form-action 'none'",
    );
  });
});

if (!isInstalled) console.log("Chromium is not installed: the playground is not opened");

describe.runIf(isInstalled)("the page in Chromium", () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof serve>>;
  beforeAll(async () => {
    server = await serve();
    browser = await openBrowser(chromium);
  });
  // What was opened would go on drawing.
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });
  const opened = (fragment = QUICK, options = {}) => watched(browser, `${fileAddress}${fragment}`, options);

  it.each(["a server", "a folder"])(
    "runs from %s, without a click, a request or a word of complaint",
    async (from) => {
      const address = from === "a server" ? server.address : fileAddress;
      const { page, said, requests } = await watched(browser, address + QUICK);
      await drawn(page);
      await reached(page, 60);
      expect(said).toEqual([]);
      const others = requests.filter((url) => !url.startsWith("blob:"));
      expect(others.map((url) => url.replace(/#.*/, ""))).toEqual([address]);
      const colors = await page.locator("canvas").evaluateAll((canvases) =>
        canvases.map((each) => {
          const canvas = each as HTMLCanvasElement;
          const context = canvas.getContext("2d") as CanvasRenderingContext2D;
          const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
          return new Set(new Uint32Array(data.buffer)).size;
        }),
      );
      expect(colors).toHaveLength(6);
      expect(Math.min(...colors)).toBeGreaterThan(5);
    },
  );

  it("shows that λ_max falls with HSR beside gradient descent, from the same start", async () => {
    const { page } = await opened();
    await reached(page, 60);
    const rows = await tableOf(page, "under its bound");
    const numbers = (row: string[]) => row.slice(1).map(Number);
    const [[start, startBound, sameStart, sameBound], [plain, plainBound, flat, flatBound]] = [
      numbers(rows[0]),
      numbers(rows.at(-1) as string[]),
    ];
    expect([sameStart, sameBound]).toEqual([start, startBound]);
    expect(flat).toBeLessThan(0.9 * plain);
    expect(flat).toBeLessThan(start);
    expect(flatBound).toBeGreaterThanOrEqual(flat);
    expect(plainBound).toBeGreaterThanOrEqual(plain);
    expect(await page.locator(".finding").innerText()).toMatch(
      /^Same data, same start, 60 steps each: .* times flatter/,
    );
  });

  it("is restored by the link that it shares, at the step that is shown", async () => {
    const first = await opened("#steps=100");
    await first.page.getByLabel("Data").selectOption("circles");
    await first.page.getByLabel("Hidden units").selectOption("4");
    await first.page.getByLabel("Against descent").selectOption("sam");
    await first.page.getByLabel("Strength").selectOption("0.5");
    await first.page.getByLabel("Wrong labels").selectOption("0.2");
    await reached(first.page, 100);
    await first.page.getByLabel("Step", { exact: false }).first().fill("37");
    await reached(first.page, 37);
    const finding = await first.page.locator(".finding").innerText();
    await first.page.getByRole("button", { name: "Share" }).click();
    const link = await first.page.getByLabel("Link").inputValue();

    const second = await watched(browser, link);
    await reached(second.page, 37);
    await second.page.getByRole("button", { name: "Play" }).waitFor();
    const chosen = await second.page
      .locator("select")
      .evaluateAll((all) => all.map((each) => (each as HTMLSelectElement).value));
    expect(chosen).toEqual(["circles", "4", "sam", "0.5", "0.2"]);
    expect(await second.page.locator(".finding").innerText()).toBe(finding);
  });

  it("says what is wrong with a CSV file, on which line, and takes the next one", async () => {
    const { page, said } = await opened();
    const csv = (row: string) => ({
      name: "pebbles.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(
        `width,height,kind\n${Array.from({ length: 30 }, (_, i) => `${Math.sin(i)},${i},${i % 2 ? "a" : "b"}`).join("\n")}\n${row}\n`,
      ),
    });
    await page.locator("input[type=file]").setInputFiles(csv("3,tall,a"));
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("alert").innerText()).toBe(
      'pebbles.csv, line 32: in column "height", "tall" is not a finite number.',
    );
    // What was shown is shown still, and goes on.
    expect(await page.getByLabel("Data").inputValue()).toBe("moons");
    await page.getByRole("button", { name: /^(Play|Replay)$/ }).click();
    await page.getByRole("alert").waitFor({ state: "detached" });
    await reached(page, 60);
    await page.locator("input[type=file]").setInputFiles(csv("3,4,a"));
    await page.getByRole("alert").waitFor({ state: "detached" });
    await reached(page, 60);
    expect(await page.getByLabel("Data").locator("option:checked").innerText()).toBe("pebbles.csv");
    expect(said).toEqual([]);
  });

  it("goes on showing its data where no file is chosen", async () => {
    const { page } = await opened();
    await reached(page, 60);
    const data = page.getByLabel("Data");
    const asked = page.waitForEvent("filechooser");
    await data.selectOption("csv");
    await asked;
    expect(await data.inputValue()).toBe("moons");
  });

  it("draws on where its reader moves through a run whose successor is being started", async () => {
    const { page, said } = await opened();
    await reached(page, 60);
    await page.evaluate(() => {
      const [, hidden] = document.querySelectorAll("select");
      const timeline = document.querySelector(".timeline input") as HTMLInputElement;
      hidden.value = "4";
      hidden.dispatchEvent(new Event("change", { bubbles: true }));
      for (const step of ["9", "7", "5"]) {
        timeline.value = step;
        timeline.dispatchEvent(new Event("input", { bubbles: true }));
      }
    });
    await page.locator(".finding", { hasText: /, 60 steps each/ }).waitFor();
    await reached(page, 60);
    const regions = () =>
      page
        .locator("canvas")
        .first()
        .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
    const end = await regions();
    await page.locator(".timeline input").fill("3");
    await reached(page, 3);
    await expect.poll(regions).not.toBe(end);
    expect(said).toEqual([]);
  });

  it("goes to the step of another link with the same settings", async () => {
    const { page } = await opened();
    await reached(page, 60);
    await page.evaluate(() => location.assign(`${location.hash}&at=20`));
    await page.getByRole("button", { name: "Play", exact: true }).waitFor();
    await reached(page, 20);
  });

  it("may not compile strings, nor fetch anything", async () => {
    const { page } = await opened();
    const refused = await page.evaluate(
      () =>
        // Later, since code that is evaluated from outside may do more than the page.
        new Promise((resolve) =>
          setTimeout(async () => {
            const nameOf = ({ name }: Error) => name;
            const compiled = await Promise.resolve()
              .then(() => new Function("return 1")())
              .catch(nameOf);
            const fetched = await fetch("https://example.org").catch(nameOf);
            const script = document.createElement("script");
            script.textContent = "document.title = 'mine'";
            document.body.append(script);
            resolve([compiled, fetched, document.title]);
          }),
        ),
    );
    expect(refused).toEqual(["EvalError", "TypeError", "flatward: how sharp is the minimum?"]);
  });

  it("moves through time by dragging and by keys, and goes on from there", async () => {
    const { page } = await opened("#hidden=4&steps=100");
    await reached(page, 100);
    const curves = page.getByLabel("training loss over the steps");
    await curves.scrollIntoViewIfNeeded();
    const box = await curves.boundingBox();
    if (box === null) throw new Error("there are no curves");
    await page.mouse.move(box.x + box.width / 2, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + 44 + 0.25 * (box.width - 96), box.y + 40, { steps: 4 });
    await page.mouse.up();
    await reached(page, 25);
    await curves.press("ArrowLeft");
    await reached(page, 24);
    await page.getByRole("button", { name: "Play" }).click();
    await reached(page, 100);
  });

  it("shows the direction of an eigenvalue that is pointed at, by pointer or keys", async () => {
    const { page } = await opened();
    await reached(page, 60);
    const spectra = page.getByLabel("Eigenvalues of both Hessians");
    await spectra.press("ArrowLeft");
    await page
      .getByText(/^HSR 0.1, eigenvalue 42 of 42: .* % of its direction lies in the plane above$/)
      .waitFor();
    await spectra.press("ArrowUp");
    await page.getByText(/^Gradient descent, eigenvalue 42 of 42: /).waitFor();
    await spectra.scrollIntoViewIfNeeded();
    const box = await spectra.boundingBox();
    if (box === null) throw new Error("there are no spectra");
    await page.mouse.move(box.x + 1, box.y + 90);
    await page.getByText(/^HSR 0.1, eigenvalue 1 of 42: −/).waitFor();
  });

  it("waits where its reader wants less motion, with a whole picture", async () => {
    const { page } = await opened(QUICK, { reducedMotion: "reduce" });
    await drawn(page);
    await reached(page, 1);
    await page.getByRole("button", { name: "Play" }).click();
    await reached(page, 60);
  });

  const desktop = { viewport: { width: 1280, height: 900 } };
  const phone = {
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    hasTouch: true,
    isMobile: true,
  };
  it.each([
    ["desktop, light", { ...desktop, colorScheme: "light" }],
    ["desktop, dark", { ...desktop, colorScheme: "dark" }],
    ["phone, light", { ...phone, colorScheme: "light" }],
    ["phone, dark", { ...phone, colorScheme: "dark" }],
  ] as const)("can be used by everyone: %s", async (_, options) => {
    const { page } = await opened(QUICK, options);
    await reached(page, 60);
    for (const button of await page.getByRole("button", { name: "Table" }).all()) await button.click();
    const check = async () => {
      const { violations } = (await page.evaluate(`${axe.source}; axe.run()`)) as axe.AxeResults;
      return violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`,
      );
    };
    expect(await check()).toEqual([]);
    const controls = page.locator("button, select, input:not([hidden])").filter({ visible: true });
    const tooSmall = await controls.evaluateAll((all) =>
      all.flatMap((each) => {
        const { width, height } = each.getBoundingClientRect();
        return width >= 44 && height >= 44 ? [] : [`${each.outerHTML.slice(0, 60)} ${width}×${height}`];
      }),
    );
    expect(tooSmall).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    await page.getByRole("button", { name: "Share" }).click();
    expect(await check()).toEqual([]);
  });
});
