// Files that a reader saves: pictures, and tables as rows.

import type { FigureColumn } from "../lib/api";

export type Table = FigureColumn[];
export type Cell = string | number | null;

export const heading = (c: FigureColumn) => (c.unit ? `${c.label} (${c.unit})` : c.label);

// rows of a table that is kept by columns.
export const rows = (t: Table): Cell[][] =>
  Array.from({ length: Math.max(0, ...t.map((c) => (c.text ?? c.values ?? []).length)) }, (_, i) => t.map((c) => c.text?.[i] ?? c.values?.[i] ?? null));

const cell = (v: Cell) => {
  if (v === null || (typeof v === "number" && !Number.isFinite(v))) return "";
  // Twelve digits: no 0.30000000000000004 in a spreadsheet.
  // Words that a spreadsheet would take for a formula get an apostrophe.
  const s = typeof v === "number" ? String(Number(v.toPrecision(12))) : v.replace(/^[=+\-@\t\r]/, "'$&");
  return /[",\n]/.test(s) ? `"${s.replaceAll('"', '""')}"` : s;
};

// lines has commas between columns and decimal points, as the files of a study do.
export const lines = (head: string[], body: Cell[][]) => [head, ...body].map((r) => r.map(cell).join(",") + "\n").join("");

export const csv = (t: Table) => lines(t.map(heading), rows(t));

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

// png paints a picture that stands alone at twice its size.
export async function png(figure: { svg: string; width: number; height: number }): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([figure.svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = 2 * figure.width;
    canvas.height = 2 * figure.height;
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no canvas");
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => canvas.toBlob((b) => (b ? resolve(b) : reject(new Error("no PNG"))), "image/png"));
  } finally {
    URL.revokeObjectURL(url);
  }
}

export function save(content: Blob | string, name: string, type = "text/plain") {
  const blob = typeof content === "string" ? new Blob([content], { type }) : content;
  const url = URL.createObjectURL(blob);
  const a = document.createElement("a");
  a.href = url;
  a.download = name;
  a.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
