// Measures how long a reader waits: opens the map in a fresh Chromium and moves its
// sliders, several times, and prints the medians. Software WebGL: a machine with
// graphics is faster.
//
//   npm run measure -- [--runs N] [--results DIR]

import { argument, opened } from "./opened.mjs";

const runs = Number(argument("--runs") ?? 5);
const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
const sums = new Map();
const note = (what, unit, value) => {
  if (!sums.has(what)) sums.set(what, { unit, values: [] });
  sums.get(what).values.push(value);
};

// page opens an address in a browser that has nothing of it yet.
async function page(browser, address) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-GB", reducedMotion: "reduce" });
  const page = await context.newPage();
  const got = { requests: 0, bytes: 0 };
  const wire = await context.newCDPSession(page);
  await wire.send("Network.enable");
  wire.on("Network.loadingFinished", (e) => {
    got.requests++;
    got.bytes += e.encodedDataLength;
  });
  await page.addInitScript(() => {
    window.__blocked = 0;
    window.__largest = 0;
    new PerformanceObserver((l) => l.getEntries().forEach((e) => (window.__blocked += Math.max(0, e.duration - 50)))).observe({ type: "longtask", buffered: true });
    new PerformanceObserver((l) => l.getEntries().forEach((e) => (window.__largest = e.startTime))).observe({ type: "largest-contentful-paint", buffered: true });
  });
  const start = Date.now();
  await page.goto(address, { waitUntil: "commit" });
  return { page, got, since: () => Date.now() - start, close: () => context.close() };
}

const step = (slider, value) =>
  slider.evaluate(async (element, value) => {
    const start = performance.now();
    element.value = value;
    element.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    return performance.now() - start;
  }, value);

await opened(async (server, browser) => {
  for (let i = 0; i < runs; i++) {
    const first = await page(browser, server.url + "/map?lang=en");
    await first.page.locator("h1").filter({ hasText: /on a winter evening/ }).waitFor();
    note("headline", "ms", first.since());
    await first.page.locator("article .big").waitFor();
    note("card", "ms", first.since());
    await first.page.locator("[data-ready=yes]").waitFor({ timeout: 60_000 });
    note("map drawn", "ms", first.since());
    await first.page.waitForLoadState("networkidle");
    note("largest contentful paint", "ms", await first.page.evaluate(() => window.__largest));
    note("total blocking", "ms", await first.page.evaluate(() => window.__blocked));
    note("requests of the first view", "", first.got.requests);
    note("bytes of the first view", "kB", first.got.bytes / 1000);
    await first.close();

    const buurten = await page(browser, server.url + "/map?lang=en&level=buurt");
    await buurten.page.locator("[data-ready=yes]").waitFor({ timeout: 60_000 });
    const adoption = buurten.page.getByRole("slider", { name: /^Taking part/ });
    note("adoption, a step, buurten", "ms", await step(adoption, "90"));
    note("adoption, a leap, buurten", "ms", await step(adoption, "40"));
    await buurten.close();
  }
});
for (const [what, { unit, values }] of sums) console.log(`${what.padEnd(28)} ${String(Math.round(median(values))).padStart(7)} ${unit}`);
