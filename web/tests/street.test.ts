import { describe, expect, it } from "vitest";

import type { Region, StreetAnswer, Study } from "../src/lib/api";
import { change, fromAddress, mixes, offered, ofStudy, settings, shares } from "../src/street/mixes";
import { at, country, request, shareIn, tell } from "../src/street/ask";

const region = (code: string): Region => ({ code, dwellings: 1000, years: [2025, 2026, 2030], chain: { mid: { home_charge_points: [50, 60.00004, 120] }, high: { home_charge_points: [80, 90, 2000] } } }) as unknown as Region;
const study = {
  assumptions: [
    { key: "outlook.scenario", value: "mid" },
    { key: "street.years", value: "[2025, 2030]" },
  ],
} as unknown as Study;

describe("a street is asked", () => {
  it("with the share of charge points of a region and year, never above one a home", () => {
    expect(shareIn(region("GM1"), "mid", 2026)).toBe(0.06);
    expect(shareIn(region("GM1"), "high", 2030)).toBe(1);
    expect(shareIn(region("GM1"), "mid", 2031)).toBeUndefined();
    expect(request(study, {}, "dynamic", "", region("GM1"), "mid", 2030)).toEqual({ settings: { "street.charge_point_share": 0.12, "street.charge_point_share_by_year": [0.05, 0.12] }, contract: "dynamic" });
  });
  it("with the reader's own share, while the years stay the region's", () => {
    const asked = request(study, { "street.charge_point_share": 0.5, "street.homes": 60 }, "dual", "v2g", region("GM1"), "high", 2025);
    expect(asked).toEqual({ settings: { "street.charge_point_share": 0.5, "street.charge_point_share_by_year": [0.08, 1], "street.homes": 60 }, contract: "dual", coordinate: "v2g" });
  });
  it("without a list by year where the server has the outlook itself", () => {
    expect(request(study, {}, "dual", "", region(country), "mid", 2025).settings).toEqual({ "street.charge_point_share": 0.05 });
    expect(request(study, { "street.homes": 10 }, "dual", "", undefined, "mid", 2025).settings).toEqual({ "street.homes": 10 });
  });
});

it("a street is told by what a sentence is about and the way to charge", () => {
  const answer = {
    charge_points: 5,
    findings: [
      { about: "street", en: "All.", nl: "Alle." },
      { about: "street-case", mode: "v2g", en: "Holds.", nl: "Houdt." },
      { about: "street-case", mode: "smart", en: "Fails.", nl: "Faalt." },
    ],
    cases: [{ charge_points: [0, 5, 10] }],
  } as unknown as StreetAnswer;
  expect(tell(answer, "street-case", "nl", "smart")).toBe("Faalt.");
  expect(tell(answer, "street", "en")).toBe("All.");
  expect(at(answer, answer.cases[0]!)).toBe(1);
});

describe("chargers of several kinds", () => {
  const own = { assumptions: [{ key: "street.charger_kw", value: "[11, 22]" }, { key: "street.charger_shares", value: "[0.75, 0.25]" }, { key: "street.battery_kwh", value: "[]" }] } as unknown as Study;
  const charger = mixes[0]!;
  const asked = (text: string) => settings(own, (name) => (name === "x.street.charger_kw" ? text : ""));

  it("are the study's until the address says otherwise", () => {
    expect(ofStudy(own, charger)).toEqual([
      [11, 75],
      [22, 25],
    ]);
    expect(asked("")).toEqual({});
    expect(asked("11x75,22x25")).toEqual({});
    expect(change(own, charger, ofStudy(own, charger))).toEqual({ "x.street.charger_kw": undefined });
    expect(offered(own, charger, [])).toEqual([3.7, 7.4, 11, 22]);
  });
  it("are asked for with shares that add up to 1, without those of which there are none", () => {
    expect(asked("3.7x1,7.4x1,11x1,22x0")).toEqual({ "street.charger_kw": [3.7, 7.4, 11], "street.charger_shares": [0.3333, 0.3333, 0.3334] });
    expect(asked("none")).toEqual({ "street.charger_kw": [], "street.charger_shares": [] });
    expect(change(own, charger, [])).toEqual({ "x.street.charger_kw": "none" });
    expect(shares([[11, 5]])).toEqual([[11, 1]]);
  });
  it("are left as they are where the address makes no sense", () => {
    for (const text of ["11", "11x-1", "11x0", "0x5", "11x1,11x2", "x"]) expect(fromAddress(text)).toBeUndefined();
  });
});
