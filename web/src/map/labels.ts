// Names on the map: of the places with most dwellings, as many as find room.

import type { Regions, Study } from "../lib/api";
import { drawn, sizePx, type Box } from "./levels";

export interface Label {
  number: number;
  text: string;
  lon: number;
  lat: number;
  dx: number; // px that the name lies off its place
  dy: number;
  x: number; // px
  y: number;
  strong: boolean; // of the coarsest level that has names
}

export type Rect = [left: number, top: number, right: number, bottom: number]; // px

const most = 26;

// What people call a place that is registered under another name.
const spoken: Record<string, string> = { "'s-Gravenhage": "Den Haag", "'s-Hertogenbosch": "Den Bosch" };

export function choose(study: Study, r: Regions, zoom: number, view: Box, width: number, height: number, avoid: Rect | undefined, project: (lon: number, lat: number) => { x: number; y: number }): Label[] {
  // The built-in map's wijken and buurten are invented: their names say nothing.
  const named = drawn(study).filter((l) => (study.schematic_map ? l === "gemeente" : study.levels.find((x) => x.level === l)!.regions > 20 && (sizePx(study, l, zoom) > 90 || l === "gemeente")));
  const [w, s, e, n] = view;
  const candidates: number[] = [];
  const rank = named.map((l) => r.levels.indexOf(l));
  r.level.forEach((l, i) => {
    const lon = r.lon[i];
    const lat = r.lat[i];
    if (rank.includes(l) && typeof lon === "number" && typeof lat === "number" && lon > w && lon < e && lat > s && lat < n) candidates.push(i);
  });
  candidates.sort((a, b) => r.level[a]! - r.level[b]! || r.dwellings[b]! - r.dwellings[a]!);
  const out: Label[] = [];
  const taken: Rect[] = avoid ? [avoid] : [];
  for (const i of candidates.slice(0, 400)) {
    if (out.length >= most) break;
    const text = spoken[r.name[i]!] ?? r.name[i]!;
    const at = project(r.lon[i]!, r.lat[i]!);
    const half = text.length * 3.2 + 5;
    // A large place near the edge has its name within the map, and one near another above it or below.
    const x = Math.min(Math.max(at.x, half), width - half);
    if (Math.abs(x - at.x) > half || at.y < 12 || at.y > height - 12) continue;
    for (const shift of [0, -11, 11]) {
      const y = at.y + shift;
      const box: Rect = [x - half, y - 9, x + half, y + 9];
      if (taken.some((t) => box[0] < t[2] && box[2] > t[0] && box[1] < t[3] && box[3] > t[1])) continue;
      taken.push(box);
      out.push({ number: i, text, lon: r.lon[i]!, lat: r.lat[i]!, dx: x - at.x, dy: shift, x, y, strong: r.level[i] === Math.min(...rank) });
      break;
    }
  }
  return out;
}
