// Opens the dashboard in a real Chromium, as a reader would, and checks it: every
// page in both languages, light and dark, wide and on a phone, without console
// errors and with nothing for axe to find; then search, card, compare, sliders,
// laboratory and downloads. Screenshots go to results/screenshots.
//
//   npm run browser -- [--only NAME] [--results DIR]
//
// It builds and starts `getij serve` on a free port of this machine and ends it.

import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { checks } from "./checks.mjs";
import { chromium } from "playwright-core";

const root = resolve(fileURLToPath(import.meta.url), "../../../..");
const argument = (name) => {
  const i = process.argv.indexOf(name);
  return i < 0 ? undefined : process.argv[i + 1];
};

const flags = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--ignore-gpu-blocklist",
];

function freePort() {
  return new Promise((done, failed) => {
    const probe = createServer();
    probe.once("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

// serve starts the program and resolves when it says that it serves.
async function serve(program, results) {
  const port = await freePort();
  const child = spawn(program, ["serve", results, "--addr", `127.0.0.1:${port}`, "--quiet"], { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((done, failed) => {
    child.once("error", failed);
    child.once("exit", (code) => failed(new Error(`getij serve ended with ${code}`)));
    child.stdout.on("data", (text) => String(text).includes("serves") && done());
  });
  return { url: `http://127.0.0.1:${port}`, stop: () => child.kill("SIGTERM") };
}

const work = mkdtempSync(join(tmpdir(), "getij-browser-"));
const screenshots = join(root, "results", "screenshots");
mkdirSync(screenshots, { recursive: true });
let server, browser;
let failed = 0;
try {
  const program = join(work, "getij");
  execFileSync("go", ["build", "-o", program, "./cmd/getij"], { cwd: root, env: { ...process.env, CGO_ENABLED: "0" }, stdio: "inherit" });
  const results = argument("--results") ?? join(work, "results");
  if (!argument("--results")) execFileSync(program, ["run", "--out", results, "--quiet", "--set", "data.regions=schematic"], { stdio: ["ignore", "ignore", "inherit"] });
  server = await serve(program, results);
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags });
  let passed = 0;
  for (const [name, check] of Object.entries(checks)) {
    if (argument("--only") && !name.includes(argument("--only"))) continue;
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
        if (!["data:", "blob:"].includes(u.protocol) && u.origin !== server.url) problems.push(`a request to outside: ${r.url()}`);
      });
      await page.goto(server.url + path);
      return page;
    };
    try {
      await check({ open, context, url: server.url, screenshot: (page, file, options) => page.screenshot({ path: join(screenshots, `${file}.png`), ...options }) });
      if (problems.length) throw new Error(problems.join("\n"));
      passed++;
      console.log(`ok    ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
    } catch (e) {
      failed++;
      console.log(`FAIL  ${name}\n${[e.message, ...problems].map((l) => `      ${l}`).join("\n")}`);
    } finally {
      await context.close();
    }
  }
  console.log(`${passed} passed, ${failed} failed`);
  if (passed === 0) failed++;
} finally {
  await browser?.close();
  server?.stop();
  rmSync(work, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);
