// Classes of values: where they end, how they are coloured, how large circles are.

import type { Measure } from "./measures";

export type Division = "quantile" | "equal";

export interface Breaks {
  at: number[]; // between the classes, rising
  digits: number; // significant digits that tell them apart
  only?: number; // the value of all, where that is one
  more?: "red" | "blue"; // two colours part in the middle, and what lies above is this one
}

// Shares that a peak or a capacity stands against, and power that is taken or fed in, have the same classes on every map, with
// a break where they are as large: below it lies another answer than above.
const parted: Partial<Record<Measure, Breaks>> = {
  relief: { at: [-0.5, -0.25, -0.1, 0, 0.1, 0.25, 0.5], digits: 2, more: "blue" },
  night: { at: [0.5, 0.75, 0.9, 1, 1.1, 1.25, 1.5], digits: 2, more: "red" },
  hour: { at: [-2, -1, -0.5, 0, 0.5, 1, 2], digits: 2, more: "red" },
  capacity: { at: [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2], digits: 2, more: "red" },
};

export const partedBreaks = (m: Measure): Breaks | undefined => parted[m];

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

// One scale for amounts, from yellow (little) over green to blue (much): lightness falls
// evenly, also for colour-blind readers, and nowhere is it grey, which would read as no data.
// The same on a light ground and on a dark one, so that a colour means one thing.
const scale = ["#dce364", "#95d973", "#47c986", "#03b196", "#009697", "#067d90", "#036488", "#004a84", "#182982"];
// And one for what lies below and above a break.
const parting = ["#08348a", "#1762b6", "#4896d3", "#8ec6e7", "#f3b397", "#e1755a", "#ba362e", "#80161a"];

// stops are places and their colours: amounts from 0 to 1, what parts from 2 to 3.
export const stops: readonly (readonly [number, string])[] = [...scale.map((c, k) => [k / (scale.length - 1), c] as const), ...parting.map((c, k) => [2 + k / (parting.length - 1), c] as const)];

// share is the place of a class on the scale.
export function share(c: number, b: Breaks): number {
  if (b.more) return 2 + (b.more === "red" ? c : b.at.length - c) / b.at.length;
  return b.at.length ? c / b.at.length : b.only === 0 ? 0 : 0.5;
}

export function color(x: number): string {
  const i = Math.max(0, stops.findLastIndex(([at]) => at <= x));
  const [from, a] = stops[i]!;
  const [to, b] = stops[i + 1] ?? stops[i]!;
  const part = to > from ? (x - from) / (to - from) : 0;
  const rgb = (c: string) => [1, 3, 5].map((k) => parseInt(c.slice(k, k + 2), 16));
  const end = rgb(b);
  return "#" + rgb(a).map((v, k) => Math.round(v + (end[k]! - v) * part).toString(16).padStart(2, "0")).join("");
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
