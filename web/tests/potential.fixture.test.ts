// What the browser computes at a slider is what the Go package potential answers:
// fixtures/potential.json is written by its tests.

import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import type { Months, Profiles, Study } from "../src/lib/api";
import { model as modelOf, yearHighest, type Steps, type Band, type Homes, type Rule } from "../src/lib/potential";
import { figures, Peaks } from "../src/map/measures";

interface Answers {
  dwellings: number;
  home_equivalents: number;
  points: number;
  capacity_kw: number | null;
  kw: number;
  mw: number;
  mw_p5: number;
  mw_p95: number;
  without: number;
  regular: number;
  smart: number;
  v2g: number;
  night: number;
  highest: number;
  feed_in: number;
  import_share: number | null;
  feed_in_share: number | null;
}

interface Fixture {
  year: number;
  home_load_kw_by_month: Months;
  home_solar_kw_by_month: Months;
  kw_by_month: Record<string, Months>;
  coincidence: { homes: number; p5: number; p50: number; p95: number }[];
  studies: { rule: Rule; season: string; adoption: number; kw_per_charge_point: number | null; sd_kw_per_charge_point: number | null; band: Band; regions: Answers[] }[];
  highest_steps: Record<string, Steps>;
  years: { mode: string; adoption: number; dwellings: number; home_equivalents: number; points: number; kw: number; utc: string }[];
  ways: { mode: string; season: string; adoption: number; evening_kw: number; largest_kw: number; regions: Record<string, number>[] }[];
}

const fixture = JSON.parse(readFileSync(new URL("fixtures/potential.json", import.meta.url), "utf8")) as Fixture;

const profiles = {
  year: fixture.year,
  home_load_kw_by_month: fixture.home_load_kw_by_month,
  home_solar_kw_by_month: fixture.home_solar_kw_by_month,
  cases: Object.entries(fixture.kw_by_month).map(([mode, kw_by_month]) => ({
    contract: "dynamic",
    mode,
    kw_by_month,
    coincidence: fixture.coincidence.map(({ homes, ...peak_discharge_kw }) => ({ homes, peak_discharge_kw })),
  })),
} as unknown as Profiles;

const study = (own: string, rule: Rule, kw: number | null, sd: number | null) =>
  ({
    kw_rule: rule,
    kw_per_charge_point: kw,
    sd_kw_per_charge_point: sd,
    report_kw_per_charge_point: 2,
    dwellings_with_solar: 1,
    season: "winter",
    seasons: [
      { season: "year", months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] },
      { season: "winter", months: [11, 12, 1, 2] },
      { season: "summer", months: [5, 6, 7, 8] },
    ],
    contracts: [{ name: own, used_for_potential: true }],
  }) as unknown as Study;

// Nine digits are in the file.
const same = (what: string, got: number | null | undefined, want: number | null) => {
  if (want === null) expect(got, what).toBeNull();
  else expect(Math.abs(got! - want), `${what}: ${got}, want ${want}`).toBeLessThanOrEqual(1e-8 * Math.max(1e-2, Math.abs(want)));
};

describe("MW and peaks at a slider", () => {
  for (const s of fixture.studies) {
    it(`are the study's: ${s.rule}, adoption ${s.adoption}`, () => {
      const of = study("dynamic", s.rule, s.kw_per_charge_point, s.sd_kw_per_charge_point);
      const choice = { contract: "dynamic", mode: "v2g", rule: s.rule };
      const model = modelOf(of, profiles, { ...choice, season: s.season });
      // The files have the peaks of the whole year.
      const year = modelOf(of, profiles, { ...choice, season: "year" });
      const [peaks, peaksOfYear] = [new Peaks(model, s.adoption), new Peaks(year, s.adoption)];
      expect(s.regions.length).toBeGreaterThan(5);
      for (const want of s.regions) {
        const { power } = figures(model, peaks, s.adoption, want, want.points, want.capacity_kw, s.band);
        same("kW per point", power.kw, want.kw);
        same("MW", power.mw, want.mw);
        same("MW, 5 %", power.p5, want.mw_p5);
        same("MW, 95 %", power.p95, want.mw_p95);
        const got = figures(year, peaksOfYear, s.adoption, want, want.points, want.capacity_kw);
        for (const name of ["without", "regular", "night", "highest"] as const) same(name, got[name], want[name]);
        for (const mode of ["smart", "v2g"] as const) same(mode, got.evening[mode], want[mode]);
        same("feed-in", got.feedIn, want.feed_in);
        same("share of the capacity, import", got.importShare, want.import_share);
        same("share of the capacity, feed-in", got.feedInShare, want.feed_in_share);
      }
    });
  }

  it("are the year's highest quarter-hour, and its time", () => {
    expect(fixture.years.length).toBeGreaterThan(20);
    for (const want of fixture.years) {
      const got = yearHighest(fixture.highest_steps[want.mode], want, want.points, want.adoption);
      same(`${want.mode}, ${want.adoption}`, got?.kw, want.kw);
      expect(got?.utc).toBe(want.utc);
    }
    const alone = { ...fixture.highest_steps.v2g!, regular_kw: fixture.highest_steps.v2g!.kw.map(() => null) };
    const homes = { dwellings: 1, home_equivalents: 1 };
    expect(yearHighest(alone, homes, 1, 0.5)).toBeNull();
    expect(yearHighest(alone, homes, 1, 1)).not.toBeNull();
    expect(yearHighest(undefined, homes, 1, 1)).toBeNull();
  });

  for (const w of fixture.ways) {
    it(`are the season's and the mode's: ${w.mode}, ${w.season}, adoption ${w.adoption}`, () => {
      const model = modelOf(study("single", "computed", 99, 1), profiles, { contract: "dynamic", mode: w.mode, season: w.season, rule: "computed" });
      const peaks = new Peaks(model, w.adoption);
      same("kW in the evening", model.eveningKW, w.evening_kw);
      same("kW at most", model.largestKW, w.largest_kw);
      for (const want of w.regions) {
        const f = figures(model, peaks, w.adoption, want as unknown as Homes, want.points!, null);
        same("MW", f.power.mw, want.mw!);
        same("MW at most", f.largestMW, want.largest_mw!);
        same("MW at once", f.atOnce!.mw, want.at_once_mw!);
        same("MW at once, 5 %", f.atOnce!.p5, want.at_once_mw_p5!);
        same("MW at once, 95 %", f.atOnce!.p95, want.at_once_mw_p95!);
        same("evening peak without cars", f.without / 1000, want.without_mw!);
        same("evening peak, regular", f.regular! / 1000, want.regular_mw!);
        same("evening peak, this way", f.chosen! / 1000, want.evening_mw!);
        same("night peak", f.night! / 1000, want.night_mw!);
        expect(f.power.p5).toBeNull(); // of another contract than the study's
      }
    });
  }
});
