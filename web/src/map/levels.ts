// Levels of regions: which regions they have, where those lie, and which level
// suits a zoom.

import type { Regions, Study } from "../lib/api";

// numbersOf are the regions of a level.
export function numbersOf(r: Regions, level: string): Int32Array {
  const at = r.levels.indexOf(level);
  const out: number[] = [];
  r.level.forEach((l, i) => {
    if (l === at) out.push(i);
  });
  return Int32Array.from(out);
}

// isInvented tells whether a code is one that the built-in map gives to what exists
// nowhere; no table of CBS has such codes.
export const isInvented = (code: string) => /^X[WB]\d/.test(code);

export type Box = [west: number, south: number, east: number, north: number];

// boxes are where regions lie, by the label points of what is in them; NaN
// where that is not known.
export function boxes(r: Regions): Float64Array {
  if (r.box) return Float64Array.from(r.box, (v) => v ?? NaN);
  const n = r.code.length;
  const out = new Float64Array(4 * n).fill(NaN);
  const grow = (i: number, w: number, s: number, e: number, north: number) => {
    // min and max of NaN are NaN: the first comes as it is.
    const first = Number.isNaN(out[4 * i]!);
    out[4 * i] = first ? w : Math.min(out[4 * i]!, w);
    out[4 * i + 1] = first ? s : Math.min(out[4 * i + 1]!, s);
    out[4 * i + 2] = first ? e : Math.max(out[4 * i + 2]!, e);
    out[4 * i + 3] = first ? north : Math.max(out[4 * i + 3]!, north);
  };
  for (let level = r.levels.length - 1; level >= 0; level--) {
    for (let i = 0; i < n; i++) {
      if (r.level[i] !== level) continue;
      const lon = r.lon[i];
      const lat = r.lat[i];
      if (typeof lon === "number" && typeof lat === "number") grow(i, lon, lat, lon, lat);
      const p = r.parent[i]!;
      if (p >= 0 && !Number.isNaN(out[4 * i]!)) grow(p, out[4 * i]!, out[4 * i + 1]!, out[4 * i + 2]!, out[4 * i + 3]!);
    }
  }
  return out;
}

// drawn are the levels that a map can show: with outlines, and more than one
// region, unless there is no other.
export function drawn(study: Study): string[] {
  const outlined = study.levels.filter((l) => l.outlines);
  const many = outlined.filter((l) => l.regions > 1);
  return (many.length ? many : outlined).map((l) => l.level);
}

// sizePx is about how wide a region of the level is at a zoom, if half of what
// the study's bounds enclose is land.
export function sizePx(study: Study, level: string, zoom: number): number {
  const count = study.levels.find((l) => l.level === level)?.regions ?? 1;
  const [w, s, e, n] = study.bounds;
  if (w === undefined || s === undefined || e === undefined || n === undefined) return 0;
  const squeeze = Math.cos(((s + n) / 2) * (Math.PI / 180));
  const degrees = Math.sqrt(((e - w) * squeeze * (n - s)) / 2 / count);
  return ((degrees / squeeze) * 512 * 2 ** zoom) / 360;
}

// zoomOf is the zoom at which regions of a level are that wide.
export const zoomOf = (study: Study, level: string, px: number) => Math.log2(px / sizePx(study, level, 0));

// largestCircle is the radius in px of a level's largest amount: circles grow with
// the zoom, as the regions do. Between whole zooms it is a straight line, as the map
// draws it.
export function largestCircle(study: Study, level: string, zoom: number): number {
  const at = (z: number) => Math.min(44, Math.max(5, 20 * 1.45 ** (z - zoomOf(study, level, 22))));
  const z = Math.floor(zoom);
  return at(z) + (at(z + 1) - at(z)) * (zoom - z);
}

// levelAt is the finest level whose regions can be told apart at a zoom.
export function levelAt(study: Study, zoom: number): string {
  const all = drawn(study);
  const count = (level: string) => study.levels.find((l) => l.level === level)!.regions;
  const choice = all.filter((l) => count(l) > 20);
  const from = choice.length ? choice : all;
  return from.findLast((l) => sizePx(study, l, zoom) >= 40) ?? from[0] ?? "";
}

// standard is the level whose regions make the colours' classes, for every level: the
// coarsest that has a choice of them.
export function standard(study: Study): string {
  const levels = drawn(study).length ? drawn(study) : study.levels.map((l) => l.level);
  return levels.find((l) => study.levels.find((x) => x.level === l)!.regions > 20) ?? levels.at(-1) ?? "";
}

// many regions are not sent before a reader asks for a fine level, or for one of them.
const many = 1000;

// coarse is the level down to which a first view has its regions; undefined where it has
// all of them.
export function coarse(study: Study): string | undefined {
  const levels = study.levels.map((l) => l.level);
  const first = drawn(study).find((l) => study.levels.find((x) => x.level === l)!.regions > 20);
  const total = study.levels.reduce((sum, l) => sum + l.regions, 0);
  return first !== undefined && first !== levels.at(-1) && total > many ? first : undefined;
}

// rootOf is the region that holds all others; -1 when there is none.
export function rootOf(r: Regions): number {
  let root = -1;
  for (let i = 0; i < r.parent.length; i++) {
    if (r.parent[i] !== -1) continue;
    if (root >= 0) return -1;
    root = i;
  }
  return root;
}
