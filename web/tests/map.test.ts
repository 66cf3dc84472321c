import { describe, expect, it } from "vitest";

import type { Regions, Study } from "../src/lib/api";
import { circleSizes, classOf, color, makeBreaks, partedBreaks, radiusStep, share, stops } from "../src/map/classes";
import { wholeYear } from "../src/lib/potential";
import { atTime, clock, columns, figures, kwEffects, Peaks, values, type Measure } from "../src/map/measures";
import { draw } from "../src/map/picture";
import { pathsOf } from "../src/map/shapes";
import { find, index, plain } from "../src/map/search";
import { read, readSpot, rulesOf, write, writeSpot, type Choices } from "../src/map/view";

const regions: Regions = {
  code: ["NL00", "PV26", "GM1900", "GM0344", "WK190001", "BU19000101", "GM0518"],
  name: ["Nederland", "Utrecht", "Súdwest-Fryslân", "Utrecht", "Utrechtse wijk", "Bolsward", "'s-Gravenhage"],
  level: [0, 1, 2, 2, 3, 4, 2],
  levels: ["land", "provincie", "gemeente", "wijk", "buurt"],
  parent: [-1, 0, 0, 1, 2, 4, 0],
  lon: [5, 5, 5, 5, 5, 5, 4],
  lat: [52, 52, 52, 52, 52, 52, 52],
  dwellings: [1000, 500, 400, 100, 400, 0, 100],
  home_equivalents: [1000, 500, 400, 100, 400, 0, 100],
  dwellings_with_driveway: [400, 200, 150, 50, 150, 0, 5],
  capacity_kw: [null, null, null, 200, null, null, null],
};
const month = (v: number) => Array.from({ length: 12 }, () => Array.from({ length: 96 }, () => v));
const model = { mode: "v2g", months: wholeYear, eveningKW: -2, largestKW: 2, load: month(1), solar: month(0), modes: { regular: month(1), v2g: month(-1) }, steps: {}, kwPerPoint: 2, sdKW: null, coincidence: [], rule: "fixed" as const };
const points = Float32Array.from([100, 50, 40, 10, 40, 0, 2]);

it("the place of the map is in the address, and what is no place is left", () => {
  expect(readSpot("52.091,5.122,9.3")).toEqual({ lat: 52.091, lon: 5.122, zoom: 9.3 });
  expect(readSpot(writeSpot({ lat: 52.09123, lon: 5.1, zoom: 9.26 }))).toEqual({ lat: 52.091, lon: 5.1, zoom: 9.3 });
  for (const wrong of ["", "52,5", "52,5,", "a,b,c", "52,5,99", "95,5,9", "52,5,9,1"]) expect(readSpot(wrong), wrong).toBeUndefined();
});

describe("what moves the power of a charge point", () => {
  const effect = (key: string) => ({ key, gw_low: 1, gw_high: 3 });
  const study = {
    kw_rule: "computed",
    season: "winter",
    summary: {
      potential: {
        contract: "dynamic",
        flexible_power_gw: 2,
        band: { matters: [effect("behaviour.plug_in"), effect("outlook.home_share_cars"), effect("car.battery_kwh")] },
        seasons: [
          { contract: "dynamic_2027", mode: "v2g", season: "winter", evening_gw: 0.5, evening_matters: [effect("behaviour.plug_in")] },
          { contract: "dynamic_2027", mode: "v2g", season: "summer", evening_gw: 0, evening_matters: [effect("behaviour.plug_in")] },
        ],
      },
    },
  } as unknown as Study;
  const known = (contract: string, season: string, rule: "computed" | "report" = "computed", mode = "v2g") => kwEffects(study, { ...model, choice: { contract, season, rule, mode } });
  it("is known whole of what the study counts, and the strongest under the other rules", () => {
    expect(known("dynamic", "winter")).toMatchObject({ gw: 2, all: true, effects: [{ key: "behaviour.plug_in" }, { key: "car.battery_kwh" }] });
    expect(known("dynamic_2027", "winter")).toMatchObject({ gw: 0.5, all: false, effects: [{ key: "behaviour.plug_in" }] });
  });
  it("is not known where nothing is given, nor of another rule or way to charge", () => {
    for (const x of [known("dynamic_2027", "summer"), known("dynamic_2027", "winter", "report"), known("dynamic", "winter", "computed", "v2h"), known("single", "winter")]) expect(x).toBeNull();
  });
});

describe("search", () => {
  const names = (text: string) => find(regions, index(regions), text).map((i) => regions.code[i]);
  it("forgives a letter that is wrong, missing, too many or changed about", () => {
    for (const text of ["utrehct", "uttrecht", "utrcht", "utrexht"]) expect(names(text).slice(0, 2), text).toEqual(["GM0344", "PV26"]);
    expect(names("sudwset fryslan")).toEqual(["GM1900"]);
    expect(names("den hag")).toEqual(["GM0518"]);
  });
  it("does so only where no name has the text as it is, and not for another place", () => {
    expect(names("bols")).toEqual(["BU19000101"]);
    expect(names("zwolle")).toEqual([]);
    expect(names("xy")).toEqual([]);
  });
});

describe("values", () => {
  const of = (measure: Measure, adoption = 1, numbers = [2, 3]) =>
    Array.from(values(measure, Int32Array.from(numbers), columns(regions), points, model, new Peaks(model, adoption), adoption));
  it("are power and charge points, whole and by dwelling", () => {
    expect(of("mw")).toEqual([0.08, 0.02]);
    expect(of("kw_per_dwelling")).toEqual([0.2, 0.2]);
    expect(of("points_per_dwelling")).toEqual([0.1, 0.1]);
  });
  it("follow adoption", () => {
    expect(of("mw", 0)).toEqual([0, 0]);
    expect(of("relief", 0)).toEqual([0, 0]);
    expect(of("relief", 1)[0]).toBeCloseTo(1 - 0.9 / 1.1, 9);
  });
  it("of a time are what dwellings and cars take together", () => {
    const at = (adoption: number) => Array.from(atTime(Int32Array.from([2, 5]), columns(regions), points, model, adoption, 0, 72));
    expect(at(1)[0]).toBeCloseTo((400 - 40) / 400, 9);
    expect(at(0)[0]).toBeCloseTo((400 + 40) / 400, 9);
    expect(at(1)[1]).toBeNaN(); // no dwellings
    expect(clock(78)).toBe("19:30");
  });
  it("are unknown where a figure is", () => {
    expect(of("capacity")[0]).toBeNaN();
    expect(of("capacity")[1]).toBeCloseTo(90 / 200, 9);
    expect(of("kw_per_dwelling", 1, [5])[0]).toBeNaN();
  });
  it("are those of the card", () => {
    const f = figures(model, new Peaks(model, 1), 1, { dwellings: 100, home_equivalents: 100 }, 10, 200);
    expect(f.power.mw).toBe(0.02);
    expect(f.regular).toBeCloseTo(110, 9);
    expect(f.chosen).toBeCloseTo(90, 9);
    expect(f.importShare).toBeCloseTo(0.45, 9);
    const flats = figures(model, new Peaks(model, 1), 1, { dwellings: 100, home_equivalents: 70 }, 10, 200);
    expect(flats.regular).toBeCloseTo(80, 9); // their 70 kW, and the cars' 10
  });
});

describe("classes", () => {
  const all = Float64Array.from({ length: 300 }, (_, i) => 0.013 + i / 300);
  it("hold about as many regions each, or are as wide as each other", () => {
    for (const division of ["quantile", "equal"] as const) {
      const { at } = makeBreaks(all, 6, division);
      expect(at).toHaveLength(5);
      const count = Array<number>(6).fill(0);
      all.forEach((v) => count[classOf(v, at)]!++);
      expect(Math.min(...count)).toBeGreaterThan(30);
      expect([...at].sort((a, b) => a - b)).toEqual(at);
    }
  });
  it("put a value on an end above it, and no data in none", () => {
    expect(classOf(2, [1, 2, 3])).toBe(2);
    expect(classOf(0, [1, 2, 3])).toBe(0);
    expect(classOf(NaN, [1, 2, 3])).toBe(-1);
  });
  it("are one where all regions are alike or unknown", () => {
    expect(makeBreaks([1, 1, 1], 6, "quantile")).toMatchObject({ at: [], only: 1 });
    expect(share(0, makeBreaks([0, 0], 6, "quantile"))).toBe(0);
    expect(makeBreaks([NaN], 6, "quantile").at).toEqual([]);
  });
  it("part where a peak is as large as before, the same on every map", () => {
    const night = partedBreaks("night")!;
    expect(night.at[classOf(0.99, night.at)]).toBe(1);
    expect(color(share(classOf(0.99, night.at), night))).toBe("#8ec6e7"); // pale blue
    expect(color(share(classOf(1, night.at), night))).toBe("#f3b397"); // pale red
    expect(color(share(classOf(3, night.at), night))).toBe("#80161a");
    const relief = partedBreaks("relief")!;
    expect(color(share(classOf(0.6, relief.at), relief))).toBe("#08348a"); // much lower
    expect(color(share(classOf(-0.01, relief.at), relief))).toBe("#f3b397"); // a little higher
    expect(partedBreaks("kw_per_dwelling")).toBeUndefined();
  });
});

describe("colours", () => {
  const rgb = (c: string) => [1, 3, 5].map((k) => parseInt(c.slice(k, k + 2), 16) / 255);
  const luminance = (c: string) => rgb(c).reduce((sum, v, k) => sum + [0.2126, 0.7152, 0.0722][k]! * (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4), 0);
  const contrast = (a: string, b: string) => (Math.max(luminance(a), luminance(b)) + 0.05) / (Math.min(luminance(a), luminance(b)) + 0.05);
  const breaks = { at: [1, 2, 3, 4], digits: 2 };
  const five = [0, 1, 2, 3, 4].map((c) => color(share(c, breaks)));
  it("are darker for more, each class well apart from the next", () => {
    expect(five[0]).toBe("#dce364");
    expect(five[4]).toBe("#182982");
    for (let c = 1; c < 5; c++) expect(contrast(five[c - 1]!, five[c]!), `class ${c}`).toBeGreaterThan(1.4);
  });
  it("are never grey, which reads as no data, and the palest is none of paper", () => {
    for (const [, c] of stops) expect(Math.max(...rgb(c)) - Math.min(...rgb(c)), c).toBeGreaterThan(0.3);
    for (const [, c] of stops) expect(contrast(c, "#ffffff"), c).toBeGreaterThan(1.35);
  });
});

describe("circles", () => {
  it("have an area that stands for the amount", () => {
    expect(radiusStep(16, 16) / radiusStep(4, 16)).toBeCloseTo(2, 1);
    expect(radiusStep(NaN, 16)).toBe(0);
    expect(circleSizes(47)).toEqual([20, 10, 2]);
  });
});

describe("the map's picture", () => {
  const tiles = 2 ** 7;
  const lon = (x: number) => (x / tiles) * 360 - 180;
  const lat = (y: number) => (360 / Math.PI) * Math.atan(Math.exp(Math.PI * (1 - (2 * y) / tiles))) - 90;
  const ring = (...at: [number, number][]) => at.map(([x, y]) => [lon(x), lat(y)]);
  const project = ([x, y]: number[]) => ({ x: x!, y: y! });
  it("has a border round a region, and none where a tile cut it off", () => {
    const whole = pathsOf([ring([65.2, 42.1], [65.8, 42.2], [65.5, 42.9], [65.2, 42.1])], tiles, project);
    expect(whole.whole).toBe(true);
    expect(whole.line).toBe(whole.fill);
    const piece = pathsOf([ring([65.2, 42.1], [66.02, 42.2], [66.02, 42.9], [65.2, 42.1])], tiles, project);
    expect(piece.whole).toBe(false);
    expect(piece.fill.match(/L/g)).toHaveLength(3);
    expect(piece.line.match(/L/g)).toHaveLength(2);
  });
  it("says what it shows, and breaks long lines", () => {
    const { svg, height } = draw({ width: 400, height: 300, title: "kW & <more>", subtitle: "word ".repeat(60), shapes: [{ fill: "M0 0Z", line: "M0 0Z", color: "hatch" }], borders: [], chosen: [], circles: [], labels: [], across: "", legend: [{ color: "#000000", text: "a" }], sizes: [], remarks: ["a source"] });
    expect(svg).toContain("kW &amp; &lt;more>");
    expect(svg).toContain("a source");
    expect(svg.match(/>word/g)!.length).toBeGreaterThan(4);
    expect(height).toBeGreaterThan(400);
  });
});

describe("the address", () => {
  const study = { modes: ["regular", "v2g"], kw_rule: "computed" } as unknown as Study;
  const choices: Choices = {
    measures: ["kw_per_dwelling", "mw"], levels: ["gemeente"], scenarios: ["mid"], contracts: ["dynamic", "dynamic_2027"], modes: study.modes, seasons: ["year", "winter", "summer"], rules: rulesOf(study),
    firstYear: 2025, lastYear: 2050, scenario: "mid", contract: (year) => (year < 2027 ? "dynamic" : "dynamic_2027"), mode: "v2g", season: "winter", kw: "computed", year: 2050, adoption: 100,
  };
  it("has contract, season, way to charge and what a point counts for, where they are not the study's", () => {
    expect(write({ contract: "dynamic", season: "summer", mode: "regular", kw: "report" }, choices, 2050)).toEqual({ contract: "dynamic", season: "summer", mode: "regular", kw: "report" });
    expect(write({ contract: "dynamic_2027", season: "winter", mode: "v2g", kw: "computed" }, choices, 2050)).toEqual({ contract: undefined, season: undefined, mode: undefined, kw: undefined });
    expect(read((name) => ({ season: "year", kw: "coincidence" })[name] ?? "", choices)).toMatchObject({ season: "year", kw: "coincidence", contract: "dynamic_2027" });
  });
  it("falls back where the study lacks what it asks", () => {
    expect(read((name) => ({ standards: "true", adoption: "40" })[name] ?? "", choices)).toMatchObject({ standards: true, adoption: 40 });
    expect(write({ standards: true }, choices, 2050)).toEqual({ standards: "true" });
    expect(write({ adoption: 100, standards: false }, choices, 2050)).toEqual({ adoption: undefined, standards: undefined });
    expect(read((name) => ({ season: "autumn", kw: "fixed", contract: "none" })[name] ?? "", choices)).toMatchObject({ season: "winter", kw: "computed", contract: "dynamic_2027" });
    expect(rulesOf({ modes: ["regular", "smart"], kw_rule: "fixed" } as unknown as Study)).toEqual(["computed", "report", "fixed"]);
  });
});

describe("search", () => {
  const x = index(regions);
  const codes = (text: string) => find(regions, x, text).map((i) => regions.code[i]);
  it("takes no notice of accents and hyphens", () => {
    expect(plain("Súdwest-Fryslân")).toBe("sudwest fryslan");
    expect(codes("sudwest frys")).toEqual(["GM1900"]);
  });
  it("finds the gemeente before the provincie of that name", () => {
    expect(codes("utrecht")).toEqual(["GM0344", "PV26", "WK190001"]);
  });
  it("finds a place by what people call it, and a region by its code", () => {
    expect(codes("den haag")).toEqual(["GM0518"]);
    expect(codes("bu19000101")).toEqual(["BU19000101"]);
    expect(codes("zz")).toEqual([]);
  });
});
