// npm run bench:playground: how soon the page is drawn, and how many frames it drops while it trains. Chromium is needed.

import { loadavg } from "node:os";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const LOADS = 9;
const SECONDS = 8;
const page = pathToFileURL(
  fileURLToPath(new URL("../../lab/dist/playground/index.html", import.meta.url)),
).href;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});

/** Milliseconds from the beginning of the navigation until all panels are drawn. */
async function firstPicture() {
  const tab = await browser.newPage();
  await tab.goto(page);
  const mark = () => performance.getEntriesByName("first picture")[0]?.startTime;
  const handle = await tab.waitForFunction(mark);
  const time = await handle.jsonValue();
  await tab.close();
  return time;
}

/** Times between frames while 16 hidden units train. */
async function frames() {
  const tab = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await tab.goto(page);
  await tab.waitForFunction(() => performance.getEntriesByName("first picture").length > 0);
  const times = await tab.evaluate(
    (seconds) =>
      new Promise((resolve) => {
        const seen = [];
        const start = performance.now();
        const next = (now) => {
          seen.push(now);
          if (now - start < 1000 * seconds) requestAnimationFrame(next);
          else resolve(seen);
        };
        requestAnimationFrame(next);
      }),
    SECONDS,
  );
  const step = await tab.locator(".timeline b").innerText();
  await tab.close();
  return { gaps: times.slice(1).map((time, i) => time - times[i]), step };
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

const first = [];
for (let i = 0; i < LOADS; i++) first.push(await firstPicture());
console.log(
  `first picture: median ${median(first).toFixed(0)} ms of ${LOADS} loads (${Math.min(...first).toFixed(0)} to ${Math.max(...first).toFixed(0)}), load average ${loadavg()[0].toFixed(1)}`,
);

const { gaps, step } = await frames();
const FRAME = 1000 / 60;
const dropped = gaps.reduce((sum, gap) => sum + Math.max(0, Math.round(gap / FRAME) - 1), 0);
console.log(
  `frames: ${gaps.length} in ${SECONDS} s, ${dropped} dropped, median ${median(gaps).toFixed(1)} ms apart, ${step} steps of both methods; load average ${loadavg()[0].toFixed(1)}`,
);
await browser.close();
