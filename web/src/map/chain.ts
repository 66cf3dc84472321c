// How a region's figures came about, step by step: dwellings, counted by their use for
// the peaks, with a driveway, home charge points, MW. Pure: words come from the caller.

import type { Region, Study } from "../lib/api";
import type { Model, Power } from "../lib/potential";
import { isInvented } from "./levels";

export type StepKey = "dwellings" | "equivalents" | "driveway" | "pointsCars" | "pointsVans" | "points" | "mw";

export interface Step {
  key: StepKey;
  value: number;
  factor: number | null; // against the step before it
  source: string[]; // of what the step assumes, as the study has it
}

const leastStep = 1e-5;
const over = (a: number, b: number) => (b > 0 ? a / b : null);

// hasHybrids says whether a year's cars with a plug are in part plug-in hybrids, of which there are
// some until all cars are electric.
export function hasHybrids(study: Study, scenario: string, year: number): boolean {
  if (!(Number(study.assumptions.find((a) => a.key === "outlook.hybrids_per_electric_car")?.value) > 0)) return false;
  return !study.outlook_settings.some((s) => s.scenario === scenario && s.quantity === "electric_share_cars" && s.value >= 1 && s.year <= year);
}

// chained takes the steps of a year (its place in the region's years).
export function chained(study: Study, region: Region, scenario: string, at: number, m: Model, power: Power): Step[] {
  const c = region.chain[scenario];
  if (!c) return [];
  const sources = (...keys: string[]) => [...new Set(study.assumptions.filter((a) => keys.includes(a.key)).map((a) => a.source))].filter(Boolean);
  const setting = (quantity: string) => [...new Set(study.outlook_settings.filter((s) => s.scenario === scenario && s.quantity === quantity).map((s) => s.source))].filter(Boolean);
  const map = study.inputs.find((i) => i.kind === "regions");
  const from = map && !isInvented(region.code) ? [map.source || map.file] : [];
  const v = (list: number[]) => list[at] ?? 0;
  const points = v(c.home_charge_points);
  const own = study.assumptions.find((a) => a.key === "outlook.charge_points");
  const modelled = (electric: string, ...keys: string[]) => (own && own.value !== "model" ? [own.value] : [...from, ...setting(electric), ...sources(...keys)]);
  const steps: Step[] = [
    { key: "dwellings", value: region.dwellings, factor: null, source: from },
    {
      key: "equivalents",
      value: region.home_equivalents,
      factor: over(region.home_equivalents, region.dwellings),
      source: sources("home.use_detached", "home.use_semi_detached", "home.use_terraced", "home.use_apartment"),
    },
    {
      key: "driveway",
      value: region.dwellings_with_driveway,
      factor: over(region.dwellings_with_driveway, region.dwellings),
      source: sources("outlook.driveway_share_detached", "outlook.driveway_share_semi_detached", "outlook.driveway_share_terraced", "outlook.driveway_share_apartment"),
    },
    {
      key: "pointsCars",
      value: v(c.home_charge_points_cars),
      factor: over(v(c.home_charge_points_cars), region.dwellings_with_driveway),
      source: modelled("electric_share_cars", "outlook.home_share_cars", "outlook.home_charging_share", "outlook.drivers_charging_at_home_2024", "outlook.hybrids_per_electric_car", "outlook.second_point_share"),
    },
    {
      key: "pointsVans",
      value: v(c.home_charge_points_vans),
      factor: over(v(c.home_charge_points_vans), region.dwellings_with_driveway),
      source: modelled("electric_share_vans", "outlook.home_share_vans", "outlook.home_charging_share"),
    },
    { key: "points", value: points, factor: null, source: [] },
    { key: "mw", value: power.mw, factor: power.kw, source: m.rule === "fixed" || m.rule === "report" ? sources("potential.kw_per_charge_point") : [] },
  ];
  // Dwellings of the whole country are the mean: a step that changes nothing is none.
  return steps.filter((s) => s.key !== "equivalents" || s.factor === null || Math.abs(s.factor - 1) >= leastStep);
}
