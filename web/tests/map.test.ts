import { describe, expect, it } from "vitest";

import type { Regions } from "../src/lib/api";
import { breaks, circleScale, classOf, colors, numbersOf, radius, values } from "../src/map/measures";
import { find, index, plain } from "../src/map/search";

const regions: Regions = {
  code: ["NL00", "PV21", "GM1900", "GM0344", "WK190001", "BU19000101"],
  name: ["Nederland", "Utrecht", "Súdwest-Fryslân", "Utrecht", "Utrechtse wijk", "Bolsward"],
  level: [0, 1, 2, 2, 3, 4],
  levels: ["land", "provincie", "gemeente", "wijk", "buurt"],
  parent: [-1, 0, 0, 1, 2, 4],
  lon: [5, 5, 5, 5, 5, 5],
  lat: [52, 52, 52, 52, 52, 52],
  dwellings: [1000, 500, 400, 100, 400, 0],
  dwellings_with_driveway: [400, 200, 150, 50, 150, 0],
  capacity_kw: [null, null, null, 200, null, null],
};
const month = (v: number) => Array.from({ length: 12 }, () => Array.from({ length: 96 }, () => v));
const model = { base: month(1), modes: { regular: month(1), v2g: month(-1) }, kwPerPoint: 2, sdKW: null, coincidence: [], rule: "fixed" as const };
const points = Float32Array.from([100, 50, 40, 10, 40, 0]);

describe("values", () => {
  const of = (measure: Parameters<typeof values>[4]["measure"], adoption = 1) => Array.from(values(numbersOf(regions, "gemeente"), regions, points, model, { measure, year: 0, adoption, mode: "v2g" }));
  it("are per region of the level", () => {
    expect(of("mw")).toEqual([0.08, 0.02]);
    expect(of("kw_per_dwelling")).toEqual([0.2, 0.2]);
    expect(of("points_per_dwelling")).toEqual([0.1, 0.1]);
  });
  it("follow adoption", () => {
    expect(of("mw", 0)).toEqual([0, 0]);
    expect(of("relief", 0)).toEqual([0, 0]);
    expect(of("relief", 1)[0]).toBeCloseTo(1 - 0.9 / 1.1, 9);
  });
  it("are unknown where a figure is", () => {
    expect(of("capacity")[0]).toBeNaN();
    expect(of("capacity")[1]).toBeCloseTo(90 / 200, 9);
    expect(values([5], regions, points, model, { measure: "kw_per_dwelling", year: 0, adoption: 1, mode: "v2g" })[0]).toBeNaN();
  });
});

describe("classes", () => {
  const all = Float64Array.from({ length: 300 }, (_, i) => 0.013 + i / 300);
  it("hold about as many regions each, or are as wide as each other", () => {
    for (const method of ["quantile", "equal"] as const) {
      const at = breaks(all, 6, method);
      expect(at).toHaveLength(5);
      const count = Array<number>(6).fill(0);
      all.forEach((v) => count[classOf(v, at)]!++);
      expect(Math.min(...count)).toBeGreaterThan(30);
      expect([...at].sort((a, b) => a - b)).toEqual(at);
    }
  });
  it("put a value on a break above it, and no data in none", () => {
    expect(classOf(2, [1, 2, 3])).toBe(2);
    expect(classOf(0, [1, 2, 3])).toBe(0);
    expect(classOf(NaN, [1, 2, 3])).toBe(-1);
  });
  it("are none where all regions are alike or unknown", () => {
    expect(breaks(Float64Array.from([1, 1, 1]), 6, "quantile")).toEqual([]);
    expect(breaks(Float64Array.from([NaN]), 6, "quantile")).toEqual([]);
  });
  it("have colours that differ, dark for much on a light ground", () => {
    expect(new Set(colors(7, false)).size).toBe(7);
    expect(colors(7, false)[6]).toBe("#00204d");
    expect(colors(7, true)[6]).toBe("#ffea46");
  });
});

describe("circles", () => {
  it("have an area that stands for the amount", () => {
    expect(radius(4, 16) ** 2 / radius(1, 16) ** 2).toBeCloseTo(4, 9);
    expect(radius(NaN, 16)).toBe(0);
    expect(circleScale(6)).toBe(1);
    expect(circleScale(11)).toBeCloseTo(3.6, 9);
  });
});

describe("search", () => {
  const x = index(regions);
  const names = (text: string) => find(regions, x, text).map((i) => regions.code[i]);
  it("takes no notice of accents and hyphens", () => {
    expect(plain("Súdwest-Fryslân")).toBe("sudwest fryslan");
    expect(names("sudwest frys")).toEqual(["GM1900"]);
  });
  it("finds the gemeente before the provincie of that name", () => {
    expect(names("utrecht")).toEqual(["GM0344", "PV21", "WK190001"]);
  });
  it("finds a code", () => {
    expect(names("bu19000101")).toEqual(["BU19000101"]);
    expect(names("zz")).toEqual([]);
  });
});
