// How the map is drawn: its colours, sources and layers, in MapLibre's terms.

import type { ExpressionSpecification, LayerSpecification, SourceSpecification } from "maplibre-gl";

import { api, type Study } from "../lib/api";
import { radiusSteps, stops } from "./classes";
import { largestCircle, zoomOf } from "./levels";
import { lastTileZoom } from "./shapes";

const color = (isDark: boolean) =>
  isDark
    ? { sea: "#12161c", ground: "#232b36", line: "#c3cedb80", border: "#e8ecf1", ink: "#ffffff", halo: "#12161c", circle: "#8db4f0", hatch: "#6d7a8c" }
    : { sea: "#ffffff", ground: "#e9ecf0", line: "#2a374880", border: "#17202c", ink: "#101827", halo: "#ffffff", circle: "#1b4f9c", hatch: "#9aa5b4" };

// Stripes for no data, to lie over the pale ground.
export function hatch(isDark: boolean): ImageData {
  const size = 16;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const c = canvas.getContext("2d")!;
  c.strokeStyle = color(isDark).hatch;
  c.lineWidth = 2;
  for (const k of [-size / 2, 0, size / 2, size]) {
    c.beginPath();
    c.moveTo(k - 2, size / 2 + 2);
    c.lineTo(k + size / 2 + 2, -2);
    c.moveTo(k - 2 - size / 2, size + 2);
    c.lineTo(k + size / 2 + 2 - size / 2, size / 2 - 2);
    c.stroke();
  }
  return c.getImageData(0, 0, size, size);
}

const feature = (name: string, otherwise: number): ExpressionSpecification => ["coalesce", ["feature-state", name], otherwise];

// A class's colour: c is its place on the scale, below 0 there is none.
const fill = (isDark: boolean): ExpressionSpecification => ["interpolate", ["linear"], feature("c", -1), -1, color(isDark).ground, -0.01, color(isDark).ground, ...stops.flat()] as ExpressionSpecification;

const zooms = Array.from({ length: 13 }, (_, k) => k + 4);
const radius = (study: Study, level: string): ExpressionSpecification =>
  ["interpolate", ["linear"], ["zoom"], ...zooms.flatMap((z) => [z, ["*", feature("r", 0), largestCircle(study, level, z) / radiusSteps]])] as ExpressionSpecification;

// styleOf is the map: the levels that it can show, and the outline of what is chosen, which
// has a source of its own so that a change of its filter leaves coloured tiles alone.
export function styleOf(study: Study, levels: readonly string[], outlined: readonly string[], dark: boolean) {
  const c = color(dark);
  const tiles = (l: string): SourceSpecification => ({ type: "vector", tiles: [api.tiles(l)], minzoom: 3, maxzoom: lastTileZoom });
  const hidden = { visibility: "none" as const };
  const lines = levels.map((l): LayerSpecification => ({
    id: `line-${l}`,
    type: "line",
    source: l,
    "source-layer": l,
    layout: hidden,
    // The palest colour is told from the sea by its line; round regions too small for
    // them hairlines would hide the colours.
    minzoom: Math.max(0, Math.min(13, zoomOf(study, l, 14))),
    paint: {
      "line-color": ["case", [">", feature("h", 0), 0], c.ink, c.line],
      "line-width": ["interpolate", ["linear"], ["zoom"], 6, ["case", [">", feature("h", 0), 0], 1.8, 0.4], 12, ["case", [">", feature("h", 0), 0], 2.4, 1.2]],
    },
  }));
  // A coarser level, so that wijken and buurten are seen to belong somewhere.
  const around = levels.map((l): LayerSpecification => ({
    id: `around-${l}`,
    type: "line",
    source: l,
    "source-layer": l,
    layout: hidden,
    paint: { "line-color": c.border, "line-width": ["interpolate", ["linear"], ["zoom"], 6, 0.7, 12, 1.8] },
  }));
  const chosen = outlined.flatMap((l): LayerSpecification[] => [
    { id: `halo-${l}`, type: "line", source: `chosen-${l}`, "source-layer": l, layout: { ...hidden, "line-join": "round" }, filter: ["==", ["id"], -1], paint: { "line-color": c.halo, "line-width": 6 } },
    { id: `mark-${l}`, type: "line", source: `chosen-${l}`, "source-layer": l, layout: { ...hidden, "line-join": "round" }, filter: ["==", ["id"], -1], paint: { "line-color": c.ink, "line-width": 2, "line-dasharray": [2, 1.5] } },
    { id: `chosen-${l}`, type: "line", source: `chosen-${l}`, "source-layer": l, layout: { ...hidden, "line-join": "round" }, filter: ["==", ["id"], -1], paint: { "line-color": c.ink, "line-width": 2.6 } },
  ]);
  return {
    version: 8 as const,
    sources: {
      ...Object.fromEntries(levels.map((l) => [l, tiles(l)])),
      ...Object.fromEntries(outlined.map((l) => [`chosen-${l}`, tiles(l)])),
      ...(study.background_map ? { background: { type: "raster" as const, tiles: [study.background_map], tileSize: 256 } } : {}),
    },
    layers: [
      { id: "sea", type: "background" as const, paint: { "background-color": c.sea } },
      ...(study.background_map ? [{ id: "background", type: "raster" as const, source: "background", paint: { "raster-opacity": 0.55 } }] : []),
      ...levels.map((l): LayerSpecification => ({ id: `fill-${l}`, type: "fill", source: l, "source-layer": l, layout: hidden, paint: { "fill-color": fill(dark), "fill-antialias": false, "fill-opacity": study.background_map ? 0.78 : 1 } })),
      ...levels.map((l): LayerSpecification => ({ id: `hatch-${l}`, type: "fill", source: l, "source-layer": l, layout: hidden, paint: { "fill-pattern": "hatch", "fill-antialias": false, "fill-opacity": feature("n", 0) } })),
      ...lines,
      ...around,
      ...chosen,
      ...levels.map((l): LayerSpecification => ({
        id: `circle-${l}`,
        type: "circle",
        source: l,
        "source-layer": `${l}_points`,
        layout: hidden,
        paint: { "circle-color": c.circle, "circle-opacity": 0.72, "circle-stroke-color": c.sea, "circle-stroke-width": ["case", [">", feature("r", 0), 6], 0.8, 0], "circle-radius": radius(study, l) },
      })),
    ] satisfies LayerSpecification[],
  };
}
