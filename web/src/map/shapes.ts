// Regions in the window as paths of a picture: from the tiles that the map has, which hold
// each region whole, or pieces of it that overlap by a margin.

import type { Map as GLMap } from "maplibre-gl";

// Beyond this zoom the map enlarges tiles (internal/server/tiles.go).
export const lastTileZoom = 12;
const margin = 0.02; // that tiles reach beyond their edge, in tiles (there too)

export interface Shape {
  id: number;
  fill: string; // path data, px
  line: string; // of its border; where a piece was cut there is none
}

type Ring = number[][];

// cut tells a side where a tile ends, from a border: in the world's tiles both ends lie a
// margin beside the same whole number.
const grain = 1.5 / 4096;
function cut(a: number[], b: number[], tiles: number): boolean {
  const whole = (u: number, v: number) => Math.abs(u - v) < grain / 3 && Math.abs(Math.abs(u - Math.round(u)) - margin) < grain;
  const x = ([lon]: number[]) => ((lon! + 180) / 360) * tiles;
  const y = ([, lat]: number[]) => (0.5 - Math.log(Math.tan(Math.PI / 4 + (lat! * Math.PI) / 360)) / (2 * Math.PI)) * tiles;
  return whole(x(a), x(b)) || whole(y(a), y(b));
}

// pathsOf writes rings as path data: all of them, and the sides that are borders.
export function pathsOf(rings: Ring[], tiles: number, project: (at: number[]) => { x: number; y: number }): { fill: string; line: string; whole: boolean } {
  let fill = "";
  let line = "";
  let whole = true;
  for (const ring of rings) {
    let drawing = false;
    ring.forEach((at, k) => {
      const { x, y } = project(at);
      const to = `${x.toFixed(1)} ${y.toFixed(1)}`;
      fill += (k ? "L" : "M") + to;
      const open = k > 0 && cut(ring[k - 1]!, at, tiles);
      if (open) whole = false;
      line += (k > 0 && !open && drawing ? "L" : "M") + to;
      drawing = true;
    });
    fill += "Z";
  }
  return { fill, line: whole ? fill : line, whole };
}

// shapes are the regions that a layer shows, each once.
export function shapes(m: GLMap, layer: string): Shape[] {
  const tiles = 2 ** Math.min(lastTileZoom, Math.floor(m.getZoom()));
  const done = new Map<number, Shape[]>();
  const complete = new Set<number>();
  for (const f of m.queryRenderedFeatures({ layers: [layer] })) {
    const id = Number(f.id);
    if (complete.has(id)) continue;
    const g = f.geometry;
    const rings = g.type === "Polygon" ? g.coordinates : g.type === "MultiPolygon" ? g.coordinates.flat() : [];
    const { whole, ...paths } = pathsOf(rings, tiles, (at) => m.project(at as [number, number]));
    if (whole) complete.add(id);
    done.set(id, [...(whole ? [] : (done.get(id) ?? [])), { id, ...paths }]);
  }
  return [...done.values()].flat();
}
