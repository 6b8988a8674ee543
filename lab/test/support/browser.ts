import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { isInstalled } from "../../../test/embedding/chromium.js";

export { isInstalled };

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** How a page is looked at. */
export interface Look {
  readonly width: number;
  readonly dark?: boolean;
  readonly print?: boolean;
}

/** What is wrong with a page for those who look at it, or have it read to them. */
export interface Seen {
  /** Axe's rules that something breaks, and what. */
  readonly violations: readonly string[];
  /** Pixels from the top to the first picture. */
  readonly firstFigure: number;
  readonly scrollsSideways: boolean;
  /** Captions of tables that are wider than their box, with nothing that shows it. */
  readonly cutTables: readonly string[];
  /** Requests beyond the page's own file. */
  readonly requests: readonly string[];
  readonly errors: readonly string[];
}

/** Debian's Chromium, without a window. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
}

/** A page as it is seen, then with all that is folded opened, which print does by itself. */
export async function look(browser: Browser, path: string, { width, dark, print }: Look): Promise<Seen> {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: dark ? "dark" : "light",
  });
  try {
    const page = await context.newPage();
    const requests: string[] = [];
    const errors: string[] = [];
    const own = pathToFileURL(path).href;
    page.on("request", (request) => {
      const url = request.url();
      if (url !== own && !url.startsWith("data:")) requests.push(url);
    });
    page.on("pageerror", (error) => errors.push(String(error)));
    if (print) await page.emulateMedia({ media: "print" });
    await page.goto(own);
    const firstFigure = await page.evaluate(
      () =>
        [...document.querySelectorAll("figure")]
          .find((figure) => figure.checkVisibility())
          ?.getBoundingClientRect().top ?? Number.POSITIVE_INFINITY,
    );
    if (!print)
      await page.evaluate(() => {
        for (const part of document.querySelectorAll("details")) part.open = true;
      });
    const violations = await violationsOf(page);
    const { scrollsSideways, cutTables } = await page.evaluate(measureTables, print === true);
    return { violations, firstFigure, scrollsSideways, cutTables, requests, errors };
  } finally {
    await context.close();
  }
}

async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { violations } = await (
      globalThis as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      }
    ).axe.run();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`));
  });
}

/** In the page. On paper nothing can be scrolled. */
function measureTables(print: boolean) {
  const cut = [...document.querySelectorAll("table")].filter((table) => {
    // The list of cells alone is left out on paper.
    if (!table.checkVisibility()) return print && table.closest("details.bulk") === null;
    const box = table.parentElement as HTMLElement;
    if (table.getBoundingClientRect().width <= box.clientWidth + 1) return false;
    const { overflowX, backgroundImage } = getComputedStyle(box);
    return print || overflowX !== "auto" || !backgroundImage.includes("radial-gradient");
  });
  return {
    scrollsSideways: document.documentElement.scrollWidth > document.documentElement.clientWidth,
    cutTables: cut.map((table) => table.caption?.textContent ?? "without a caption"),
  };
}
