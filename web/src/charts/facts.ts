// Means and extremes of the profiles that pages compute themselves; what the study
// found comes from the server.

import type { Months } from "../lib/api";

export interface Cell {
  month: number;
  quarter: number;
  kw: number;
}

// extremes are the strongest charging and feeding in, where there is any that does
// not round to 0.
export function extremes(kw: Months): Cell[] {
  let most: Cell = { month: 0, quarter: 0, kw: 0 };
  let least = most;
  kw.forEach((row, month) =>
    row.forEach((v, quarter) => {
      if (v === null) return;
      if (v > most.kw) most = { month, quarter, kw: v };
      if (v < least.kw) least = { month, quarter, kw: v };
    }),
  );
  return [most, least].filter((c) => Math.abs(c.kw) >= 0.005);
}

export const daysIn = (year: number, month: number) => new Date(Date.UTC(year, month + 1, 0)).getUTCDate();

// meanDay is the mean day of the year: months weigh by their days.
export function meanDay(kw: Months, year: number): number[] {
  const total = kw.reduce((s, _, m) => s + daysIn(year, m), 0);
  return Array.from({ length: 96 }, (_, q) => kw.reduce((s, row, m) => s + daysIn(year, m) * (row[q] ?? 0), 0) / total);
}
