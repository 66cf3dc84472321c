// Power (Laguerre-Voronoi) diagram of weighted sites on a piece of land, with
// weights solved so that every cell gets its share of the area.
import { boundingBox, clipRing, ringsArea } from './geometry.js';

const NEWTON_STEPS = 40;
const AREA_TOLERANCE = 1e-4; // of a cell's target
const MARGIN = 100; // m between a point and its cell's border, at least

// Convex cell of site i: all x with |x-s_i|^2 - w_i <= |x-s_j|^2 - w_j.
// Returns its ring and the half planes that bound it, {nx, ny, c, j}.
function cellOf(sites, weights, i, box) {
  const [xi, yi] = sites[i];
  const planes = sites
    .map(([x, y], j) => {
      const nx = 2 * (x - xi);
      const ny = 2 * (y - yi);
      const c = x * x + y * y - weights[j] - (xi * xi + yi * yi - weights[i]);
      return { nx, ny, c, j, far: (c - nx * xi - ny * yi) / Math.hypot(nx, ny) };
    })
    .filter(({ j }) => j !== i)
    .sort((a, b) => a.far - b.far);
  let ring = box;
  const bounds = [];
  for (const plane of planes) {
    const reach = Math.max(...ring.map(([x, y]) => Math.hypot(x - xi, y - yi)));
    if (plane.far > reach) break; // sorted: nothing further cuts
    const cut = clipRing(ring, plane.nx, plane.ny, plane.c);
    if (cut.length !== ring.length || cut.some((p, k) => p !== ring[k])) bounds.push(plane);
    ring = cut;
    if (ring.length === 0) break;
  }
  return { ring, bounds };
}

// Voronoi cells: a power diagram with equal weights.
export function voronoiCells(sites, box) {
  const zeros = sites.map(() => 0);
  return sites.map((_, i) => cellOf(sites, zeros, i, box).ring);
}

// Cells cut to the land: area and the length of each border on land.
function measure(sites, weights, land, box) {
  return sites.map((_, i) => {
    const { bounds } = cellOf(sites, weights, i, box);
    let rings = land;
    for (const { nx, ny, c } of bounds) {
      rings = rings.map((ring) => clipRing(ring, nx, ny, c)).filter((ring) => ring.length > 2);
    }
    const borders = bounds.map((plane) => ({ j: plane.j, length: lengthOn(rings, plane) }));
    return { area: ringsArea(rings), borders };
  });
}

// Signed length of the edges on a line: stretches off the land, which clipping
// leaves as edges there and back, cancel.
function lengthOn(rings, { nx, ny, c }) {
  const norm = Math.hypot(nx, ny);
  const off = ([x, y]) => Math.abs(nx * x + ny * y - c) / norm;
  let length = 0;
  for (const ring of rings) {
    for (let k = 0, m = ring.length - 1; k < ring.length; m = k++) {
      if (off(ring[m]) > 1e-4 || off(ring[k]) > 1e-4) continue;
      length += ((ring[k][1] - ring[m][1]) * nx - (ring[k][0] - ring[m][0]) * ny) / norm;
    }
  }
  return Math.max(0, length);
}

// Newton's method on the areas: dA_i/dw_j = -length_ij / (2 |s_i - s_j|).
// Steps are halved until no cell vanishes and the error falls.
function solveWeights(sites, targets, land, box) {
  let weights = sites.map(() => 0);
  let cells = measure(sites, weights, land, box);
  const errorOf = (list) => Math.hypot(...list.map(({ area }, i) => area - targets[i]));
  const furthest = (list) => Math.max(...list.map(({ area }, i) => Math.abs(area / targets[i] - 1)));
  const smallest = Math.min(...cells.map(({ area }, i) => area / targets[i]), 1) / 2;
  for (let step = 0; step < NEWTON_STEPS && furthest(cells) > AREA_TOLERANCE; step++) {
    const move = newtonStep(sites, cells, targets);
    const error = errorOf(cells);
    let better = false;
    for (let t = 1; t > 1e-3 && !better; t /= 2) {
      const trial = weights.map((w, i) => w + t * move[i]);
      const trialCells = measure(sites, trial, land, box);
      if (trialCells.some(({ area }, i) => area < smallest * targets[i]) || errorOf(trialCells) >= error) continue;
      [weights, cells, better] = [trial, trialCells, true];
    }
    if (!better) break;
  }
  return weights;
}

function newtonStep(sites, cells, targets) {
  const n = sites.length;
  const matrix = sites.map(() => new Float64Array(n + 1));
  cells.forEach(({ area, borders }, i) => {
    for (const { j, length } of borders) {
      const slope = length / (2 * Math.hypot(sites[i][0] - sites[j][0], sites[i][1] - sites[j][1]));
      matrix[i][j] -= slope;
      matrix[i][i] += slope;
    }
    matrix[i][i] += 1e-9; // weights are free up to a constant
    matrix[i][n] = targets[i] - area;
  });
  return gauss(matrix);
}

function gauss(matrix) {
  const n = matrix.length;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(matrix[i][k]) > Math.abs(matrix[pivot][k])) pivot = i;
    [matrix[k], matrix[pivot]] = [matrix[pivot], matrix[k]];
    for (let i = k + 1; i < n; i++) {
      const factor = matrix[i][k] / matrix[k][k];
      if (factor === 0) continue;
      for (let j = k; j <= n; j++) matrix[i][j] -= factor * matrix[k][j];
    }
  }
  const x = new Array(n).fill(0);
  for (let k = n - 1; k >= 0; k--) {
    let sum = matrix[k][n];
    for (let j = k + 1; j < n; j++) sum -= matrix[k][j] * x[j];
    x[k] = sum / matrix[k][k];
  }
  return x;
}

// Convex cells, one per point, whose land areas share the land in proportion to
// the given areas, except where a cell would then miss its own point: there the
// point goes first and the area gives way.
export function powerCells(points, areas, land) {
  const total = areas.reduce((a, b) => a + b, 0);
  const targets = areas.map((area) => (area / total) * ringsArea(land));
  const box = boundingBox(land, 1000);
  const weights = keepPoints(points, solveWeights(points, targets, land, box));
  return points.map((_, i) => cellOf(points, weights, i, box).ring);
}

// Smallest change of weights, by projection on one violated bound after
// another, after which every cell holds its own point a little way inside:
// w_j - w_i <= d_ij^2 - 2 margin d_ij.
function keepPoints(points, start) {
  const weights = [...start];
  for (let moved = true; moved; ) {
    moved = false;
    points.forEach((p, i) => {
      points.forEach((q, j) => {
        const d = Math.hypot(p[0] - q[0], p[1] - q[1]);
        const excess = weights[j] - weights[i] - d * d + 2 * MARGIN * d;
        if (i === j || excess <= 1) return; // m2
        weights[i] += excess / 2;
        weights[j] -= excess / 2;
        moved = true;
      });
    });
  }
  return weights;
}
