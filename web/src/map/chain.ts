// How a region's figure came about, step by step: dwellings, with a driveway,
// cars, electric, home charge points, MW. Pure: words come from the caller.

import type { Region, Study } from "../lib/api";
import type { Model, Power } from "../lib/potential";

export type StepKey = "dwellings" | "driveway" | "cars" | "electric" | "pointsCars" | "points" | "mw" | "vans" | "vansDriveway" | "vansElectric" | "pointsVans";

export interface Step {
  key: StepKey;
  value: number;
  factor: number | null; // against the step before it
  source: string[]; // of what the step assumes, as the study has it
}

export interface Chained {
  steps: Step[];
  vans: Step[];
}

const over = (a: number, b: number) => (b > 0 ? a / b : null);

// chained takes the steps of a year (its place in the region's years).
export function chained(study: Study, region: Region, scenario: string, at: number, m: Model, power: Power): Chained {
  const c = region.chain[scenario];
  if (!c) return { steps: [], vans: [] };
  const sources = (...keys: string[]) => [...new Set(study.assumptions.filter((a) => keys.includes(a.key)).map((a) => a.source))].filter(Boolean);
  const setting = (quantity: string) => [...new Set(study.outlook_settings.filter((s) => s.scenario === scenario && s.quantity === quantity).map((s) => s.source))].filter(Boolean);
  const map = study.inputs.find((i) => i.kind === "regions");
  const from = map ? [map.source || map.file] : [];
  const v = (list: number[]) => list[at] ?? 0;
  const electric = v(c.cars_with_driveway) * v(c.electric_share_driveway);
  const vansElectric = v(c.vans_with_driveway) * v(c.electric_share_vans);
  const points = v(c.home_charge_points);
  const own = study.assumptions.find((a) => a.key === "outlook.charge_points");
  const calibrated = own && own.value !== "model" ? [own.value] : sources("outlook.home_share_cars", "outlook.home_charging_share");
  return {
    steps: [
      { key: "dwellings", value: region.dwellings, factor: null, source: from },
      {
        key: "driveway",
        value: region.dwellings_with_driveway,
        factor: over(region.dwellings_with_driveway, region.dwellings),
        source: sources("outlook.driveway_share_detached", "outlook.driveway_share_semi_detached", "outlook.driveway_share_terraced", "outlook.driveway_share_apartment"),
      },
      { key: "cars", value: v(c.cars_with_driveway), factor: over(v(c.cars_with_driveway), region.dwellings_with_driveway), source: [...from, ...setting("cars")] },
      { key: "electric", value: electric, factor: v(c.electric_share_driveway), source: setting("electric_share_cars") },
      { key: "pointsCars", value: v(c.home_charge_points_cars), factor: over(v(c.home_charge_points_cars), electric), source: calibrated },
      { key: "points", value: points, factor: null, source: [] },
      { key: "mw", value: power.mw, factor: power.kw, source: m.rule === "fixed" ? sources("potential.kw_per_charge_point") : [] },
    ],
    vans: [
      { key: "vans", value: v(c.vans), factor: null, source: [...from, ...setting("vans")] },
      { key: "vansDriveway", value: v(c.vans_with_driveway), factor: over(v(c.vans_with_driveway), v(c.vans)), source: [] },
      { key: "vansElectric", value: vansElectric, factor: v(c.electric_share_vans), source: setting("electric_share_vans") },
      { key: "pointsVans", value: v(c.home_charge_points_vans), factor: over(v(c.home_charge_points_vans), vansElectric), source: sources("outlook.home_share_vans", "outlook.van_residential_share") },
    ],
  };
}
