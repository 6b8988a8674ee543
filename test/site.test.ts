// The documentation as `npm run docs` builds it: every export has its place, every link leads somewhere, a browser shows it.

import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromium, isInstalled, switches } from "./embedding/chromium.js";
import { entryPoints } from "./wrong-calls/calls.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "flatward-site-"));
const site = join(folder, "site");

/** Every page by its path. */
const pages = new Map<string, string>();
const filesIn = (path: string) =>
  readdirSync(path, { encoding: "utf8", recursive: true }).filter((name) => !name.includes("node_modules"));

beforeAll(() => {
  // It ends with an error for what has no description, and for links in the sources of pages that lead nowhere.
  execFileSync("npm", ["run", "build", "--workspace", "site", "--", "--out", site], { cwd: root });
  for (const name of filesIn(site).filter((path) => path.endsWith(".html")))
    pages.set(name, readFileSync(join(site, name), "utf8").replaceAll("<wbr/>", ""));
}, 600_000);

afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));

const attributes = (html: string, name: string) =>
  [...html.matchAll(new RegExp(`<\\w[^>]*? ${name}="([^"]*)"`, "g"))].map(([, value]) => decodeURI(value));

describe("the documentation", () => {
  it.each(Object.entries(entryPoints))("lists every export of %s", (entryPoint, exported) => {
    const name = entryPoint === "flatward" ? "flatward" : `flatward_${entryPoint}`;
    const page = pages.get(join("modules", `${name}.html`)) ?? "";
    expect(Object.keys(exported).filter((each) => !page.includes(`>${each}<`))).toEqual([]);
  });

  it.each(Object.entries(entryPoints))("speaks of every export of %s on one of its pages", (_, exported) => {
    const written = ["README.md", ...filesIn(join(root, "docs")).map((path) => join("docs", path))];
    const sources = written.filter((path) => path.endsWith(".md"));
    const text = sources.map((path) => readFileSync(join(root, path), "utf8")).join("\n");
    expect(Object.keys(exported).filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
  });

  it("has every page in the list of docs/README.md, by which the site is navigated", () => {
    const list = readFileSync(join(root, "docs/README.md"), "utf8");
    const listed = [...list.matchAll(/^- \[.*?\]\((?!\.\.)(.*?)\)/gm)].map(([, path]) => path);
    const written = filesIn(join(root, "docs")).filter(
      (path) => path.endsWith(".md") && path !== "README.md",
    );
    expect(listed.sort()).toEqual(written.sort());
  });

  it("has pictures with a ground of their own, light and dark, since pages that show them have other colours", () => {
    const pictures = filesIn(join(root, "docs")).filter((path) => path.endsWith(".svg"));
    expect(pictures.length).toBeGreaterThan(3);
    const bare = pictures.filter((path) => {
      const svg = readFileSync(join(root, "docs", path), "utf8");
      const ground = /<\/style>\s*<rect [^>]*fill="var\(--paper\)"/;
      return !ground.test(svg) || !/prefers-color-scheme: dark\) \{\s*:root \{ --paper/.test(svg);
    });
    expect(bare).toEqual([]);
  });

  it("has no link that leads nowhere, and no anchor that is missing", () => {
    let count = 0;
    const dead: string[] = [];
    const ids = new Map([...pages].map(([page, html]) => [page, new Set(attributes(html, "id"))]));
    for (const [page, html] of pages)
      for (const link of attributes(html, "href").filter((href) => !/^[a-z]+:/.test(href))) {
        count++;
        const [path, anchor] = link.split("#");
        const target = path === "" ? page : normalize(join(dirname(page), path));
        const isThere = existsSync(join(site, target)) && (!anchor || (ids.get(target)?.has(anchor) ?? true));
        if (!isThere) dead.push(`${page}: ${link}`);
      }
    expect(dead).toEqual([]);
    expect(count).toBeGreaterThan(10_000);
  });

  it("links the pages that docstrings name", () => {
    const reference = [...pages].filter(([page]) => page.startsWith("functions"));
    expect(
      reference.filter(([, html]) => html.includes(">Estimates for every network</a>")).length,
    ).toBeGreaterThan(0);
    expect(
      reference.filter(([, html]) => />[^<]*docs\/[\w/-]+\.md/.test(html)).map(([page]) => page),
    ).toEqual([]);
  });

  it("loads nothing from elsewhere", () => {
    const resources = [...pages.values()].flatMap((html) => [
      ...attributes(html, "src"),
      ...[...html.matchAll(/<link [^>]*>/g)].flatMap(([tag]) => attributes(tag, "href")),
    ]);
    expect(resources.filter((path) => /^([a-z]+:)?\/\//.test(path))).toEqual([]);
  });

  it.skipIf(!isInstalled)("is shown by Chromium, its navigation included, without an error", async () => {
    const missing: string[] = [];
    const types: Record<string, string> = {
      ".html": "text/html",
      ".css": "text/css",
      ".js": "text/javascript",
      ".svg": "image/svg+xml",
    };
    const server = createServer(({ url = "/" }, response) => {
      const path = join(site, new URL(url, "http://localhost").pathname);
      if (!existsSync(path)) missing.push(url);
      response.setHeader("content-type", types[extname(path)] ?? "application/octet-stream");
      response.end(existsSync(path) ? readFileSync(path) : "");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const { stdout, stderr } = await promisify(execFile)(
        chromium,
        [
          ...switches(join(folder, "profile")),
          "--enable-logging=stderr",
          "--virtual-time-budget=10000",
          "--dump-dom",
          `http://127.0.0.1:${port}/documents/getting-started.html`,
        ],
        { maxBuffer: 1e8 },
      );
      expect(stderr.split("\n").filter((line) => line.includes("CONSOLE"))).toEqual([]);
      expect(missing.filter((url) => url !== "/favicon.ico")).toEqual([]);
      const navigation = /<nav class="tsd-navigation">.*?<\/nav>/s.exec(stdout)?.[0] ?? "";
      const titles = [...navigation.matchAll(/<span>([^<]+)<\/span>/g)].map(([, title]) => title);
      expect(titles).toEqual(expect.arrayContaining(["Concepts", "The closed form", "flatward/bounds"]));
    } finally {
      server.close();
    }
  });
});
