import { gzipSync } from "node:zlib";

import { expect, test } from "vitest";

import { numberOf, Tiles } from "../src/map/pmtiles";
import { beside, fileOf, shard, siteOf, type Site } from "../src/lib/site";

const site: Site = { result: "1a2b", shards: 1000, headline: { year: "2050", kw: "computed" }, files: true, contract: "dynamic", lab: "", most_homes: 1000 };

test("a page without a word of a site has a server", () => {
  expect(siteOf({ baseURI: "", querySelector: () => null })).toBeUndefined();
  const meta = { getAttribute: () => JSON.stringify(site) } as unknown as Element;
  expect(siteOf({ baseURI: "", querySelector: () => meta })).toEqual(site);
});

test("files lie beside the page, in whatever folder that is", () => {
  for (const page of ["https://example.org/v2g/", "https://example.org/v2g/index.html", "https://example.org/v2g/?page=lab&region=GM0344"])
    expect(beside("data/study.json", page)).toBe("https://example.org/v2g/data/study.json");
  expect(beside("tiles/mijn veld.pmtiles", "https://example.org/")).toBe("https://example.org/tiles/mijn%20veld.pmtiles");
});

test("a question is answered by the file that getij site wrote for it", () => {
  const of = (path: string, query: Record<string, string> = {}) => fileOf({ path, query }, site);
  expect(of("/study")).toEqual({ file: "data/study.json" });
  expect(of("/profiles", { contract: "dynamic" })).toEqual({ file: "data/profiles/dynamic.json" });
  expect(of("/regions", { downTo: "gemeente" })).toEqual({ file: "data/regions/gemeente.json" });
  expect(of("/points/mid/2035/gemeente.bin")).toEqual({ file: "data/points/mid/2035/gemeente.bin" });
  expect(of("/population", { contract: "dynamic", mode: "v2g", year: "2050", season: "winter" })).toEqual({ file: "data/population/dynamic/v2g/2050/winter.json" });
  expect(of("/headline", { kw: "computed", year: "2050" })).toEqual({ file: "data/headline.json" });
  expect(of("/headline", { kw: "computed", year: "2049" })).toBeUndefined();
  expect(of("/headline", { kw: "computed" })).toBeUndefined();
  expect(of("/figures/heatmap")).toBeUndefined();
});

test("a region is in the file that Go put it into", () => {
  // As hash/fnv of Go has them, modulo 1000: internal/site holds the same.
  expect(["GM0344", "Wé<2>", "W/1"].map((code) => shard(code, 1000))).toEqual([904, 338, 246]);
  expect(fileOf({ path: "/regions/W%2F1", query: {} }, site)).toEqual({ file: `data/region/${shard("W/1", 1000)}.json`, key: "W/1" });
});

test("tiles have the numbers of the specification", () => {
  expect([numberOf(0, 0, 0), numberOf(1, 0, 0), numberOf(1, 0, 1), numberOf(1, 1, 1), numberOf(1, 1, 0), numberOf(2, 0, 0), numberOf(12, 3423, 1763)]).toEqual([0, 1, 2, 3, 4, 5, 19078479]);
});

// tilesOf reads a file with this first directory and this content.
function tilesOf(directory: number[], content = new Uint8Array(gzipSync("land"))): Tiles {
  const root = gzipSync(Uint8Array.from(directory));
  const file = new Uint8Array(127 + root.length + content.length);
  file.set(new TextEncoder().encode("PMTiles\x03"));
  const head = new DataView(file.buffer);
  [127, root.length, 0, 0, 0, 0, 127 + root.length].forEach((n, k) => head.setBigUint64(8 * (k + 1), BigInt(n), true));
  file.set(root, 127);
  file.set(content, 127 + root.length);
  return new Tiles((offset, length) => Promise.resolve(file.slice(offset, offset + length).buffer));
}

test("a tile is read from its file, and a broken file is refused", async () => {
  const length = gzipSync("land").length;
  const read = async (t: Tiles) => new TextDecoder().decode(await t.tile(1, 0, 0));
  expect(await read(tilesOf([1, 1, 1, length, 1]))).toBe("land");
  expect(await read(tilesOf([1, 2, 1, length, 1]))).toBe(""); // of another tile
  for (const directory of [[], [1], [1, 1, 1, length], [1, 1, 1, 0x80], [0xff, 0xff, 0xff, 0xff, 0x7f], [1, 1, 1, length, 0]]) await expect(read(tilesOf(directory)), String(directory)).rejects.toThrow();
  await expect(read(tilesOf([1, 1, 1, length, 1], Uint8Array.from(gzipSync("land").subarray(0, 12))))).rejects.toThrow();
});
