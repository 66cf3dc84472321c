// What a site of files computes in the reader's browser: headline, figures and laboratory,
// by the server's own code. One worker answers at once, another computes runs.

import { Problem } from "./api";
import type { Call } from "./kernel.worker";
import { common } from "./i18n.svelte";
import { fileOf, fresh, type Question, type Site } from "./site";

interface Reply {
  id: number;
  ok?: Uint8Array<ArrayBuffer> | WebAssembly.Module;
  status?: number;
  detail?: string;
  errors?: Problem["errors"];
}

export async function bytes(file: string, site: Site): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(fresh(file, site)).catch(() => {
    throw new Problem(0, common("unreached"));
  });
  if (!response.ok) throw new Problem(response.status, common("missingFile").replace("{file}", file));
  const b = new Uint8Array(await response.arrayBuffer());
  // Some servers say of a .gz that it is compressed on the way: then it came unpacked.
  if (b[0] !== 0x1f || b[1] !== 0x8b) return b;
  return new Uint8Array(await new Response(new Response(b).body!.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
}

// once keeps a promise, until it fails or is let go.
function once<T>(make: (letGo: () => void) => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  const letGo = () => (made = undefined);
  return () =>
    (made ??= make(letGo).catch((e: unknown) => {
      letGo();
      throw e;
    }));
}

class Kernel {
  #worker = new Worker(new URL("./kernel.worker.ts", import.meta.url), { type: "module" });
  #waiting = new Map<number, { done: (answer: unknown) => void; failed: (e: unknown) => void }>();
  #next = 0;
  #added = new Map<string, Promise<unknown>>();
  #ended: () => void;

  // ended is called when it answers no more: out of memory, or stopped.
  constructor(ended: () => void) {
    this.#ended = ended;
    this.#worker.onmessage = ({ data }: MessageEvent<Reply>) => {
      const w = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if (data.status === undefined) w?.done(data.ok ?? new Uint8Array());
      else w?.failed(new Problem(data.status, data.detail ?? "", data.errors));
    };
    this.#worker.onerror = (e) => this.#end(new Problem(500, e.message || common("unreached")));
  }

  call<Answer = Uint8Array<ArrayBuffer>>(call: Call["call"], ...values: unknown[]): Promise<Answer> {
    const id = this.#next++;
    return new Promise((done, failed) => {
      this.#waiting.set(id, { done: done as (answer: unknown) => void, failed });
      this.#worker.postMessage({ id, call, values } satisfies Call);
    });
  }

  // add gives it what it needs for a question, once.
  add(kind: "region" | "power" | "prices", key: string, of: () => Promise<Uint8Array>): Promise<unknown> {
    const name = `${kind} ${key}`;
    let added = this.#added.get(name);
    if (!added) {
      added = of().then((b) => this.call("add", kind, key, b));
      this.#added.set(name, added);
      added.catch(() => this.#added.delete(name));
    }
    return added;
  }

  stop() {
    this.#end(new DOMException("", "AbortError"));
  }

  #end(why: Error) {
    this.#worker.terminate();
    this.#ended();
    for (const w of this.#waiting.values()) w.failed(why);
    this.#waiting.clear();
  }
}

export class Kernels {
  #site: Site;
  #code: Promise<WebAssembly.Module> | undefined;
  #result = once(() => bytes("kernel/result.bin.gz", this.#site));
  #places = once(() => (this.#site.shards ? bytes("kernel/places.json.gz", this.#site) : Promise.resolve(new Uint8Array())));
  #atOnce = once((letGo) => this.#started(letGo));
  #runs = once((letGo) => this.#started(letGo));

  constructor(site: Site) {
    this.#site = site;
  }

  // compiled is the program, which the first worker unpacks for all.
  async #compiled(k: Kernel): Promise<WebAssembly.Module> {
    this.#code ??= bytes("kernel/kernel.wasm.lzma", this.#site).then((packed) => k.call<WebAssembly.Module>("compile", packed));
    try {
      return await this.#code;
    } catch (e) {
      this.#code = undefined;
      throw e;
    }
  }

  async #started(ended: () => void): Promise<Kernel> {
    const k = new Kernel(ended);
    try {
      const [code, result, places] = await Promise.all([this.#compiled(k), this.#result(), this.#places()]);
      await k.call("start", fresh("kernel/wasm_exec.js", this.#site), code);
      await k.call("open", result, places, this.#site.most_homes);
    } catch (e) {
      k.stop();
      throw e;
    }
    return k;
  }

  // warm starts what runs of the laboratory are computed with, before one is asked for.
  warm() {
    void this.#runs().catch(() => undefined); // who asks hears why
  }

  async ask(question: Question, body: string, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const { path, query } = question;
    const isRun = path === "/lab";
    const kernel = await (isRun ? this.#runs : this.#atOnce)();
    signal?.throwIfAborted();
    const stop = () => kernel.stop(); // a run cannot be asked to end: its worker is, and the next begins anew
    if (isRun) signal?.addEventListener("abort", stop);
    try {
      await this.#prepare(kernel, question);
      return await kernel.call("ask", path, new URLSearchParams(query).toString(), body);
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  // prepare gives the kernel what a question is about.
  async #prepare(kernel: Kernel, { path, query }: Question) {
    const contract = query.contract || this.#site.contract;
    const name = path.replace("/figures/", "");
    if (name === "day") await kernel.add("power", contract, () => bytes(`kernel/power/${contract}.bin.gz`, this.#site));
    if (name === "day-prices" || name === "week-prices") await kernel.add("prices", contract, () => bytes(`kernel/prices/${contract}.bin.gz`, this.#site));
    for (const code of [query.region, ...(query.regions?.split(",") ?? [])]) {
      if (!code) continue;
      const found = fileOf({ path: `/regions/${encodeURIComponent(code)}`, query: {} }, this.#site)!;
      await kernel.add("region", code, async () => {
        const all = JSON.parse(new TextDecoder().decode(await bytes(found.file, this.#site))) as Record<string, unknown>;
        if (!Object.hasOwn(all, code)) throw new Problem(404, common("noRegion").replace("{code}", code));
        return new TextEncoder().encode(JSON.stringify(all[code]));
      });
    }
  }
}
