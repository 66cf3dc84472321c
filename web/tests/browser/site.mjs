// The dashboard as files, below a path of a server that knows nothing of it.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

import { accessible } from "./axe.mjs";

import { unpack } from "../../src/lib/lzma.ts";

// kernelOf starts the kernel of a site's folder here, as its page does in a worker.
async function kernelOf(dir) {
  const read = (name) => new Uint8Array(gunzipSync(readFileSync(join(dir, "kernel", name))));
  globalThis.eval(readFileSync(join(dir, "kernel/wasm_exec.js"), "utf8"));
  const go = new globalThis.Go();
  const ready = new Promise((done) => (globalThis.getijReady = done));
  const { instance } = await WebAssembly.instantiate(unpack(readFileSync(join(dir, "kernel/kernel.wasm.lzma"))), go.importObject);
  void go.run(instance);
  await ready;
  const call = (name, ...values) => {
    const a = globalThis.getij[name](...values);
    assert.equal(a.status, undefined, a.detail);
    return Buffer.from(a.ok).toString();
  };
  call("open", read("result.bin.gz"), read("places.json.gz"), 1000);
  for (const contract of ["dynamic", "dynamic_2027"]) {
    call("add", "power", contract, read(`power/${contract}.bin.gz`));
    call("add", "prices", contract, read(`prices/${contract}.bin.gz`));
  }
  return (path, query, body) => call("ask", path, query, body ? JSON.stringify(body) : "");
}

const mapReady = (page) => page.waitForSelector('[data-ready="yes"]');

export const checks = {
  "site: the map, its headline, a card and a link to it, from files alone": async ({ open, server, screenshot }) => {
    const url = await server.site();
    const page = await open(`${url}?lang=en`);
    await mapReady(page);
    assert.match(await page.locator("h1").innerText(), /home charge points/);
    const box = page.getByRole("combobox", { name: /Find/ });
    await box.click();
    await box.fill("utrecht");
    await page.getByRole("option", { name: /^Utrecht gemeente|Utrecht.*gemeente/ }).first().click();
    await page.locator(".card, aside").getByText("dwellings").first().waitFor();
    assert.match(page.url(), /\/open\/v2g\/\?.*region=GM0344/);
    await screenshot(page, "site-map");
    // A link of a server may change what this site cannot compute: it says so.
    const again = await open(`${page.url()}&x.outlook.driveway_share_apartment=0`);
    await mapReady(again);
    await again.locator(".card, aside").getByText("dwellings").first().waitFor();
    await again.getByText(/^Not applied: Driveway: apartment 0 %\. .* they are the study’s/).waitFor();
    await again.getByRole("button", { name: "Remove from the link" }).click();
    await again.waitForURL((url) => !/x\.outlook/.test(url.search));
    assert.equal(await again.getByText("Not applied").count(), 0);
  },
  "site: what computes, with its unpacker, is under 2 MB to load": async ({ server }) => {
    await server.site();
    const worker = readdirSync(join(server.folder, "assets")).find((name) => /^kernel\.worker.*\.js$/.test(name));
    const bytes = ["kernel/kernel.wasm.lzma", "kernel/wasm_exec.js", `assets/${worker}`].map((name) => statSync(join(server.folder, name)).size);
    assert(bytes[0] > 1_000_000, `a kernel of ${bytes[0]} bytes computes nothing`);
    assert(bytes.reduce((a, b) => a + b) < 2_000_000, bytes.join(" + "));
  },
  "site: WebAssembly answers to the last digit what the server answers": async ({ server }) => {
    await server.site();
    const ask = await kernelOf(server.folder);
    const api = server.small.url + "/api/v1";
    const days = Array.from({ length: 96 }, (_, q) => Math.sin(q / 7) / 3);
    for (const [path, query, body] of [
      ["/headline", ""],
      ["/headline", "region=GM0344&contract=single&season=summer&scenario=low&year=2035&adoption=0.5&kw=report"],
      ["/headline", "region=PV26&contract=dynamic"],
      ...["heatmap", "week", "week-prices", "contracts", "heatmap-contracts", "spread", "coincidence"].map((name) => [`/figures/${name}`, "width=640&lang=nl&contract=dynamic&mode=v2g"]),
      ["/figures/months", "width=400&months=1,7&framed=true"],
      ["/figures/ways-to-charge", "width=400&months=1,7&contract=dynamic_2027"],
      ["/figures/day", "width=400&date=2024-03-31&contract=dynamic"],
      ["/figures/day-prices", "width=400&date=2024-01-15&contract=dynamic"],
      ["/figures/region-day", "region=GM0344&width=300&contract=dynamic&adoption=0.7"],
      ["/figures/region-growth", "region=PV26&width=300&lang=nl&contract=dynamic"],
      ["/figures/regions-day", "regions=NL00,GM0344&contract=dynamic"],
      ["/figures/lab-days", "width=500", { contract: "dynamic", mode: "v2g", days: { v2g: days } }],
      ["/lab", "", { settings: { homes: 30, "charger.charge_kw": 7.4, "home.solar_kwh_per_year": 5100 }, contract: "dynamic" }],
      ["/lab", "", { settings: { homes: 10, "home.heat_pump_share": 0.5, "behaviour.sessions_per_week": 4 }, contract: "dynamic_2027" }],
      ["/lab/study", "", { settings: { homes: 30 } }],
    ]) {
      const response = await fetch(`${api}${path}${query ? `?${query}` : ""}`, body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
      const want = await response.text();
      if (response.status !== 200) {
        assert.fail(`${path}?${query} ${JSON.stringify(body)}: ${response.status} ${want}`);
      }
      const timeless = (text) => text.replace(/"(waited_)?seconds":[^,}]*/g, "");
      assert.equal(timeless(ask(path, query, body)), timeless(want), `${path}?${query}`);
    }
  },
  "site: figures and the laboratory, computed in the browser; what needs a server says so": async ({ open, server, screenshot }) => {
    const url = await server.site();
    const page = await open(`${url}?page=profiles&lang=en&x.charger.charge_kw=7.4`);
    await page.locator("figure svg.figure").nth(1).waitFor();
    await page.getByText(/^This page shows the study\. Your assumptions do not hold here: Charge power 7\.4 kW/).waitFor();
    const lab = await open(`${url}?page=lab&lang=en&contract=dynamic&x.homes=100&x.charger.charge_kw=7.4`);
    const done = lab.getByText(/^100 homes .* in \d+\.\d+ s/);
    await done.waitFor();
    const answer = await (await fetch(`${server.small.url}/api/v1/lab`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ settings: { homes: 100, "charger.charge_kw": 7.4 }, contract: "dynamic" }) })).json();
    const discharged = answer.cases.find((c) => c.mode === "v2g").summary.discharged_kwh;
    await lab.getByRole("row", { name: /Discharged/ }).getByText(new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 }).format(discharged)).waitFor();
    await screenshot(lab, "site-lab", { fullPage: true });
    const street = await open(`${url}?page=street&lang=nl`);
    await street.getByRole("heading", { name: "Straat vraagt een server" }).waitFor();
    await accessible(street);
  },
  "site: pages by their link, files of the result, no word of an API": async ({ open, server }) => {
    const url = await server.site();
    const page = await open(`${url}index.html?page=method&lang=en`);
    await page.getByRole("heading", { level: 1, name: "Why should I believe it?" }).waitFor();
    assert.equal(await page.getByText("openapi").count(), 0);
    const file = await page.getByRole("link", { name: "summary.json" }).getAttribute("href");
    assert.equal(file, `${url}files/summary.json`);
    assert.equal((await page.request.get(file)).status(), 200);
    await page.getByRole("link", { name: "Profiles", exact: true }).click();
    await page.waitForURL(/index\.html\?page=profiles/);
    await page.goBack();
    await page.getByRole("heading", { level: 1, name: "Why should I believe it?" }).waitFor();
    const nothing = await open(`${url}?page=straten&lang=nl`);
    await nothing.getByRole("heading", { name: "Er is geen pagina “straten”" }).waitFor();
  },
  "site: an embed, and a server without range requests": async ({ open, server }) => {
    const page = await open(`${await server.site({ ranges: false })}?embed=map&lang=nl`);
    await mapReady(page);
    assert.equal(await page.getByRole("navigation").count(), 0);
    assert.match(await page.getByRole("link", { name: "Open het dashboard" }).getAttribute("href"), /^\/open\/v2g\/(\?lang=nl)?$/);
    await page.close();
  },
};
