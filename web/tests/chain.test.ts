import { describe, expect, it } from "vitest";

import type { Region, Study } from "../src/lib/api";
import type { Model, Power } from "../src/lib/potential";
import { chained, hasHybrids } from "../src/map/chain";

const assumption = (key: string, value: string, source: string) => ({ key, value, source });
const study = (chargePoints: string) =>
  ({
    assumptions: [
      assumption("outlook.charge_points", chargePoints, ""),
      assumption("outlook.driveway_share_detached", "0.9", "assumption"),
      assumption("home.use_detached", "1.56", "CBS StatLine"),
      assumption("outlook.home_share_cars", "0.19", "the report"),
      assumption("outlook.drivers_charging_at_home_2024", "0.67", "NAL"),
      assumption("outlook.home_share_vans", "0.09", "the report"),
    ],
    outlook_settings: [{ scenario: "mid", quantity: "electric_share_cars", year: 2024, value: 0.05, source: "ElaadNL" }],
    inputs: [{ kind: "regions", file: "regions.csv", source: "CBS" }],
  }) as unknown as Study;
const region = {
  dwellings: 1000,
  home_equivalents: 745,
  dwellings_with_driveway: 200,
  cars_to_usual: 0.6,
  vans_to_usual: 1.2,
  chain: { mid: { home_charge_points_cars: [80, 160], home_charge_points_vans: [1, 10], home_charge_points: [81, 170] } },
} as unknown as Region;
const power = { mw: 0.34, kw: 2 } as Power;

describe("the chain of a region", () => {
  const steps = (own: string, r = region) => chained(study(own), r, "mid", 1, { rule: "fixed" } as Model, power);
  it("goes from dwellings, counted by their use for the peaks, by driveways and points to MW", () => {
    expect(steps("model").map((s) => [s.key, s.value, s.factor])).toEqual([
      ["dwellings", 1000, null],
      ["equivalents", 745, 0.745],
      ["driveway", 200, 0.2],
      ["pointsCars", 160, 0.8],
      ["pointsVans", 10, 0.05],
      ["points", 170, null],
      ["mw", 0.34, 2],
    ]);
  });
  it("has no step that changes nothing, as of a country whose dwellings are the mean", () => {
    expect(steps("model", { ...region, home_equivalents: 1000.001 }).map((s) => s.key)).not.toContain("equivalents");
  });
  it("names what each step rests on", () => {
    const of = (own: string, key: string) => steps(own).find((s) => s.key === key)!.source;
    expect(of("model", "pointsCars")).toEqual(["CBS", "ElaadNL", "the report", "NAL"]);
    expect(of("points.csv", "pointsCars")).toEqual(["points.csv"]);
    expect(of("model", "equivalents")).toEqual(["CBS StatLine"]);
    expect(of("model", "driveway")).toEqual(["assumption"]);
  });
  it("has no points per driveway where there are none", () => {
    const flats = { ...region, dwellings_with_driveway: 0, cars_to_usual: null };
    expect(steps("model", flats).find((s) => s.key === "pointsCars")!.factor).toBeNull();
  });
  it("is empty without the scenario", () => {
    expect(chained(study("model"), region, "low", 1, { rule: "fixed" } as Model, power)).toEqual([]);
  });
});

it("cars with a plug are in part plug-in hybrids until all are electric", () => {
  const share = (year: number, value: number) => ({ scenario: "mid", quantity: "electric_share_cars", year, value, source: "" });
  const study = (hybrids: string) => ({ assumptions: [assumption("outlook.hybrids_per_electric_car", hybrids, "CBS")], outlook_settings: [share(2024, 0.05), share(2050, 1)] }) as unknown as Study;
  expect([2030, 2049, 2050].map((year) => hasHybrids(study("0.57"), "mid", year))).toEqual([true, true, false]);
  expect(hasHybrids(study("0"), "mid", 2030)).toBe(false);
});
