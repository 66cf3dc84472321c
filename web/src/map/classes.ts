// Classes of values: where they end, how they are coloured, how large circles are.

export type Division = "quantile" | "equal";

export interface Breaks {
  at: number[]; // between the classes, rising
  digits: number; // significant digits that tell them apart
  only?: number; // the value of all, where that is one
}

// makeBreaks divides values into classes: with as many regions in each (quantile)
// or of the same width (equal). Ends are rounded, to two digits where that keeps
// them apart; classes that would be the same become one.
export function makeBreaks(all: ArrayLike<number>, classes: number, division: Division): Breaks {
  const known = Float64Array.from(all).filter(Number.isFinite).sort();
  const low = known[0];
  const high = known[known.length - 1];
  if (low === undefined || high === undefined) return { at: [], digits: 2 };
  if (!(high > low)) return { at: [], digits: 2, only: low };
  const exact: number[] = [];
  for (let k = 1; k < classes; k++) exact.push(division === "equal" ? low + ((high - low) * k) / classes : known[Math.floor((k * known.length) / classes)]!);
  let best: Breaks = { at: [], digits: 2 };
  for (let digits = 2; digits <= 5; digits++) {
    // What rounds to the lowest value would leave an empty class below it.
    const at = [...new Set(exact.map((v) => Number(v.toPrecision(digits))))].filter((v) => v > low);
    if (at.length > best.at.length) best = { at, digits };
    if (best.at.length === classes - 1) break;
  }
  return best;
}

// classOf is the place of a value among the classes: a value on an end belongs
// above it; -1 without a value.
export function classOf(v: number, at: readonly number[]): number {
  if (!Number.isFinite(v)) return -1;
  let c = 0;
  while (c < at.length && v >= at[c]!) c++;
  return c;
}

// The scale for amounts of the report (package figure), after cividis: lightness
// changes evenly, the same for colour-blind readers. On a light ground more is
// darker, on a dark one lighter.
const light = ["#fbefab", "#ecd97b", "#cfbe6c", "#aca375", "#8a887c", "#6a7180", "#4c5d82", "#2f4a80", "#143872", "#04224f"];
const dark = ["#1d3f7c", "#35507f", "#4c5d82", "#6a7180", "#8a887c", "#aca375", "#cfbe6c", "#ecd97b", "#fbefab"];

export const stops = (isDark: boolean): readonly string[] => (isDark ? dark : light);

// share is the place of a class on the scale.
export const share = (c: number, b: Breaks) => (b.at.length ? c / b.at.length : b.only === 0 ? 0 : 0.5);

export function color(x: number, isDark: boolean): string {
  const s = stops(isDark);
  const at = Math.min(Math.max(x, 0), 1) * (s.length - 1);
  const i = Math.min(Math.floor(at), s.length - 2);
  const rgb = (c: string) => [1, 3, 5].map((k) => parseInt(c.slice(k, k + 2), 16));
  const a = rgb(s[i]!);
  const b = rgb(s[i + 1]!);
  return "#" + a.map((v, k) => Math.round(v + (b[k]! - v) * (at - i)).toString(16).padStart(2, "0")).join("");
}

// Circles: the area stands for the amount. Radii are kept in steps too small to
// see, so that only circles that visibly change are redrawn.
export const radiusSteps = 64;
export const radiusStep = (v: number, most: number) => (v > 0 && most > 0 ? Math.max(1, Math.round(radiusSteps * Math.sqrt(v / most))) : 0);

// pretty is the round number next to v: 1, 2 or 5 times a power of ten, at most v.
export function pretty(v: number): number {
  if (!(v > 0)) return 0;
  const power = 10 ** Math.floor(Math.log10(v));
  const m = v / power;
  return Number(((m >= 5 ? 5 : m >= 2 ? 2 : 1) * power).toPrecision(1));
}

// circleSizes are the amounts that a legend shows: large, middling, small.
export const circleSizes = (most: number) => [...new Set([most, most / 4, most / 20].map(pretty))].filter((v) => v > 0);
