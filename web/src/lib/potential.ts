// MW and peaks of a region, as the Go package potential computes them
// (internal/potential), so that sliders need no server:
//
//   MW = home charge points x adoption x kW per charge point / 1000
//   exchange in a cell = home equivalents x load - dwellings x solar
//                        + points x (adoption x mode + (1 - adoption) x regular)
//
// A peak is the largest cell (month, quarter of the day) of a window.

import type { Months, Profiles, Study } from "./api";

export const eveningFrom = 17 * 4;
export const eveningTo = 21 * 4;
const nightTo = 7 * 4;
const z95 = 1.6448536269514722;

// What a charge point counts for: the mean evening of contract, mode and season; the
// yearly peak of groups of a size; the report's 2 kW; a number of the study's own.
export type Rule = Study["kw_rule"];

// Choice is what is looked at.
export interface Choice {
  contract: string;
  mode: string;
  season: string;
  rule: Rule;
}

// Steps are the quarter-hours that may be a region's highest of the year.
export type Steps = Profiles["cases"][number]["highest_steps"];

// Model is what a study found for one home under one choice; kW.
export interface Model {
  choice?: Choice;
  mode: string;
  months: readonly number[]; // of the season, 0 is January
  load: Months; // of the mean dwelling, without a car
  solar: Months; // of the mean dwelling, 0 or more
  modes: Partial<Record<string, Months>>;
  steps: Partial<Record<string, Steps>>; // by mode
  eveningKW: number; // of the mode on the season's mean evening; negative is discharging
  largestKW: number; // discharge in the season's best month and quarter-hour
  kwPerPoint: number | null;
  sdKW: number | null;
  coincidence: { homes: number; p5: number; p50: number; p95: number }[]; // of the mode's discharge
  rule: Rule;
}

export function model(study: Study, profiles: Profiles, choice: Choice): Model {
  const modes: Model["modes"] = {};
  const steps: Model["steps"] = {};
  let coincidence: Model["coincidence"] = [];
  for (const c of profiles.cases) {
    if (c.contract !== choice.contract) continue;
    modes[c.mode] = c.kw_by_month;
    steps[c.mode] = c.highest_steps;
    if (c.mode === choice.mode) coincidence = c.coincidence.map((g) => ({ homes: g.homes, ...g.peak_discharge_kw }));
  }
  const solar = profiles.home_solar_kw_by_month.map((row) => row.map((v) => study.dwellings_with_solar * (v ?? 0)));
  const months = (study.seasons.find((s) => s.season === choice.season)?.months ?? []).map((m) => m - 1);
  const table = modes[choice.mode] ?? [];
  const eveningKW = eveningMean(table, months, profiles.year);
  let least = 0;
  for (const m of months) for (const v of table[m] ?? []) least = Math.min(least, v ?? 0);
  // The spread of the homes is known of what the study itself counts.
  const own = study.contracts.find((c) => c.used_for_potential)?.name === choice.contract && choice.rule === study.kw_rule && choice.season === study.season && choice.mode === "v2g";
  const kwPerPoint = { fixed: study.kw_per_charge_point, report: study.report_kw_per_charge_point, computed: Math.max(0, -eveningKW), coincidence: null }[choice.rule];
  return { choice, mode: choice.mode, months, load: profiles.home_load_kw_by_month, solar, modes, steps, eveningKW, largestKW: -least, kwPerPoint, sdKW: own ? study.sd_kw_per_charge_point : null, coincidence, rule: choice.rule };
}

// eveningMean is the mean of 17:00-21:00 over the days of some months; 0 without a table.
export function eveningMean(table: Months, months: readonly number[], year: number): number {
  let sum = 0;
  let days = 0;
  for (const m of months) {
    const inMonth = new Date(Date.UTC(year, m + 1, 0)).getUTCDate();
    days += inMonth;
    for (let q = eveningFrom; q < eveningTo; q++) sum += inMonth * (table[m]?.[q] ?? 0);
  }
  return days > 0 ? sum / days / (eveningTo - eveningFrom) : 0;
}

export interface Power {
  mw: number;
  p5: number | null;
  p95: number | null;
  kw: number; // per charge point
}

// Band is how uncertain the country's figure is: percentiles relative to it, and how
// far a region may lie off it, as a share.
export interface Band {
  p5: number;
  p95: number;
  spread: number;
}

export function power(m: Model, points: number, adoption: number, band: Band | null = null): Power {
  const n = points * adoption;
  let kw = m.kwPerPoint ?? 0;
  let down = 0; // how far the region's homes may lie off, as a share
  let up = 0;
  if (m.rule === "coincidence") {
    const at = interpolate(m.coincidence, n);
    kw = at.p50;
    if (kw > 0) [down, up] = [1 - at.p5 / kw, at.p95 / kw - 1];
  } else {
    if (n * kw > 0) down = (z95 * (m.sdKW ?? 0)) / kw / Math.sqrt(n);
    up = down;
  }
  const mw = (n * kw) / 1000;
  if (band === null) return { mw, p5: null, p95: null, kw };
  const middle = (band.p5 + band.p95) / 2;
  const half = (homes: number) => Math.hypot((band.p95 - band.p5) / 2, band.spread, homes);
  return { mw, p5: mw * Math.max(0, middle - half(down)), p95: mw * (middle + half(up)), kw };
}

// largestGroup is the number of cars beyond which more of them coincide no less.
export const largestGroup = (m: Model) => m.coincidence.at(-1)?.homes ?? 0;

// atOnce is what a group of so many cars discharges at once in the busiest quarter-hour
// of the year, MW; null without a curve.
export function atOnce(m: Model, points: number, adoption: number): { mw: number; p5: number; p95: number } | null {
  if (!m.coincidence.length) return null;
  const n = points * adoption;
  const at = interpolate(m.coincidence, n);
  return { mw: (n * at.p50) / 1000, p5: (n * at.p5) / 1000, p95: (n * at.p95) / 1000 };
}

function interpolate(c: Model["coincidence"], n: number) {
  const first = c[0] ?? { homes: 1, p5: 0, p50: 0, p95: 0 };
  if (n <= first.homes) return first;
  for (let i = 1; i < c.length; i++) {
    const a = c[i - 1]!;
    const b = c[i]!;
    if (n > b.homes) continue;
    const x = Math.log(n / a.homes) / Math.log(b.homes / a.homes);
    return { p5: a.p5 + x * (b.p5 - a.p5), p50: a.p50 + x * (b.p50 - a.p50), p95: a.p95 + x * (b.p95 - a.p95) };
  }
  return c[c.length - 1] ?? first;
}

export const wholeYear: readonly number[] = Array.from({ length: 12 }, (_, m) => m);

// Homes are a region's dwellings: how many there are, and as how many mean dwellings
// they use electricity.
export interface Homes {
  dwellings: number;
  home_equivalents: number;
}

// Envelope answers the largest equivalents x load - dwellings x solar + points x car
// over the cells of a window, as internal/potential/envelope.go does: only cells that
// no other exceeds in all three terms can be the largest.
export class Envelope {
  #cells: [load: number, solar: number, car: number][] = [];

  constructor(m: Pick<Model, "load" | "solar">, car: Months | null, inWindow: (quarter: number) => boolean, months: readonly number[] = wholeYear, sign = 1) {
    const all: [number, number, number][] = [];
    for (const month of months)
      m.load[month]!.forEach((load, q) => {
        if (inWindow(q)) all.push([sign * (load ?? 0), -sign * (m.solar[month]?.[q] ?? 0), sign * (car?.[month]?.[q] ?? 0)]);
      });
    all.sort((a, b) => b[0] - a[0] || b[1] - a[1] || b[2] - a[2]);
    for (const c of all) if (!this.#cells.some((k) => k[1] >= c[1] && k[2] >= c[2])) this.#cells.push(c);
  }

  at({ dwellings, home_equivalents }: Homes, points: number): number {
    let largest = -Infinity;
    for (const [load, solar, car] of this.#cells) {
      const kw = home_equivalents * load + dwellings * solar + points * car;
      if (kw > largest) largest = kw;
    }
    return largest;
  }
}

// yearHighest is a region's highest quarter-hour of the year, with all of its homes and
// cars like the study's mean, and its start; null where it cannot be known.
export function yearHighest(s: Steps | undefined, { dwellings, home_equivalents }: Homes, points: number, adoption: number): { kw: number; utc: string } | null {
  let best: { kw: number; utc: string } | null = null;
  for (let i = 0; s && i < s.utc_start.length; i++) {
    const regular = s.regular_kw[i] ?? null;
    if (regular === null && adoption < 1) return null;
    const car = adoption * (s.kw[i] ?? 0) + (1 - adoption) * (regular ?? 0);
    const kw = home_equivalents * (s.home_load_kw[i] ?? 0) - dwellings * (s.dwelling_solar_kw[i] ?? 0) + points * car;
    if (best === null || kw > best.kw) best = { kw, utc: s.utc_start[i]! };
  }
  return best;
}

export const inEvening = (q: number) => q >= eveningFrom && q < eveningTo;
export const inNight = (q: number) => q >= eveningTo || q < nightTo;
export const anytime = () => true;

// mix is a charge point's mean power when a share follows a mode and the rest
// charges as regular; null when the study lacks one of them.
export function mix(m: Model, mode: string, adoption: number): Months | null {
  const table = m.modes[mode];
  const regular = m.modes.regular;
  if (!table || (!regular && adoption < 1)) return null;
  return table.map((row, month) => row.map((v, q) => adoption * (v ?? 0) + (adoption < 1 ? (1 - adoption) * (regular![month]?.[q] ?? 0) : 0)));
}
