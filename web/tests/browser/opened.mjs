// What the programs beside this one share: Chromium's flags, and a server of the dashboard.

import { execFile, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer as createHTTP } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { chromium } from "playwright-core";

export const root = resolve(fileURLToPath(import.meta.url), "../../../..");
export const argument = (name) => {
  const i = process.argv.indexOf(name);
  return i < 0 ? undefined : process.argv[i + 1];
};

const execute = promisify(execFile);

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
// The checks' browser is Chromium's engine without the windows around it, which page by page
// takes less; WebGL is what a processor has to draw, the rest it paints with less work without,
// though no sooner where a page alone is waited for.
export const light = { executable: "/usr/bin/chromium-headless-shell", more: ["--disable-gpu-compositing", "--disable-gpu-rasterization"] };

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

const types = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml", ".wasm": "application/wasm" };

// folder serves files below a path as a web server does that knows nothing of them, with
// or without range requests.
async function folder(dir, below, ranges) {
  const server = createHTTP((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://x").pathname);
    let file = path.startsWith(below) ? join(dir, path.slice(below.length)) : "";
    if (file && existsSync(file) && statSync(file).isDirectory()) file = join(file, "index.html");
    if (!file || !existsSync(file)) return response.writeHead(404).end();
    const head = { "Content-Type": types[extname(file)] ?? "application/octet-stream" };
    const bytes = readFileSync(file);
    const part = ranges && /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "");
    if (!part) return response.writeHead(200, head).end(bytes);
    const [from, to] = [Number(part[1]), Math.min(Number(part[2]), bytes.length - 1)];
    response.writeHead(206, { ...head, "Content-Range": `bytes ${from}-${to}/${bytes.length}` }).end(bytes.subarray(from, to + 1));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${server.address().port}${below}`, stop: () => server.close() };
}

// opened runs a program with the dashboard of a result, --results DIR or one made for it,
// and a browser; both end with it.
export async function opened(run, { executable = "/usr/bin/chromium", more = [] } = {}) {
  const executablePath = process.env.CHROMIUM ?? executable;
  if (!existsSync(executablePath)) throw new Error(`there is no ${executablePath}: install Debian's ${basename(executablePath)}, or name a Chromium in CHROMIUM`);
  const work = mkdtempSync(join(tmpdir(), "getij-browser-"));
  let server, browser;
  const folders = [];
  try {
    const program = process.env.GETIJ_PROGRAM ?? join(work, "getij"); // make has built it already
    if (!process.env.GETIJ_PROGRAM) execFileSync("go", ["build", "-o", program, "./cmd/getij"], { cwd: root, env: { ...process.env, CGO_ENABLED: "0" }, stdio: "inherit" });
    const results = argument("--results") ?? join(work, "results");
    if (!argument("--results")) execFileSync(program, ["run", "--out", results, "--quiet", "--set", "data.regions=schematic"], { stdio: ["ignore", "ignore", "inherit"] });
    server = await serve(program, results);
    // A site of a small study, made for the first who asks; below a path of its own.
    const make = async () => {
      const small = join(work, "small");
      await execute(program, ["run", "--out", small, "--quiet", "--set", "data.regions=reference", "--set", "homes=4"]);
      await execute(program, ["site", small, "--quiet", "--out", (server.folder = join(work, "site"))]);
      folders.push((server.small = await serve(program, small)));
    };
    let made;
    server.site = async ({ ranges = true } = {}) => {
      await (made ??= make());
      folders.push(await folder(server.folder, "/open/v2g/", ranges));
      return folders.at(-1).url;
    };
    browser = await chromium.launch({ executablePath, args: [...flags, ...more] });
    return await run(server, browser);
  } finally {
    await browser?.close();
    server?.stop();
    for (const f of folders) f.stop();
    rmSync(work, { recursive: true, force: true });
  }
}
