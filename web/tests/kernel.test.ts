import { afterEach, expect, test, vi } from "vitest";

import type { Kernels } from "../src/lib/kernel";
import type { Call } from "../src/lib/kernel.worker";
import type { Site } from "../src/lib/site";

const site: Site = { result: "1a2b", shards: 0, files: true, contract: "dynamic", lab: "", most_homes: 1000 };

// A worker of the browser that answers a question with its own number.
class Worker {
  static all: Worker[] = [];
  onmessage?: (e: { data: object }) => void;
  onerror?: (e: { message: string }) => void;
  ended = false;
  constructor() {
    Worker.all.push(this);
  }
  postMessage({ id, call, values }: Call) {
    const number = Worker.all.indexOf(this);
    if (values[0] === "/lab") return; // computes for ever
    queueMicrotask(() => this.onmessage?.({ data: { id, ok: call === "ask" ? Uint8Array.of(number) : new Uint8Array() } }));
  }
  terminate() {
    this.ended = true;
  }
}

afterEach(() => vi.unstubAllGlobals());

async function kernels() {
  Worker.all = [];
  vi.stubGlobal("location", { search: "?lang=en", pathname: "/v2g/" });
  vi.stubGlobal("addEventListener", () => undefined);
  vi.stubGlobal("Worker", Worker);
  vi.stubGlobal("document", { baseURI: "https://example.org/v2g/", querySelector: () => null });
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)))); // an empty program
  const { Kernels } = await import("../src/lib/kernel");
  return new Kernels(site);
}
const ask = async (k: Kernels, path: string) => (await k.ask({ path, query: {} }, ""))[0];

test("a worker that has ended is replaced by another for the next question", async () => {
  const k = await kernels();
  expect(await ask(k, "/headline")).toBe(0);
  expect(await ask(k, "/figures/heatmap")).toBe(0);
  const run = k.ask({ path: "/lab", query: {} }, "{}");
  await vi.waitFor(() => expect(Worker.all.length).toBe(2));
  await new Promise((done) => setTimeout(done));
  Worker.all[1]!.onerror!({ message: "out of memory" });
  await expect(run).rejects.toThrow("out of memory");
  expect(Worker.all.map((w) => w.ended)).toEqual([false, true]);
  void k.ask({ path: "/lab", query: {} }, "{}");
  await vi.waitFor(() => expect(Worker.all.length).toBe(3)); // for runs; what answers at once is as it was
  expect(await ask(k, "/headline")).toBe(0);
});

test("a run that is stopped ends its worker", async () => {
  const k = await kernels();
  const stop = new AbortController();
  const run = k.ask({ path: "/lab", query: {} }, "{}", stop.signal);
  await vi.waitFor(() => expect(Worker.all.length).toBe(1));
  await new Promise((done) => setTimeout(done));
  stop.abort();
  await expect(run).rejects.toThrow();
  expect(Worker.all[0]!.ended).toBe(true);
});

test("a laboratory that opens has its worker started once, before a run is asked for", async () => {
  const k = await kernels();
  k.warm();
  k.warm();
  await vi.waitFor(() => expect(Worker.all.length).toBe(1));
  await new Promise((done) => setTimeout(done));
  void k.ask({ path: "/lab", query: {} }, "{}");
  await new Promise((done) => setTimeout(done));
  expect(Worker.all.length).toBe(1);
});
