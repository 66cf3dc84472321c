// What the map can show, and how it is computed for every region of a level.

import type { Regions } from "../lib/api";
import { Envelope, inEvening, inNight, anytime, mix, power, type Model } from "../lib/potential";

export const measures = ["kw_per_dwelling", "mw", "points_per_dwelling", "points", "relief", "night", "capacity"] as const;
export type Measure = (typeof measures)[number];

// Relative values are colours, absolute ones circles.
export const absolute = (m: Measure) => m === "mw" || m === "points";

export const isMeasure = (text: string): text is Measure => (measures as readonly string[]).includes(text);

export interface View {
  measure: Measure;
  year: number; // place in the years
  adoption: number;
  mode: string; // that those who take part follow, for peaks
}

// numbersOf are the regions of a level.
export function numbersOf(regions: Regions, level: string): number[] {
  const at = regions.levels.indexOf(level);
  const out: number[] = [];
  regions.level.forEach((l, i) => {
    if (l === at) out.push(i);
  });
  return out;
}

// Peaks answers the peaks of a region for one adoption and mode.
export class Peaks {
  without: Envelope;
  regular: Envelope | null;
  smart: Envelope | null;
  v2g: Envelope | null;
  chosen: Envelope | null; // evening peak in the mode
  night: Envelope | null;
  highest: Envelope | null;
  feedIn: Envelope | null;

  constructor(m: Model, adoption: number, mode = "v2g") {
    const evening = (mode: string) => {
      const car = mix(m, mode, adoption);
      return car ? new Envelope(m.base, car, inEvening) : null;
    };
    const car = mix(m, mode, adoption);
    this.chosen = evening(mode);
    this.without = new Envelope(m.base, null, inEvening);
    this.regular = evening("regular");
    this.smart = evening("smart");
    this.v2g = evening("v2g");
    this.night = car && new Envelope(m.base, car, inNight);
    this.highest = car && new Envelope(m.base, car, anytime);
    this.feedIn = car && new Envelope(m.base, car, anytime, -1);
  }
}

// values computes a measure for regions by number; NaN where it is unknown. Shares
// are fractions.
export function values(numbers: number[], regions: Regions, points: Float32Array, m: Model, view: View): Float64Array {
  const n = regions.code.length;
  const out = new Float64Array(numbers.length);
  const peaks = view.measure === "relief" || view.measure === "night" || view.measure === "capacity" ? new Peaks(m, view.adoption, view.mode) : null;
  numbers.forEach((i, k) => {
    const p = points[view.year * n + i] ?? NaN;
    const dwellings = regions.dwellings[i] ?? NaN;
    out[k] = one(view.measure, p, dwellings, regions.capacity_kw[i] ?? NaN, m, view.adoption, peaks);
  });
  return out;
}

function one(measure: Measure, points: number, dwellings: number, capacity: number, m: Model, adoption: number, peaks: Peaks | null): number {
  switch (measure) {
    case "mw":
      return power(m, points, adoption).mw;
    case "kw_per_dwelling":
      return dwellings > 0 ? (1000 * power(m, points, adoption).mw) / dwellings : NaN;
    case "points":
      return points;
    case "points_per_dwelling":
      return dwellings > 0 ? points / dwellings : NaN;
  }
  if (!(dwellings > 0) || !peaks) return NaN;
  const regular = peaks.regular?.at(dwellings, points) ?? NaN;
  if (measure === "relief") return 1 - (peaks.chosen?.at(dwellings, points) ?? NaN) / regular;
  if (measure === "night") return (peaks.night?.at(dwellings, points) ?? NaN) / regular;
  return Math.max(peaks.highest?.at(dwellings, points) ?? NaN, peaks.feedIn?.at(dwellings, points) ?? NaN) / capacity;
}

// breaks divide values into classes: round numbers, about as many regions in each
// (quantile) or as wide as each other (equal). Classes that would be empty go.
export function breaks(all: Float64Array, classes: number, method: "quantile" | "equal"): number[] {
  const known = Array.from(all).filter(Number.isFinite).sort((a, b) => a - b);
  if (known.length === 0) return [];
  const low = known[0]!;
  const high = known[known.length - 1]!;
  const out: number[] = [];
  const step = niceStep((high - low) / classes / 5);
  for (let k = 1; k < classes; k++) {
    const at = method === "equal" ? low + ((high - low) * k) / classes : known[Math.floor((k * known.length) / classes)]!;
    const v = Number((Math.round(at / step) * step).toPrecision(10));
    if (v > low && v <= high && (out.length === 0 || v > out[out.length - 1]!)) out.push(v);
  }
  return out;
}

// niceStep is 1, 2 or 5 times a power of ten, at most v.
function niceStep(v: number): number {
  if (!(v > 0)) return 1e-9;
  const power = 10 ** Math.floor(Math.log10(v));
  return (v >= 5 * power ? 5 : v >= 2 * power ? 2 : 1) * power;
}

// classOf is the place of a value among the classes: a value on a break belongs
// above it; -1 for no data.
export function classOf(v: number, at: number[]): number {
  if (!Number.isFinite(v)) return -1;
  let c = 0;
  while (c < at.length && v >= at[c]!) c++;
  return c;
}

// Cividis: even steps of lightness, the same for colour-blind readers. Little is
// pale on a light ground and dark on a dark one.
const cividis = ["#00204d", "#2b446e", "#575d6d", "#7c7b78", "#a59c74", "#d3c164", "#ffea46"];

export function colors(classes: number, dark: boolean): string[] {
  const out: string[] = [];
  for (let k = 0; k < classes; k++) {
    const share = classes === 1 ? 0.5 : k / (classes - 1);
    out.push(along(dark ? 0.12 + 0.88 * share : 1 - share));
  }
  return out;
}

function along(share: number): string {
  const at = share * (cividis.length - 1);
  const i = Math.min(Math.floor(at), cividis.length - 2);
  const rgb = (c: string) => [1, 3, 5].map((k) => parseInt(c.slice(k, k + 2), 16));
  const a = rgb(cividis[i]!);
  const b = rgb(cividis[i + 1]!);
  return "#" + a.map((v, k) => Math.round(v + (b[k]! - v) * (at - i)).toString(16).padStart(2, "0")).join("");
}

// radius of a circle whose area stands for an amount, px at the first zoom; the
// largest is a good thumb.
export const radius = (v: number, most: number) => (most > 0 && v > 0 ? 16 * Math.sqrt(v / most) : 0);

// circleScale is how circles grow with the zoom, as the map's style has it.
export function circleScale(zoom: number): number {
  const stops: [number, number][] = [
    [6, 1],
    [9, 2.2],
    [13, 5],
  ];
  if (zoom <= 6) return 1;
  for (let i = 1; i < stops.length; i++) {
    const [z0, s0] = stops[i - 1]!;
    const [z1, s1] = stops[i]!;
    if (zoom <= z1) return s0 + ((s1 - s0) * (zoom - z0)) / (z1 - z0);
  }
  return 5;
}
