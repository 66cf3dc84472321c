// From rings that touch to one mesh: every vertex once, and every border made
// of the same vertices on both sides.
const TOUCH = 2.5; // m: welded vertices lie this near to a border they split
const WELD = 4; // m: vertices nearer than this become one
const BIN = 500; // m

const key = ([x, y]) => `${x},${y}`;

// Takes faces, each a list of open rings in whole metres; puts into every edge
// the vertices of others that lie on it, until both sides agree.
export function shareVertices(faces) {
  weld(faces);
  for (let changed = true; changed; ) {
    const bins = binVertices(faces);
    changed = false;
    for (const face of faces) {
      face.rings = face.rings.map((ring) => {
        const out = ring.flatMap((p, k) => [p, ...between(p, ring[(k + 1) % ring.length], bins)]);
        if (out.length !== ring.length) changed = true;
        return out;
      });
    }
  }
}

function weld(faces) {
  const bins = new Map();
  const kept = new Map();
  const find = (p) => {
    for (const i of [-1, 0, 1]) {
      for (const j of [-1, 0, 1]) {
        const near = bins.get(`${floor(p[0]) + i},${floor(p[1]) + j}`) ?? [];
        const hit = near.find((q) => Math.hypot(p[0] - q[0], p[1] - q[1]) < WELD);
        if (hit) return hit;
      }
    }
    const bin = `${floor(p[0])},${floor(p[1])}`;
    if (!bins.has(bin)) bins.set(bin, []);
    bins.get(bin).push(p);
    return p;
  };
  for (const face of faces) {
    face.rings = face.rings
      .map((ring) => ring.map((p) => kept.get(key(p)) ?? kept.set(key(p), find(p)).get(key(p))))
      .map((ring) => ring.filter((p, k) => p !== ring[(k + 1) % ring.length]))
      .filter((ring) => ring.length > 2);
  }
}

function binVertices(faces) {
  const bins = new Map();
  const seen = new Set();
  for (const p of faces.flatMap((face) => face.rings).flat()) {
    if (seen.has(key(p))) continue;
    seen.add(key(p));
    const bin = `${Math.floor(p[0] / BIN)},${Math.floor(p[1] / BIN)}`;
    if (!bins.has(bin)) bins.set(bin, []);
    bins.get(bin).push(p);
  }
  return bins;
}

function between(a, b, bins) {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const length = Math.hypot(dx, dy);
  const found = [];
  for (let i = floor(Math.min(a[0], b[0]) - 2); i <= floor(Math.max(a[0], b[0]) + 2); i++) {
    for (let j = floor(Math.min(a[1], b[1]) - 2); j <= floor(Math.max(a[1], b[1]) + 2); j++) {
      for (const p of bins.get(`${i},${j}`) ?? []) {
        const along = ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length;
        const off = Math.abs((p[0] - a[0]) * dy - (p[1] - a[1]) * dx) / length;
        if (off <= TOUCH && along > 0 && along < length && key(p) !== key(a) && key(p) !== key(b)) {
          found.push({ p, along });
        }
      }
    }
  }
  return found.sort((s, t) => s.along - t.along).map(({ p }) => p);
}

const floor = (v) => Math.floor(v / BIN);

// Faults of a mesh: borders walked twice in the same sense (overlap), rings
// that touch themselves, and borders without another side away from the coast.
export function check(faces, pieces) {
  const coast = pieces.flat();
  const walked = new Set();
  const faults = [];
  for (const { name, rings } of faces) {
    for (const ring of rings) {
      if (new Set(ring.map(key)).size !== ring.length) faults.push(`${name}: a ring touches itself`);
      ring.forEach((p, k) => {
        const edge = `${key(p)} ${key(ring[(k + 1) % ring.length])}`;
        if (walked.has(edge)) faults.push(`${name}: overlap at ${edge}`);
        walked.add(edge);
      });
    }
  }
  for (const edge of walked) {
    const [a, b] = edge.split(' ');
    if (walked.has(`${b} ${a}`)) continue;
    const [p, q] = [a, b].map((text) => text.split(',').map(Number));
    if (fromRings(coast, [(p[0] + q[0]) / 2, (p[1] + q[1]) / 2]) > 2 * WELD) faults.push(`gap at ${edge}`);
  }
  return faults;
}

const fromRings = (rings, p) =>
  Math.min(...rings.flatMap((ring) => ring.map((a, k) => fromSegment(a, ring[(k + 1) % ring.length], p))));

function fromSegment([ax, ay], [bx, by], [px, py]) {
  const [dx, dy] = [bx - ax, by - ay];
  const t = Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(px - ax - t * dx, py - ay - t * dy);
}
