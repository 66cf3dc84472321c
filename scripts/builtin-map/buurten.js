// Schematic buurten inside one municipality: small and dense around its point
// and a few villages, wide between them, grouped in wijken of about eight.
import polygonClipping from 'polygon-clipping';
import { asPolygons } from './gemeenten.js';
import { boundingBox, contains, openRings, random, ringsArea, snap } from './geometry.js';
import { voronoiCells } from './power.js';

// Together these give about 14,000 buurten, as in the real country.
const HOUSEHOLDS_PER_BUURT = 660;
const KM2_PER_BUURT = 25;
const BUURTEN_PER_WIJK = 8;

const SAMPLES_PER_BUURT = 40;
const LLOYD_ROUNDS = 6;
const KM2_PER_VILLAGE = 25;
const MAX_VILLAGES = 8;
const OPEN_LAND = 0.25; // share of the samples spread evenly
const VILLAGES = 0.25; // share around the villages; the rest is around the point
const MIN_LAND_M2 = 1000;

export const buurtCount = ({ households, areaKm2 }) =>
  Math.max(2, Math.round(households / HOUSEHOLDS_PER_BUURT + areaKm2 / KM2_PER_BUURT));

// Returns the wijken, each a list of buurten {rings, urban}: wijk 1 and buurt 1
// nearest to the municipality's point, urban from 1 (densest) to 0.
export function layBuurten(gemeente) {
  const count = buurtCount(gemeente);
  const draw = random(Number(gemeente.code.slice(2)));
  const density = urbanDensity(gemeente, count, draw);
  const samples = Array.from({ length: count * SAMPLES_PER_BUURT }, () => density.sample());
  const sites = lloyd(samples, count);

  const box = boundingBox(gemeente.rings, 1000);
  const land = asPolygons(gemeente.rings);
  const order = sites.map((_, i) => i).sort((a, b) => density.at(sites[a]) - density.at(sites[b]) || a - b);
  const urban = new Array(count);
  order.forEach((i, rank) => (urban[i] = rank / (count - 1)));
  const buurten = voronoiCells(sites, box).map((cell, i) => ({
    site: sites[i],
    urban: urban[i],
    rings: snap(openRings(polygonClipping.intersection(land, [cell]))),
  }));
  if (buurten.some(({ rings }) => ringsArea(rings) < MIN_LAND_M2)) throw new Error(`${gemeente.name}: a buurt without land`);

  const from = ([x, y]) => Math.hypot(x - gemeente.point[0], y - gemeente.point[1]);
  const near = (a, b) => from(a) - from(b);
  const wijken = bisect(buurten, Math.round(count / BUURTEN_PER_WIJK) || 1);
  for (const wijk of wijken) wijk.sort((a, b) => near(a.site, b.site));
  return wijken.sort((a, b) => near(a[0].site, b[0].site));
}

// Density of homes, up to a factor: bumps at the point and at villages.
function urbanDensity(gemeente, count, draw) {
  const even = () => evenPoint(gemeente.rings, draw);
  const side = Math.sqrt(gemeente.areaKm2 * 1e6);
  const villages = Math.min(MAX_VILLAGES, Math.floor(gemeente.areaKm2 / KM2_PER_VILLAGE), Math.floor(count / 8));
  const bumps = [{ at: gemeente.point, weight: 1 - OPEN_LAND - VILLAGES, spread: coreSpread(gemeente, side) }];
  for (let v = 0; v < villages; v++) {
    bumps.push({ at: even(), weight: VILLAGES / villages, spread: bumps[0].spread / Math.sqrt(villages + 1) });
  }
  const at = ([x, y]) =>
    bumps.reduce((sum, { at: [bx, by], weight, spread }) => {
      const r2 = ((x - bx) ** 2 + (y - by) ** 2) / spread ** 2;
      return sum + (weight / spread ** 2) * Math.exp(-r2 / 2);
    }, 0);
  const sample = () => {
    let u = draw();
    for (const { at: [bx, by], weight, spread } of bumps) {
      if ((u -= weight) >= 0) continue;
      const r = spread * Math.sqrt(-2 * Math.log(1 - draw()));
      const angle = 2 * Math.PI * draw();
      const p = [bx + r * Math.cos(angle), by + r * Math.sin(angle)];
      return contains(gemeente.rings, p) ? p : even();
    }
    return even();
  };
  return { at, sample };
}

// A core of 2,500 homes per km2, at most about a third of the cell.
const coreSpread = ({ households }, side) => Math.min(side / 3, Math.sqrt((households / 2500 / Math.PI) * 1e6) / 1.5);

function evenPoint(rings, draw) {
  const [[x0, y0], , [x1, y1]] = boundingBox(rings, 0);
  for (;;) {
    const p = [x0 + draw() * (x1 - x0), y0 + draw() * (y1 - y0)];
    if (contains(rings, p)) return p;
  }
}

// Lloyd's iterations on the samples: sites follow their density.
function lloyd(samples, count) {
  let sites = samples.slice(0, count);
  for (let round = 0; round < LLOYD_ROUNDS; round++) {
    const sums = sites.map(() => [0, 0, 0]);
    for (const [x, y] of samples) {
      let best = 0;
      let least = Infinity;
      for (let i = 0; i < count; i++) {
        const d = (x - sites[i][0]) ** 2 + (y - sites[i][1]) ** 2;
        if (d < least) [best, least] = [i, d];
      }
      sums[best][0] += x;
      sums[best][1] += y;
      sums[best][2]++;
    }
    sites = sites.map((site, i) => (sums[i][2] ? [sums[i][0] / sums[i][2], sums[i][1] / sums[i][2]] : site));
  }
  return sites;
}

// Halves the list along its longer side until it has the wanted number of parts.
function bisect(list, parts) {
  if (parts === 1) return [list];
  const extent = (k) => Math.max(...list.map((b) => b.site[k])) - Math.min(...list.map((b) => b.site[k]));
  const axis = extent(0) >= extent(1) ? 0 : 1;
  const sorted = [...list].sort((a, b) => a.site[axis] - b.site[axis]);
  const left = parts >> 1;
  const cut = Math.round((sorted.length * left) / parts);
  return [...bisect(sorted.slice(0, cut), left), ...bisect(sorted.slice(cut), parts - left)];
}
