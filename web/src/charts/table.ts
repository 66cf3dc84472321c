// Table is the twin of a chart: what it shows as rows, for readers, screen
// readers and spreadsheets.

export interface Column {
  label: string;
  unit?: string;
  decimals?: number; // as shown; the CSV keeps what there is
  text?: boolean;
}
export interface Table {
  columns: Column[];
  rows: (string | number | null)[][];
}

export const heading = (c: Column) => (c.unit ? `${c.label} (${c.unit})` : c.label);

const cell = (v: string | number | null) => {
  if (v === null || (typeof v === "number" && !Number.isFinite(v))) return "";
  // Twelve digits: no 0.30000000000000004 in a spreadsheet.
  const s = typeof v === "number" ? String(Number(v.toPrecision(12))) : v;
  return /[",\n]/.test(s) ? `"${s.replaceAll('"', '""')}"` : s;
};

// csv has commas between columns and decimal points, as the files of a study do.
export const csv = (t: Table) => [t.columns.map((c) => cell(heading(c))), ...t.rows.map((r) => r.map(cell))].map((r) => r.join(",") + "\n").join("");

// fileName says what a file is, in letters that every system takes.
export const fileName = (parts: (string | number | undefined)[], extension: string) =>
  parts
    .filter((p) => p !== undefined && p !== "")
    .map((p) =>
      String(p)
        .normalize("NFD")
        .replace(/[̀-ͯ]/g, "")
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-|-$/g, ""),
    )
    .filter(Boolean)
    .join("_") +
  "." +
  extension;
