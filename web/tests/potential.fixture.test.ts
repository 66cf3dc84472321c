// What the browser computes at a slider is what the Go package potential answers:
// fixtures/potential.json is written by its tests.

import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import type { Months, Profiles, Study } from "../src/lib/api";
import { figures, modelFor, Peaks } from "../src/map/measures";

interface Answers {
  dwellings: number;
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
  home_load_kw_by_month: Months;
  home_solar_kw_by_month: Months;
  kw_by_month: Record<string, Months>;
  coincidence: { homes: number; p5: number; p50: number; p95: number }[];
  studies: { rule: Study["kw_rule"]; adoption: number; kw_per_charge_point: number | null; sd_kw_per_charge_point: number | null; regions: Answers[] }[];
}

const fixture = JSON.parse(readFileSync(new URL("fixtures/potential.json", import.meta.url), "utf8")) as Fixture;

const profiles = {
  home_load_kw_by_month: fixture.home_load_kw_by_month,
  home_solar_kw_by_month: fixture.home_solar_kw_by_month,
  cases: Object.entries(fixture.kw_by_month).map(([mode, kw_by_month]) => ({
    contract: "dynamic",
    mode,
    kw_by_month,
    coincidence: fixture.coincidence.map(({ homes, ...peak_discharge_kw }) => ({ homes, peak_discharge_kw })),
  })),
} as unknown as Profiles;

// Nine digits are in the file.
const same = (what: string, got: number | null, want: number | null) => {
  if (want === null) expect(got, what).toBeNull();
  else expect(Math.abs(got! - want), `${what}: ${got}, want ${want}`).toBeLessThanOrEqual(1e-8 * Math.max(1e-3, Math.abs(want)));
};

describe("MW and peaks at a slider", () => {
  for (const s of fixture.studies) {
    it(`are the study's: ${s.rule}, adoption ${s.adoption}`, () => {
      const study = { ...s, kw_rule: s.rule, contracts: [{ name: "dynamic", used_for_potential: true }] } as unknown as Study;
      const model = modelFor(study, profiles, "dynamic");
      const peaks = new Peaks(model, s.adoption);
      expect(s.regions.length).toBeGreaterThan(5);
      for (const want of s.regions) {
        const got = figures(model, peaks, s.adoption, want.dwellings, want.points, want.capacity_kw);
        same("kW per point", got.power.kw, want.kw);
        same("MW", got.power.mw, want.mw);
        same("MW, 5 %", got.power.p5, want.mw_p5);
        same("MW, 95 %", got.power.p95, want.mw_p95);
        for (const name of ["without", "regular", "smart", "v2g", "night", "highest"] as const) same(name, got[name], want[name]);
        same("feed-in", got.feedIn, want.feed_in);
        same("share of the capacity, import", got.importShare, want.import_share);
        same("share of the capacity, feed-in", got.feedInShare, want.feed_in_share);
      }
    });
  }

  it("of another contract than the study's have its own computed power, and no band", () => {
    const computed = fixture.studies.find((s) => s.rule === "computed")!;
    const study = { ...computed, kw_rule: "computed", kw_per_charge_point: 99, contracts: [{ name: "single", used_for_potential: true }] } as unknown as Study;
    const model = modelFor(study, profiles, "dynamic");
    same("kW per point", model.kwPerPoint, computed.kw_per_charge_point);
    expect(model.sdKW).toBeNull();
  });
});
