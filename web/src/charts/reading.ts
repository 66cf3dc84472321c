// What can be read in a figure that the server drew: boxes in the picture, each of
// which stands for a row of its table. Pure: words and numbers come from the caller.

import type { Figure, FigureColumn, FigureMark } from "../lib/api";

// A Place is a box of a mark.
export interface Place {
  mark: number;
  box: number;
}

export interface Words {
  number: (v: number | null, decimals: number) => string;
  charging: string;
  discharging: string;
  taking: string;
  feedingIn: string;
  none: string;
}

export interface Row {
  label: string;
  value: string;
  class: string;
  dash: string;
  y: number | undefined; // px, where the value has a height
}

// at is the box under a point.
export function at(marks: FigureMark[], x: number, y: number): Place | undefined {
  const mark = marks.findIndex((m) => x >= m.x && x <= m.x + m.w && y >= m.y && y <= m.y + m.h);
  const m = marks[mark];
  return m && { mark, box: Math.min(m.n - 1, Math.floor(((x - m.x) / m.w) * m.n)) };
}

// move is where a key leads; undefined when it is not a key of ours. Left and right
// walk along the boxes of a mark, up and down along the marks.
export function move(marks: FigureMark[], from: Place | undefined, key: string): Place | undefined {
  const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -4, PageDown: 4, Home: -Infinity, End: Infinity };
  const down = { ArrowUp: -1, ArrowDown: 1 }[key];
  const step = steps[key];
  if ((step === undefined && down === undefined) || marks.length === 0) return undefined;
  // The evening first: three quarters of a day.
  if (!from) return { mark: 0, box: Math.floor(0.75 * marks[0]!.n) };
  const to = (v: number, n: number) => Math.min(n - 1, Math.max(0, v));
  const alone = marks[from.mark]!.n === 1;
  if (step !== undefined && !alone) return { ...from, box: to(from.box + step, marks[from.mark]!.n) };
  const mark = to(from.mark + (down ?? step!), marks.length);
  return { mark, box: to(from.box, marks[mark]!.n) };
}

// shown writes a value of a column for people.
export function shown(c: FigureColumn, v: number | null | undefined, words: Words): string {
  if (v === null || v === undefined) return words.none;
  if (!c.power) return words.number(v, c.decimals ?? 0) + (c.unit ? ` ${c.unit}` : "");
  const amount = words.number(Math.abs(v), c.decimals ?? 0);
  const ways = c.homes ? [words.taking, words.feedingIn] : [words.charging, words.discharging];
  const way = !/[1-9]/.test(amount) ? "" : ` ${ways[v > 0 ? 0 : 1]}`;
  return `${amount} ${(c.unit ?? "").split(" ")[0]}${way}`;
}

// say tells what a box holds.
export function say(f: Figure, p: Place, words: Words): { title: string; rows: Row[] } {
  const m = f.marks[p.mark]!;
  const row = m.row + p.box;
  const names = f.table.filter((c) => c.text).at(-1)?.text;
  const title = [m.title, m.named ? names?.[row] : undefined].filter(Boolean).join(", ");
  const rows = m.readings.map((r): Row => {
    const value = (column: number) => f.table[column]?.values?.[row + (r.row ?? 0)] ?? null;
    const c = f.table[r.column]!;
    const v = value(r.column);
    let text = shown(c, v, words);
    const ends = [value(r.column - 1), value(r.column + 1)].map((e) => Math.abs(e ?? NaN)).sort((a, b) => a - b);
    if (r.band && ends.every(Number.isFinite)) text += ` (${ends.map((e) => words.number(e, c.decimals ?? 0)).join("–")})`;
    const height = m.top !== undefined || m.bottom !== undefined ? (m.top ?? 0) - (m.bottom ?? 0) : 0;
    return { label: r.label ?? "", value: text, class: r.class ?? "", dash: r.dash ?? "", y: v === null || !height ? undefined : m.y + (m.h * ((m.top ?? 0) - v)) / height };
  });
  return { title, rows };
}
