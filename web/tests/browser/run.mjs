// Opens the dashboard in a real Chromium, as a reader would, and checks it: every
// page in both languages, light and dark, wide and on a phone, without console
// errors and with nothing for axe to find; then search, card, compare, sliders,
// laboratory and downloads. Screenshots go to results/screenshots.
//
//   npm run browser -- [--only NAME] [--results DIR] [--lanes 2]
//
// Two checks run at once, each in a browser context of its own: a page waits for most of its
// time. It builds and starts `getij serve` on a free port of this machine and ends it.

import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { checks } from "./checks.mjs";
import { argument, light, opened, root } from "./opened.mjs";

const screenshots = join(root, "results", "screenshots");
mkdirSync(screenshots, { recursive: true });
let failed = 0;
await opened(async (server, browser) => {
  let passed = 0;
  const left = Object.entries(checks).filter(([name]) => name.includes(argument("--only") ?? ""));
  const lane = async () => {
    for (let next; (next = left.shift()); ) await one(...next);
  };
  const one = async (name, check) => {
    const start = Date.now();
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "nl-NL", acceptDownloads: true, reducedMotion: "reduce" });
    context.setDefaultTimeout(30_000);
    const problems = [];
    const open = async (path, options = {}) => {
      const page = await context.newPage();
      if (options.width) await page.setViewportSize({ width: options.width, height: options.height ?? 844 });
      page.on("console", (m) => m.type() === "error" && !options.allow?.test(m.text()) && problems.push(`console: ${m.text()}`));
      page.on("pageerror", (e) => problems.push(`page: ${e.message}`));
      page.on("request", (r) => {
        const u = new URL(r.url());
        if (!["data:", "blob:"].includes(u.protocol) && u.origin !== new URL(page.url() === "about:blank" ? r.url() : page.url()).origin) problems.push(`a request to outside: ${r.url()}`);
      });
      await page.goto(new URL(path, server.url).href);
      return page;
    };
    try {
      await check({ open, context, url: server.url, server, screenshots, screenshot: (page, file, options) => page.screenshot({ path: join(screenshots, `${file}.png`), ...options }) });
      if (problems.length) throw new Error(problems.join("\n"));
      passed++;
      console.log(`ok    ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
    } catch (e) {
      failed++;
      console.log(`FAIL  ${name}\n${[e.message, ...problems].map((l) => `      ${l}`).join("\n")}`);
    } finally {
      await context.close();
    }
  };
  await Promise.all(Array.from({ length: Number(argument("--lanes") ?? 2) }, lane));
  console.log(`${passed} passed, ${failed} failed`);
  if (passed === 0) failed++;
}, light);
process.exit(failed ? 1 : 0);
