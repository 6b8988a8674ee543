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
  args: ["--no-sandbox", "--disable-gpu"],
});

/** Processor time of a page's own thread so far, in milliseconds: of a machine that is shared, it says more than the clock. */
async function processorTime(tab) {
  const session = await tab.context().newCDPSession(tab);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  return async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return 1000 * metrics.find(({ name }) => name === "TaskDuration").value;
  };
}

/** Milliseconds from the beginning of the navigation until all panels are drawn, and of processor time. */
async function firstPicture() {
  const tab = await browser.newPage();
  const spent = await processorTime(tab);
  await tab.goto(page);
  const mark = () => performance.getEntriesByName("first picture")[0]?.startTime;
  const handle = await tab.waitForFunction(mark);
  const result = { time: await handle.jsonValue(), processor: await spent() };
  await tab.close();
  return result;
}

/** Times between frames while 16 hidden units train. */
async function frames() {
  const tab = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const spent = await processorTime(tab);
  await tab.goto(page);
  await tab.waitForFunction(() => performance.getEntriesByName("first picture").length > 0);
  const before = await spent();
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
  const processor = (await spent()) - before;
  const step = await tab.locator(".timeline b").innerText();
  await tab.close();
  return { gaps: times.slice(1).map((time, i) => time - times[i]), step, processor };
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

const first = [];
for (let i = 0; i < LOADS; i++) first.push(await firstPicture());
const times = first.map(({ time }) => time);
console.log(
  `first picture: median ${median(times).toFixed(0)} ms of ${LOADS} loads (${Math.min(...times).toFixed(0)} to ${Math.max(...times).toFixed(0)}), ${median(first.map(({ processor }) => processor)).toFixed(0)} ms of processor time on the page's thread; load average ${loadavg()[0].toFixed(1)}`,
);

const { gaps, step, processor } = await frames();
const FRAME = 1000 / 60;
const dropped = gaps.reduce((sum, gap) => sum + Math.max(0, Math.round(gap / FRAME) - 1), 0);
console.log(
  `frames: ${gaps.length} in ${SECONDS} s, ${dropped} dropped, median ${median(gaps).toFixed(1)} ms apart, ${(processor / gaps.length).toFixed(1)} ms of processor time each, ${step} steps of both methods; load average ${loadavg()[0].toFixed(1)}`,
);
await browser.close();
