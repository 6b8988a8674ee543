import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** The built page: one file. */
export const file = fileURLToPath(new URL("../../../lab/dist/playground/index.html", import.meta.url));
export const fileAddress = pathToFileURL(file).href;

/** As `npm run build` does: vitest's own environment would make another page. */
export function buildPage(): void {
  const vite = fileURLToPath(new URL("../../../node_modules/vite/bin/vite.js", import.meta.url));
  const env = { ...process.env, NODE_ENV: "production" };
  execFileSync(process.execPath, [vite, "build", "--logLevel", "error"], { cwd: root, env });
}

export async function openBrowser(program: string): Promise<Browser> {
  const executablePath = execFileSync("sh", ["-c", `command -v ${program}`], { encoding: "utf8" }).trim();
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
}

/** Serves the file, and nothing else. */
export async function serve(): Promise<{ readonly address: string; close(): void }> {
  const server = createServer(({ url }, response) => {
    if (url !== "/") return response.writeHead(404).end();
    return response.setHeader("Content-Type", "text/html").end(readFileSync(file));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

/** A page, with what it says and asks for. */
export interface Watched {
  readonly page: Page;
  /** Warnings, errors and whatever else it writes to its console. */
  readonly said: string[];
  readonly requests: string[];
}

export async function watched(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<Watched> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const said: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(error.message));
  page.on("request", (request) => requests.push(request.url()));
  page.setDefaultTimeout(120_000);
  await page.goto(address);
  return { page, said, requests };
}

/** Until all panels are drawn. */
export async function drawn(page: Page): Promise<void> {
  await page.waitForFunction(() => performance.getEntriesByName("first picture").length > 0);
}

/** Until so many steps are done, and shown. */
export async function reached(page: Page, step: number): Promise<void> {
  await page.locator(".timeline b", { hasText: new RegExp(`^${step}$`) }).waitFor();
}

/** The rows of a figure's table, by the beginning of its title. */
export async function tableOf(page: Page, title: string): Promise<string[][]> {
  const figure = page.locator(".figure", { has: page.locator("h2", { hasText: title }) });
  await figure.getByRole("button", { name: "Table" }).click();
  const rows = await figure.locator("tbody tr").all();
  return Promise.all(rows.map((row) => row.locator("th, td").allInnerTexts()));
}
