// The key figures of the study and of the laboratory beside each other.

import type { CaseSummary } from "../lib/api";

export interface Figure {
  key: "evening_mean_kw" | "peak_charge_kw" | "peak_discharge_kw" | "discharged_kwh" | "energy_cost_eur" | "saving_vs_regular_eur" | "gw";
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

// nationalGW is what all points that take part give at the mean discharge of
// the year, as the study's rule "computed" has it.
export const nationalGW = (points: number, adoption: number, kw: number) => (points * adoption * kw) / 1e6;

export function figures(base: CaseSummary | undefined, lab: CaseSummary | undefined, points: number | null, adoption: number): Figure[] {
  const out: Figure[] = rows.map(([key, decimals]) => ({ key, base: base?.[key] ?? null, lab: lab?.[key] ?? null, decimals }));
  if (points !== null && lab?.mode === "v2g") {
    const gw = (c: CaseSummary | undefined) => (c ? nationalGW(points, adoption, Math.max(0, -c.evening_mean_kw)) : null);
    out.push({ key: "gw", base: gw(base), lab: gw(lab), decimals: 2 });
  }
  return out;
}

export const difference = (f: Figure) => (f.base === null || f.lab === null ? null : f.lab - f.base);
