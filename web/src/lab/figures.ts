// The key figures of the study and of the laboratory beside each other.

import type { LabAnswer } from "../lib/api";
import { eveningMean } from "../lib/potential";

export type Case = Pick<LabAnswer["cases"][number], "mode" | "summary" | "kw_by_month">;

export interface Figure {
  key: "evening_mean_kw" | "peak_charge_kw" | "peak_discharge_kw" | "discharged_kwh" | "energy_cost_eur" | "saving_vs_regular_eur" | "mw";
  base: number | null;
  lab: number | null;
  decimals: number;
}

const rows = [
  ["evening_mean_kw", 2],
  ["peak_charge_kw", 2],
  ["peak_discharge_kw", 2],
  ["discharged_kwh", 0],
  ["energy_cost_eur", 0],
  ["saving_vs_regular_eur", 0],
] as const;

// Country is what the country's figure is counted over, as the map counts it.
export interface Country {
  points: number; // home charge points
  adoption: number;
  months: readonly number[]; // of the season, 0 is January
  year: number; // whose days they have
}

// leastKW is what a car gives on the mean evening when it is worth a word, as in Go.
export const leastKW = 0.005;

// given is what a car discharges on the mean evening of the season, kW; 0 for what is not
// worth a word.
export function given(c: Case, { months, year }: Country): number {
  const kw = -eveningMean(c.kw_by_month, months, year);
  return kw > leastKW ? kw : 0;
}

export function figures(base: Case | undefined, lab: Case | undefined, country: Country | null): Figure[] {
  const out: Figure[] = rows.map(([key, decimals]) => ({ key, base: base?.summary[key] ?? null, lab: lab?.summary[key] ?? null, decimals }));
  if (country && lab?.mode === "v2g") {
    const mw = (c: Case | undefined) => (c ? (country.points * country.adoption * given(c, country)) / 1000 : null);
    const [was, is] = [mw(base), mw(lab)];
    const least = Math.min(...[was, is].map((v) => v || Infinity));
    out.push({ key: "mw", base: was, lab: is, decimals: least < 10 ? 2 : least < 100 ? 1 : 0 });
  }
  return out;
}

export const difference = (f: Figure) => (f.base === null || f.lab === null ? null : f.lab - f.base);
