// What the map can show, and how it follows from the charge points of a region.

import type { Profiles, Regions, Study } from "../lib/api";
import { anytime, Envelope, inEvening, inNight, mix, model, power, type Model, type Power } from "../lib/potential";

export const measures = ["kw_per_dwelling", "mw", "points_per_dwelling", "points", "relief", "night", "capacity"] as const;
export type Measure = (typeof measures)[number];

// Relative values are colours, absolute ones circles.
export const absolute = (m: Measure) => m === "mw" || m === "points";

// Shares are fractions, shown in %.
export const isShare = (m: Measure) => m === "relief" || m === "night" || m === "capacity";

export const isMeasure = (text: string): text is Measure => (measures as readonly string[]).includes(text);

// modelFor is the model of a contract. What the study found for the contract of
// its potential (the computed power, the spread) does not hold for another one.
export function modelFor(study: Study, profiles: Profiles, contract: string): Model {
  const own = study.contracts.find((c) => c.used_for_potential)?.name ?? contract;
  const m = model(profiles, contract, study.kw_rule, study.kw_per_charge_point, study.sd_kw_per_charge_point);
  if (contract === own) return m;
  if (study.kw_rule === "computed") {
    let least = 0;
    for (const row of m.modes.v2g ?? []) for (const v of row) if (v !== null) least = Math.min(least, v);
    m.kwPerPoint = -least;
  }
  m.sdKW = null;
  return m;
}

// Peaks answers the peaks of any region for one adoption; null where the study
// lacks the mode.
export class Peaks {
  readonly without: Envelope;
  readonly regular: Envelope | null;
  readonly smart: Envelope | null;
  readonly v2g: Envelope | null;
  readonly night: Envelope | null;
  readonly highest: Envelope | null;
  readonly feedIn: Envelope | null;

  constructor(m: Model, adoption: number) {
    const evening = (mode: string) => {
      const car = mix(m, mode, adoption);
      return car && new Envelope(m.base, car, inEvening);
    };
    const v2g = mix(m, "v2g", adoption);
    this.without = new Envelope(m.base, null, inEvening);
    this.regular = evening("regular");
    this.smart = evening("smart");
    this.v2g = evening("v2g");
    this.night = v2g && new Envelope(m.base, v2g, inNight);
    this.highest = v2g && new Envelope(m.base, v2g, anytime);
    this.feedIn = v2g && new Envelope(m.base, v2g, anytime, -1);
  }
}

// Figures are all that follows for one region; kW, null where it is unknown.
export interface Figures {
  dwellings: number;
  points: number;
  power: Power;
  without: number;
  regular: number | null;
  smart: number | null;
  v2g: number | null;
  night: number | null;
  highest: number | null;
  feedIn: number | null; // 0 or more
  capacity: number | null;
  relief: number | null; // shares of 1
  nightShare: number | null;
  importShare: number | null;
  feedInShare: number | null;
  ofEvening: number | null; // the MW against the evening peak with regular charging
}

export function figures(m: Model, peaks: Peaks, adoption: number, dwellings: number, points: number, capacity: number | null): Figures {
  const at = (e: Envelope | null) => (e ? e.at(dwellings, points) : null);
  const over = (a: number | null, b: number | null) => (a !== null && b !== null && b > 0 ? a / b : null);
  const p = power(m, points, adoption);
  const regular = at(peaks.regular);
  const v2g = at(peaks.v2g);
  const night = at(peaks.night);
  const highest = at(peaks.highest);
  const feed = at(peaks.feedIn);
  const feedIn = feed === null ? null : Math.max(0, feed);
  const left = over(v2g, regular);
  return {
    dwellings,
    points,
    power: p,
    without: peaks.without.at(dwellings, points),
    regular,
    smart: at(peaks.smart),
    v2g,
    night,
    highest,
    feedIn,
    capacity,
    relief: left === null ? null : 1 - left,
    nightShare: over(night, regular),
    importShare: over(highest, capacity),
    feedInShare: over(feedIn, capacity),
    ofEvening: over(p.mw * 1000, regular),
  };
}

// one is a measure of one region; NaN where it is unknown.
export function one(measure: Measure, m: Model, peaks: Peaks, adoption: number, dwellings: number, points: number, capacity: number): number {
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
  if (!(dwellings > 0) || !peaks.v2g || !peaks.night || !peaks.highest || !peaks.feedIn) return NaN;
  if (measure === "capacity") return capacity > 0 ? Math.max(peaks.highest.at(dwellings, points), peaks.feedIn.at(dwellings, points)) / capacity : NaN;
  const regular = peaks.regular ? peaks.regular.at(dwellings, points) : NaN;
  if (!(regular > 0)) return NaN;
  return measure === "relief" ? 1 - peaks.v2g.at(dwellings, points) / regular : peaks.night.at(dwellings, points) / regular;
}

// Columns are the figures of all regions that a measure needs, as numbers.
export interface Columns {
  n: number;
  dwellings: Float64Array;
  capacity: Float64Array;
  hasCapacity: boolean;
}

export function columns(r: Regions): Columns {
  const numbers = (list: (number | null)[]) => Float64Array.from(list, (v) => v ?? NaN);
  const capacity = numbers(r.capacity_kw);
  return { n: r.code.length, dwellings: numbers(r.dwellings), capacity, hasCapacity: capacity.some(Number.isFinite) };
}

// values are a measure of the regions by number; points are those of one year.
export function values(measure: Measure, numbers: Int32Array, c: Columns, points: Float32Array, m: Model, peaks: Peaks, adoption: number): Float64Array {
  const out = new Float64Array(numbers.length);
  for (let k = 0; k < numbers.length; k++) {
    const i = numbers[k]!;
    out[k] = one(measure, m, peaks, adoption, c.dwellings[i]!, points[i] ?? NaN, c.capacity[i]!);
  }
  return out;
}

export type Why = "dwellings" | "capacity" | "mode";

// why a region has no value.
export function why(measure: Measure, peaks: Peaks, dwellings: number, capacity: number): Why {
  if (measure === "capacity" && !(capacity > 0)) return "capacity";
  if (isShare(measure) && (!peaks.v2g || !peaks.regular)) return "mode";
  return dwellings > 0 ? "mode" : "dwellings";
}
