// Municipalities as power cells on the pieces of land they lie on.
import { readFileSync } from 'node:fs';
import polygonClipping from 'polygon-clipping';
import { contains, openRings, project, ringsArea, snap } from './geometry.js';
import { powerCells } from './power.js';

const PARTS = JSON.parse(readFileSync(new URL('parts.json', import.meta.url), 'utf8'));

export function readGemeenten(file) {
  const [header, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  const names = header.split(',');
  return lines.map((line) => {
    const cells = line.match(/"[^"]*"|[^,]+/g).map((value) => value.replaceAll('"', ''));
    const row = Object.fromEntries(cells.map((value, k) => [names[k], value]));
    return {
      code: row.code,
      name: row.name,
      point: project([Number(row.lon), Number(row.lat)]),
      areaKm2: Number(row.area_km2),
      households: Number(row.households),
    };
  });
}

// Gives each municipality its rings (open, outer counter-clockwise).
export function layGemeenten(gemeenten, pieces) {
  for (const gemeente of gemeenten) gemeente.rings = [];
  const home = gemeenten.map(({ point }) => nearest(pieces, point));
  pieces.forEach((land, k) => {
    const members = gemeenten.filter((_, i) => home[i] === k);
    const sites = members.flatMap((member) => sitesOf(member));
    const cells = powerCells(sites.map((s) => s.point), sites.map((s) => s.areaKm2), land);
    const parts = cells.map((cell) => snap(openRings(polygonClipping.intersection(asPolygons(land), [cell]))));
    for (const member of members) {
      const own = parts.filter((_, i) => sites[i].code === member.code);
      member.rings.push(...(own.length === 1 ? own[0] : openRings(polygonClipping.union(...own.map(asPolygons)))));
    }
  });
}

function sitesOf(gemeente) {
  const parts = PARTS[gemeente.code];
  if (!parts) return [gemeente];
  return parts.map(([lon, lat, share]) => ({
    code: gemeente.code,
    point: project([lon, lat]),
    areaKm2: gemeente.areaKm2 * share,
  }));
}

// Rings of one piece (outer first) as polygon-clipping takes them.
export const asPolygons = (rings) => {
  const outers = rings.filter((ring) => ringsArea([ring]) > 0).map((ring) => [ring]);
  for (const hole of rings.filter((ring) => ringsArea([ring]) < 0)) {
    outers.find(([outer]) => contains([outer], hole[0])).push(hole);
  }
  return outers;
};

const nearest = (pieces, point) => {
  const within = pieces.findIndex((land) => contains(land, point));
  if (within >= 0) return within;
  const far = pieces.map((land) => distance(land, point));
  return far.indexOf(Math.min(...far));
};

const distance = (rings, [x, y]) => Math.min(...rings.flat().map(([a, b]) => Math.hypot(a - x, b - y)));
