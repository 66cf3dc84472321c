// What the map can show, and how it follows from the charge points of a region.

import type { Effect, Region, Regions, Study } from "../lib/api";
import { anytime, atOnce, Envelope, inEvening, inNight, mix, power, wholeYear, yearHighest, type Band, type Homes, type Model, type Power } from "../lib/potential";

export const measures = ["kw_per_dwelling", "mw", "points_per_dwelling", "points", "relief", "night", "capacity", "hour", "own"] as const;
export type Measure = (typeof measures)[number];

// Relative values are colours, absolute ones circles.
export const absolute = (m: Measure) => m === "mw" || m === "points";

// Shares are fractions, shown in %.
export const isShare = (m: Measure) => m === "relief" || m === "night" || m === "capacity";

// Of an hour the map shows the mean day of a month that stands for the season.
export const monthOf = (season: string) => (season === "winter" ? 0 : season === "summer" ? 6 : 3);
export const clock = (quarter: number) => `${String(Math.floor(quarter / 4)).padStart(2, "0")}:${String(15 * (quarter % 4)).padStart(2, "0")}`;

export const isMeasure = (text: string): text is Measure => (measures as readonly string[]).includes(text);

// bandOf is how uncertain a region's figure is: in a year and scenario where it is the
// study's own choice; else as it is in the study's year and scenario, which differs
// little; null where nothing is known.
export function bandOf(study: Study, region: Region, scenario: string, year: number, { choice }: Model): Band | null {
  const p = study.summary.potential;
  if (!p || !choice || choice.mode !== "v2g") return null;
  const spread = region.driveway_spread;
  const own = choice.contract === p.contract && choice.rule === study.kw_rule && choice.season === study.season;
  if (own && study.sd_kw_per_charge_point === null) return null;
  if (own) {
    const at = p.band.years.indexOf(year);
    const p5 = p.band.p5_of_figure[scenario]?.[at];
    const p95 = p.band.p95_of_figure[scenario]?.[at];
    return p5 === undefined || p95 === undefined ? null : { p5, p95, spread };
  }
  const s = p.seasons.find((s) => s.contract === choice.contract && s.mode === choice.mode && s.season === choice.season);
  if (choice.rule !== "computed" || s?.evening_gw_p5 === undefined || s.evening_gw_p95 === undefined || !(s.evening_gw > 0)) return null;
  return { p5: s.evening_gw_p5 / s.evening_gw, p95: s.evening_gw_p95 / s.evening_gw, spread };
}

// mattersMost are the assumptions that move the country's figure most.
export function mattersMost(study: Study, { choice }: Model): Effect[] {
  const p = study.summary.potential;
  const s = p?.seasons.find((s) => s.contract === choice?.contract && s.mode === choice.mode && s.season === choice.season);
  return (choice?.rule === "computed" ? s?.evening_matters : p?.band.matters.slice(0, 3)) ?? [];
}

// KWEffects are the assumptions known to move what a charge point gives, and with it a figure
// of so many GW: of what the study itself counts all of them, else the strongest.
export interface KWEffects {
  gw: number;
  all: boolean;
  effects: Effect[];
}

export function kwEffects(study: Study, { choice }: Model): KWEffects | null {
  const p = study.summary.potential;
  if (!p || !choice || choice.mode !== "v2g") return null;
  const own = choice.contract === p.contract && choice.rule === study.kw_rule && choice.season === study.season;
  const s = p.seasons.find((s) => s.contract === choice.contract && s.mode === choice.mode && s.season === choice.season);
  const [gw, effects] = own ? [p.flexible_power_gw, p.band.matters] : choice.rule === "computed" ? [s?.evening_gw ?? 0, s?.evening_matters ?? []] : [0, []];
  return gw > 0 && effects.length ? { gw, all: own, effects: effects.filter((m) => !m.key.startsWith("outlook.")) } : null;
}

// Peaks answers the peaks of any region for one adoption; null where the study
// lacks the mode. Evening and night are of the model's season, highest and feedIn of
// the whole year.
export class Peaks {
  readonly without: Envelope;
  readonly evening: Partial<Record<string, Envelope>> = {}; // by mode
  readonly regular: Envelope | null;
  readonly chosen: Envelope | null;
  readonly night: Envelope | null;
  readonly highest: Envelope | null;
  readonly feedIn: Envelope | null;

  constructor(m: Model, adoption: number) {
    this.without = new Envelope(m, null, inEvening, m.months);
    for (const mode of Object.keys(m.modes)) {
      const car = mix(m, mode, mode === "regular" ? 1 : adoption);
      if (car) this.evening[mode] = new Envelope(m, car, inEvening, m.months);
    }
    this.regular = this.evening.regular ?? null;
    this.chosen = this.evening[m.mode] ?? null;
    const car = mix(m, m.mode, adoption);
    this.night = car && new Envelope(m, car, inNight, m.months);
    this.highest = car && new Envelope(m, car, anytime, wholeYear);
    this.feedIn = car && new Envelope(m, car, anytime, wholeYear, -1);
  }
}

// Figures are all that follows for one region; kW, null where it is unknown.
export interface Figures extends Homes {
  points: number;
  power: Power;
  largestMW: number; // discharged in the season's best month and quarter-hour
  atOnce: { mw: number; p5: number; p95: number } | null;
  without: number;
  evening: Partial<Record<string, number>>; // peak by mode
  regular: number | null;
  chosen: number | null; // evening peak of the model's mode
  night: number | null;
  highest: number | null;
  feedIn: number | null; // 0 or more
  year: Partial<Record<string, { kw: number; utc: string } | null>>; // highest quarter-hour by mode
  capacity: number | null;
  relief: number | null; // shares of 1
  nightShare: number | null;
  importShare: number | null;
  feedInShare: number | null;
}

export function figures(m: Model, peaks: Peaks, adoption: number, homes: Homes, points: number, capacity: number | null, band: Band | null = null): Figures {
  const at = (e: Envelope | null) => (e ? e.at(homes, points) : null);
  const over = (a: number | null, b: number | null) => (a !== null && b !== null && b > 0 ? a / b : null);
  const regular = at(peaks.regular);
  const chosen = at(peaks.chosen);
  const night = at(peaks.night);
  const highest = at(peaks.highest);
  const feed = at(peaks.feedIn);
  const feedIn = feed === null ? null : Math.max(0, feed);
  const left = over(chosen, regular);
  return {
    dwellings: homes.dwellings,
    home_equivalents: homes.home_equivalents,
    points,
    power: power(m, points, adoption, band),
    largestMW: (points * adoption * m.largestKW) / 1000,
    atOnce: atOnce(m, points, adoption),
    without: peaks.without.at(homes, points),
    evening: Object.fromEntries(Object.entries(peaks.evening).map(([mode, e]) => [mode, e!.at(homes, points)])),
    regular,
    chosen,
    night,
    highest,
    feedIn,
    year: Object.fromEntries(Object.entries(m.steps).map(([mode, s]) => [mode, yearHighest(s, homes, points, adoption)])),
    capacity,
    relief: left === null ? null : 1 - left,
    nightShare: over(night, regular),
    importShare: over(highest, capacity),
    feedInShare: over(feedIn, capacity),
  };
}

// one is a measure of one region; NaN where it is unknown.
export function one(measure: Measure, m: Model, peaks: Peaks, adoption: number, homes: Homes, points: number, capacity: number): number {
  const { dwellings } = homes;
  switch (measure) {
    case "mw":
      return power(m, points, adoption).mw;
    case "points":
      return points;
    case "kw_per_dwelling":
      return dwellings > 0 ? (1000 * power(m, points, adoption).mw) / dwellings : NaN;
    case "points_per_dwelling":
      return dwellings > 0 ? points / dwellings : NaN;
  }
  if (measure === "hour" || measure === "own") return NaN; // of a time: atTime; of own homes: ownValues
  if (!(dwellings > 0) || !peaks.chosen || !peaks.night || !peaks.highest || !peaks.feedIn) return NaN;
  if (measure === "capacity") return capacity > 0 ? Math.max(peaks.highest.at(homes, points), peaks.feedIn.at(homes, points)) / capacity : NaN;
  const regular = peaks.regular ? peaks.regular.at(homes, points) : NaN;
  if (!(regular > 0)) return NaN;
  return measure === "relief" ? 1 - peaks.chosen.at(homes, points) / regular : peaks.night.at(homes, points) / regular;
}

// Columns are the figures of all regions that a measure needs, as numbers.
export interface Columns {
  n: number;
  dwellings: Float64Array;
  equivalents: Float64Array;
  capacity: Float64Array;
  hasCapacity: boolean;
}

export function columns(r: Regions): Columns {
  const numbers = (list: (number | null)[]) => Float64Array.from(list, (v) => v ?? NaN);
  const capacity = numbers(r.capacity_kw);
  return { n: r.code.length, dwellings: numbers(r.dwellings), equivalents: numbers(r.home_equivalents), capacity, hasCapacity: capacity.some(Number.isFinite) };
}

// homesOf are those of a region by its number.
export const homesOf = (c: Columns, number: number): Homes => ({ dwellings: c.dwellings[number]!, home_equivalents: c.equivalents[number]! });

// values are a measure of the regions by number; points are those of one year.
export function values(measure: Measure, numbers: Int32Array, c: Columns, points: Float32Array, m: Model, peaks: Peaks, adoption: number): Float64Array {
  const out = new Float64Array(numbers.length);
  for (let k = 0; k < numbers.length; k++) {
    const i = numbers[k]!;
    out[k] = one(measure, m, peaks, adoption, homesOf(c, i), points[i] ?? NaN, c.capacity[i]!);
  }
  return out;
}

// atTime is what the dwellings and cars of regions take together in a quarter of a month's
// mean day, kW per dwelling; negative is feeding in.
export function atTime(numbers: Int32Array, c: Columns, points: Float32Array, m: Model, adoption: number, month: number, quarter: number): Float64Array {
  const cars = mix(m, m.mode, adoption);
  const [load, solar, car] = [m.load[month]?.[quarter] ?? 0, m.solar[month]?.[quarter] ?? 0, cars?.[month]?.[quarter] ?? NaN];
  return Float64Array.from(numbers, (i) => {
    const { dwellings, home_equivalents } = homesOf(c, i);
    return dwellings > 0 ? (home_equivalents * load - dwellings * solar + (points[i] ?? NaN) * car) / dwellings : NaN;
  });
}

export type Why = "dwellings" | "capacity" | "mode" | "own";

// why a region has no value.
export function why(measure: Measure, peaks: Peaks, dwellings: number, capacity: number): Why {
  if (measure === "capacity" && !(capacity > 0)) return "capacity";
  if (isShare(measure) && (!peaks.chosen || !peaks.regular)) return "mode";
  return !(dwellings > 0) ? "dwellings" : measure === "own" ? "own" : "mode";
}
