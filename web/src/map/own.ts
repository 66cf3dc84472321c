// What regions do by homes of their own, where the result has a population: of what was
// computed alone, and never beside other assumptions.

import type { Region, Study } from "../lib/api";
import type { Columns } from "./measures";

export interface OwnAsk {
  contract: string;
  mode: string;
  year: number;
  scenario: string;
  adoption: number; // share
  assumed: boolean; // a reader's own assumptions hold
}

export type OwnHomes = Region["own_homes"][number];

// ownSeason are the seasons of an evening, as the answers name them.
export const ownSeason = (season: string) => (season === "winter" || season === "summer" ? season : "year");

// ofPopulation says whether a choice is of the population's charge points.
export function ofPopulation({ population: p }: Study, ask: OwnAsk): boolean {
  const percent = (share: number) => Math.round(100 * share);
  return !!p && !ask.assumed && ask.scenario === p.scenario && percent(ask.adoption) === percent(p.adoption);
}

// hasOwn says whether own homes were computed for a choice.
export function hasOwn(study: Study, ask: OwnAsk): boolean {
  return ofPopulation(study, ask) && study.population!.cases.some((c) => c.contract === ask.contract && c.mode === ask.mode && c.year === ask.year);
}

// ownOf is what a region's own homes do; undefined where none were computed for the choice.
export const ownOf = (study: Study, region: Region, ask: OwnAsk): OwnHomes | undefined =>
  hasOwn(study, ask) ? region.own_homes.find((c) => c.contract === ask.contract && c.mode === ask.mode && c.year === ask.year) : undefined;

// ownValues is what regions discharge on the mean evening, kW per dwelling; NaN where it is not known.
export const ownValues = (eveningKW: (number | null)[] | undefined, numbers: Int32Array, c: Columns): Float64Array =>
  Float64Array.from(numbers, (i) => {
    const kw = eveningKW?.[i] ?? NaN;
    return c.dwellings[i]! > 0 ? Math.max(0, -kw) / c.dwellings[i]! : NaN;
  });
