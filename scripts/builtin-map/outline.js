// The country's land as separate pieces, in metres.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import polygonClipping from 'polygon-clipping';
import { feature } from 'topojson-client';
import { openRings, project, ringsArea, snap } from './geometry.js';

const MIN_PIECE_M2 = 10e6; // leaves out Rottum's sands: nobody lives there

export function landPieces() {
  const require = createRequire(import.meta.url);
  const atlas = JSON.parse(readFileSync(require.resolve('world-atlas/countries-10m.json'), 'utf8'));
  const netherlands = feature(atlas, atlas.objects.countries).features.find((f) => f.id === '528');
  const european = netherlands.geometry.coordinates.filter(([outer]) => outer[0][0] > 0);
  const land = toMetres(european);

  const { about, ...waters } = JSON.parse(readFileSync(new URL('water.json', import.meta.url), 'utf8'));
  const water = Object.values(waters).map(({ outer, islands }) => toMetres([[outer, ...islands].map(close)])[0]);

  const pieces = polygonClipping.difference(land, ...water.map((polygon) => [polygon]));
  return pieces.map((polygon) => snap(openRings([polygon]))).filter((rings) => ringsArea(rings) > MIN_PIECE_M2);
}

const close = (ring) => [...ring, ring[0]];
const toMetres = (polygons) => polygons.map((polygon) => polygon.map((ring) => ring.map((p) => project(p))));
