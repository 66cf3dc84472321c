// Scales and places, as the Go package figure has them, so that the dashboard's
// axes and the report's agree.

export const quartersPerDay = 96;
export const eveningFrom = 17;
export const eveningTo = 21;

// ticks are round values, about target steps apart, that cover lo..hi, and the
// decimals that they need. A range without width is widened.
export function ticks(lo: number, hi: number, target: number): { at: number[]; decimals: number } {
  if (!(hi > lo)) {
    lo -= 0.5;
    hi = lo + 1;
  }
  const raw = (hi - lo) / target;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 2.5, 5].find((m) => raw <= m * power * 1.0001) ?? 10) * power;
  let decimals = 0;
  while (decimals < 6 && Math.abs(step - round(step, decimals)) > step * 1e-6) decimals++;
  const at: number[] = [];
  for (let i = Math.floor(lo / step + 1e-9); ; i++) {
    at.push(round(i * step, decimals));
    if (i * step >= hi - step * 1e-6) break;
  }
  return { at, decimals };
}

export function round(v: number, decimals: number): number {
  const p = 10 ** decimals;
  return Math.round(v * p) / p + 0; // no negative zero
}

// ceilPretty is the smallest round number not below v > 0.
export function ceilPretty(v: number): number {
  const power = 10 ** Math.floor(Math.log10(v));
  for (const m of [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8]) if (v <= m * power * 1.0001) return round(m * power, 6);
  return 10 * power;
}

export type Scale = (v: number) => number;

export const linear =
  (from: [number, number], to: [number, number]): Scale =>
  (v) =>
    to[0] + ((v - from[0]) / (from[1] - from[0])) * (to[1] - to[0]);

export function logarithmic(from: [number, number], to: [number, number]): Scale {
  const s = linear([Math.log10(from[0]), Math.log10(from[1])], to);
  return (v) => s(Math.log10(v));
}

// apart moves boxes of the given heights, sorted by the middle they want, so that
// none overlap and all stay within lo..hi if they fit, with the least squared
// displacement (pool adjacent violators).
export function apart(want: number[], height: number[], lo: number, hi: number): number[] {
  const n = want.length;
  if (n === 0) return [];
  const shift = [0];
  for (let i = 1; i < n; i++) shift.push(shift[i - 1]! + (height[i - 1]! + height[i]!) / 2);
  const pools: { sum: number; n: number }[] = [];
  for (let i = 0; i < n; i++) {
    pools.push({ sum: want[i]! - shift[i]!, n: 1 });
    for (;;) {
      const b = pools.at(-1)!;
      const a = pools.at(-2);
      if (!a || a.sum / a.n <= b.sum / b.n) break;
      pools.splice(-2, 2, { sum: a.sum + b.sum, n: a.n + b.n });
    }
  }
  const at = pools.flatMap((p) => Array<number>(p.n).fill(p.sum / p.n));
  const first = lo + height[0]! / 2;
  const last = hi - height[n - 1]! / 2 - shift[n - 1]!;
  return at.map((v, i) => Math.max(Math.min(v, last), first) + shift[i]!);
}

// clock is the local time at which a quarter of the day starts.
export const clock = (quarter: number) => `${String(Math.floor(quarter / 4) % 24).padStart(2, "0")}:${String((quarter % 4) * 15).padStart(2, "0")}`;

// quarter names a quarter-hour from its start to its end.
export function quarter(q: number): string {
  const end = q + 1 === quartersPerDay ? "24:00" : clock(q + 1);
  return `${clock(q)}–${end}`;
}

// dayNames names the quarters of one day by their local starts; an hour that comes
// twice is told apart.
export const dayNames = (times: readonly string[]): string[] =>
  times.map((time, i) => {
    const q = Number(time.slice(0, 2)) * 4 + Number(time.slice(3)) / 15;
    return quarter(q) + (times.indexOf(time) < i ? " (2)" : "");
  });

export type Point = [number, number];
type Values = readonly (number | null | undefined)[];

const fixed = (v: number) => String(Math.round(v * 10) / 10);

// line is the path through values, broken where one is missing.
export function line(values: Values, x: (i: number) => number, y: Scale): string {
  let out = "";
  let pen = false;
  values.forEach((v, i) => {
    if (v === null || v === undefined || !Number.isFinite(v)) {
      pen = false;
      return;
    }
    out += `${pen ? "L" : "M"}${fixed(x(i))} ${fixed(y(v))}`;
    pen = true;
  });
  return out;
}

// area is what lies between the values of one sign and zero; lines that cross
// zero are cut there.
export function area(values: Values, x: (i: number) => number, y: Scale, sign: 1 | -1): string {
  let out = "";
  let run: Point[] = [];
  const close = () => {
    if (run.length > 1) {
      out += run.map(([a, b], i) => `${i ? "L" : "M"}${fixed(a)} ${fixed(b)}`).join("");
      out += `L${fixed(run.at(-1)![0])} ${fixed(y(0))}L${fixed(run[0]![0])} ${fixed(y(0))}Z`;
    }
    run = [];
  };
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    if (v === null || v === undefined || !Number.isFinite(v)) {
      close();
      continue;
    }
    const before = values[i - 1];
    const crosses = before !== null && before !== undefined && before * v < 0;
    const cross: Point | undefined = crosses ? [x(i - 1) + ((x(i) - x(i - 1)) * before) / (before - v), y(0)] : undefined;
    if (v * sign >= 0) {
      if (cross) run.push(cross);
      run.push([x(i), y(v)]);
    } else {
      if (cross) run.push(cross);
      close();
    }
  }
  close();
  return out;
}

// band is the area between two curves.
export function band(low: Values, high: Values, x: (i: number) => number, y: Scale): string {
  const there = line(high, x, y);
  const back = low.map((v, i): [number, number | null | undefined] => [i, v]).reverse();
  return there + back.map(([i, v]) => `L${fixed(x(i))} ${fixed(y(v ?? 0))}`).join("") + "Z";
}

let measure: CanvasRenderingContext2D | null | undefined;

// textWidth is the length in px of a text in the dashboard's typeface.
export function textWidth(s: string, size: number, bold = false): number {
  if (typeof document === "undefined") return s.length * size * 0.56;
  measure ??= document.createElement("canvas").getContext("2d");
  if (!measure) return s.length * size * 0.56;
  measure.font = `${bold ? 600 : 400} ${size}px "Inter Variable", system-ui, sans-serif`;
  return measure.measureText(s).width;
}

// wrap breaks a text into lines no longer than width px.
export function wrap(s: string, size: number, width: number, bold = false): string[] {
  const out: string[] = [];
  for (const word of s.split(/\s+/).filter(Boolean)) {
    const longer = out.length ? `${out.at(-1)} ${word}` : word;
    if (out.length && textWidth(longer, size, bold) <= width) out[out.length - 1] = longer;
    else out.push(word);
  }
  return out;
}
