// Measures how long a reader waits: opens the map in a fresh Chromium and moves its
// sliders, and computes in the laboratory of a site of files, several times, and prints the
// medians. Software WebGL: a machine with graphics is faster.
//
//   npm run measure -- [--runs N] [--results DIR] [--only map|lab]
//
// The laboratory is there where the kernel was built (make kernel).

import assert from "node:assert/strict";

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

async function map(server, browser) {
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

// lab computes a hundred homes as soon as the page is there, and once more.
async function lab(server, browser) {
  const first = await page(browser, `${await server.site()}?page=lab&lang=en&contract=dynamic&x.homes=100&x.charger.charge_kw=7.4`);
  const answer = first.page.getByText(/^100 homes .* in \d+\.\d+ s/);
  await answer.waitFor();
  note("site: laboratory, first answer", "ms", first.since());
  note("site: of it, since it was asked for", "ms", 1000 * Number(/ in (\d+\.\d+) s/.exec(await answer.innerText())[1]));
  note("site: total blocking until then", "ms", await first.page.evaluate(() => window.__blocked));
  await first.page.waitForLoadState("networkidle");
  note("site: bytes of page and laboratory", "kB", first.got.bytes / 1000);
  const start = Date.now();
  await first.page.getByRole("slider", { name: /Charge power/ }).first().press("Home");
  const isStale = (is) => first.page.waitForFunction((is) => Boolean(document.querySelector(".stale")) === is, is);
  await isStale(true);
  await isStale(false);
  note("site: laboratory, another answer", "ms", Date.now() - start);
  await first.close();
}

const parts = { map, lab };
const chosen = argument("--only") ? [argument("--only")] : Object.keys(parts);
assert(chosen.every((name) => parts[name]), `--only is one of ${Object.keys(parts).join(", ")}`);
await opened(async (server, browser) => {
  for (let i = 0; i < runs; i++) for (const name of chosen) await parts[name](server, browser);
});
for (const [what, { unit, values }] of sums) console.log(`${what.padEnd(40)} ${String(Math.round(median(values))).padStart(7)} ${unit}`);
