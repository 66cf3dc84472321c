// Table twins that several pages make.

import type { Months } from "../lib/api";
import type { Column, Table } from "./table";

export interface NamedMonths {
  label?: string;
  kw: Months;
}

// monthsTable has a row per quarter of the day and a column per month.
export function monthsTable(panels: NamedMonths[], words: { panel: string; time: string; unit: string; month: (m: number) => string; quarter: (q: number) => string }): Table {
  const many = panels.length > 1;
  const columns: Column[] = [
    ...(many ? [{ label: words.panel, text: true }] : []),
    { label: words.time, text: true },
    ...Array.from({ length: 12 }, (_, m) => ({ label: words.month(m), unit: words.unit, decimals: 3 })),
  ];
  const rows = panels.flatMap((p) => Array.from({ length: 96 }, (_, q) => [...(many ? [p.label ?? ""] : []), words.quarter(q), ...p.kw.map((row) => row[q] ?? null)]));
  return { columns, rows };
}

export interface Curve {
  label: string;
  values: readonly (number | null)[];
}

// curvesTable has a row per moment and a column per curve.
export const curvesTable = (head: string, names: string[], curves: Curve[], unit: string): Table => ({
  columns: [{ label: head, text: true }, ...curves.map((c) => ({ label: c.label, unit, decimals: 3 }))],
  rows: names.map((name, i) => [name, ...curves.map((c) => c.values[i] ?? null)]),
});
