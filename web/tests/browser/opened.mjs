// What the programs beside this one share: Chromium's flags, and a server of the dashboard.

import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

export const root = resolve(fileURLToPath(import.meta.url), "../../../..");
export const argument = (name) => {
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

// opened runs a program with the dashboard of a result, --results DIR or one made for it,
// and a browser; both end with it.
export async function opened(run) {
  const work = mkdtempSync(join(tmpdir(), "getij-browser-"));
  let server, browser;
  try {
    const program = join(work, "getij");
    execFileSync("go", ["build", "-o", program, "./cmd/getij"], { cwd: root, env: { ...process.env, CGO_ENABLED: "0" }, stdio: "inherit" });
    const results = argument("--results") ?? join(work, "results");
    if (!argument("--results")) execFileSync(program, ["run", "--out", results, "--quiet", "--set", "data.regions=schematic"], { stdio: ["ignore", "ignore", "inherit"] });
    server = await serve(program, results);
    browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags });
    return await run(server, browser);
  } finally {
    await browser?.close();
    server?.stop();
    rmSync(work, { recursive: true, force: true });
  }
}
