// What the map page shows, as its address says it. What is at its default is left
// out of the address; what the study does not have falls back to the default.

import { number } from "../lib/number";
import type { Study } from "../lib/api";
import type { Division } from "./classes";
import { isMeasure, type Measure } from "./measures";

export const shows = ["map", "table", "compare"] as const;

export interface View {
  measure: Measure;
  level: string; // auto: by zoom
  scenario: string;
  contract: string;
  mode: string; // of the points that take part
  season: string;
  kw: string; // what a charge point counts for
  year: number;
  quarter: number; // of the day, from 0 on
  adoption: number; // %
  standards: boolean; // adoption follows what standards let discharge in the year
  region: string; // code; empty for all
  compare: string[]; // codes beside it
  classes: number;
  division: Division;
  show: (typeof shows)[number];
}

export interface Choices {
  measures: readonly Measure[]; // that the study can show
  levels: readonly string[];
  scenarios: readonly string[];
  contracts: readonly string[];
  modes: readonly string[];
  seasons: readonly string[];
  rules: readonly string[];
  firstYear: number;
  lastYear: number;
  scenario: string; // defaults
  contract: (year: number) => string;
  mode: string;
  season: string;
  kw: string;
  year: number;
  adoption: number;
}


const oneOf = <T extends string>(text: string, all: readonly T[], otherwise: T): T => (all.includes(text as T) ? (text as T) : otherwise);

// rulesOf are the ways to count a charge point that a study has.
export const rulesOf = (study: Study): string[] => ["computed", ...(study.modes.includes("v2g") ? ["coincidence"] : []), "report", ...(study.kw_rule === "fixed" ? ["fixed"] : [])];

export function read(get: (name: string) => string, c: Choices): View {
  const measure = get("measure");
  const region = get("region");
  const first: Measure = c.measures[0] ?? "kw_per_dwelling";
  const year = Math.round(number(get("year"), c.year, c.firstYear, c.lastYear));
  return {
    measure: isMeasure(measure) && c.measures.includes(measure) ? measure : first,
    level: oneOf(get("level"), c.levels, "auto"),
    scenario: oneOf(get("scenario"), c.scenarios, c.scenario),
    contract: oneOf(get("contract"), c.contracts, c.contract(year)),
    mode: oneOf(get("mode"), c.modes, c.mode),
    season: oneOf(get("season"), c.seasons, c.season),
    kw: oneOf(get("kw"), c.rules, c.kw),
    year,
    quarter: Math.round(number(get("quarter"), 72, 0, 95)),
    adoption: Math.round(number(get("adoption"), c.adoption, 0, 100)),
    standards: get("standards") === "true",
    region,
    compare: [...new Set(get("compare").split(","))].filter((code) => code !== "" && code !== region),
    classes: Math.round(number(get("classes"), 5, 4, 7)),
    division: get("division") === "equal" ? "equal" : "quantile",
    show: oneOf(get("show"), shows, "map"),
  };
}

// write is how a change of what is shown in a year stands in the address.
export function write(change: Partial<View>, c: Choices, year: number): Record<string, string | undefined> {
  const otherwise = { ...read(() => "", c), contract: c.contract(change.year ?? year) };
  const out: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(change) as [keyof View, View[keyof View]][]) {
    const text = String(value);
    out[name] = text === String(otherwise[name]) ? undefined : text;
  }
  return out;
}

// Spot is where the map stands, in the address as at=52.091,5.122,9.3.
export interface Spot {
  lat: number;
  lon: number;
  zoom: number;
}

export function readSpot(text: string): Spot | undefined {
  const parts = text.split(",").map((v) => (v.trim() === "" ? NaN : Number(v)));
  const [lat, lon, zoom] = parts as [number, number, number];
  if (parts.length !== 3 || !parts.every(Number.isFinite) || Math.abs(lat) > 85 || Math.abs(lon) > 180 || zoom < 0 || zoom > 22) return undefined;
  return { lat, lon, zoom };
}

export const writeSpot = (s: Spot) => `${s.lat.toFixed(3)},${s.lon.toFixed(3)},${s.zoom.toFixed(1)}`;
