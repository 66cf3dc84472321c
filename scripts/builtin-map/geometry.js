// Plane geometry in metres, and the map projection to and from them.

// Sinusoidal projection around 5.387 E, 52.156 N (the RD origin): equal-area,
// so that the areas of cells can be set against areas in km2.
const LON0 = 5.387;
const LAT0 = 52.156;
const METRES_PER_DEGREE = 111_300;

const cosLat = (lat) => Math.cos((lat * Math.PI) / 180);

export function project([lon, lat]) {
  return [(lon - LON0) * cosLat(lat) * METRES_PER_DEGREE, (lat - LAT0) * METRES_PER_DEGREE];
}

// Signed area of a ring, closed or not: positive when counter-clockwise.
export function ringArea(ring) {
  let twice = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    twice += ring[j][0] * ring[i][1] - ring[i][0] * ring[j][1];
  }
  return twice / 2;
}

export const ringsArea = (rings) => rings.reduce((sum, ring) => sum + ringArea(ring), 0);

// Even-odd test over all rings of an area, holes included.
export function contains(rings, [px, py]) {
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi, yi] = ring[i];
      const [xj, yj] = ring[j];
      if (yi > py !== yj > py && px < ((xj - xi) * (py - yi)) / (yj - yi) + xi) inside = !inside;
    }
  }
  return inside;
}

// Clips an open ring to the half plane nx*x + ny*y <= c. A ring that is not
// convex may come out with edges that run over each other along the clip line;
// its area and centroid are right all the same.
export function clipRing(ring, nx, ny, c) {
  const out = [];
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const p = ring[j];
    const q = ring[i];
    const dp = nx * p[0] + ny * p[1] - c;
    const dq = nx * q[0] + ny * q[1] - c;
    if (dp <= 0 !== dq <= 0) {
      const t = dp / (dp - dq);
      out.push([p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])]);
    }
    if (dq <= 0) out.push(q);
  }
  return out;
}

export const boundingBox = (rings, margin) => {
  const xs = rings.flat().map((p) => p[0]);
  const ys = rings.flat().map((p) => p[1]);
  const x0 = Math.min(...xs) - margin;
  const x1 = Math.max(...xs) + margin;
  const y0 = Math.min(...ys) - margin;
  const y1 = Math.max(...ys) + margin;
  return [[x0, y0], [x1, y0], [x1, y1], [x0, y1]];
};

// Polygons as polygon-clipping gives them (closed rings, outer first) to open
// rings: outer ones counter-clockwise, holes clockwise.
export function openRings(polygons) {
  return polygons.flatMap((polygon) =>
    polygon.map((closed, k) => {
      const ring = closed.slice(0, -1);
      return ringArea(ring) > 0 === (k === 0) ? ring : ring.reverse();
    }),
  );
}

// To whole metres, dropping vertices that fall together.
export const snap = (rings) =>
  rings
    .map((ring) => ring.map(([x, y]) => [Math.round(x), Math.round(y)]))
    .map((ring) => ring.filter((p, k) => !same(p, ring[(k + 1) % ring.length])))
    .filter((ring) => ring.length > 2);

const same = ([ax, ay], [bx, by]) => ax === bx && ay === by;

// Small seeded generator (mulberry32): the same map on every run.
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
