// Writes the built-in map: npm ci && npm run build
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { layBuurten } from './buurten.js';
import { encode } from './encode.js';
import { layGemeenten, readGemeenten } from './gemeenten.js';
import { contains, ringsArea } from './geometry.js';
import { check, shareVertices } from './mesh.js';
import { landPieces } from './outline.js';

const FOLDER = fileURLToPath(new URL('../../internal/reference/regions/', import.meta.url));

const pieces = landPieces();
const gemeenten = readGemeenten(`${FOLDER}gemeenten_2023.csv`);
layGemeenten(gemeenten, pieces);
for (const gemeente of gemeenten) gemeente.wijken = layBuurten(gemeente);

const faces = gemeenten.flatMap(({ name, wijken }) => wijken.flat().map((buurt) => Object.assign(buurt, { name })));
shareVertices(faces);
const faults = check(faces, pieces);
if (faults.length > 0) throw new Error(`the mesh is not sound:\n${faults.join('\n')}`);

const file = encode(gemeenten);
writeFileSync(`${FOLDER}map.bin.gz`, file);

const km2 = (rings) => ringsArea(rings) / 1e6;
const errors = gemeenten
  .map(({ name, areaKm2, rings }) => ({ name, error: Math.abs(km2(rings) / areaKm2 - 1) }))
  .sort((a, b) => a.error - b.error);
const percent = ({ name, error }) => `${(100 * error).toFixed(1)} % ${name}`;
const land = pieces.reduce((sum, rings) => sum + km2(rings), 0);
const covered = faces.reduce((sum, { rings }) => sum + km2(rings), 0);
console.log(`${gemeenten.length} gemeenten, ${gemeenten.flatMap((g) => g.wijken).length} wijken, ${faces.length} buurten`);
console.log(`land ${land.toFixed(2)} km2, covered ${covered.toFixed(2)} km2`);
console.log(`area error: median ${percent(errors[errors.length >> 1])}; over 10 %: ${errors.filter((e) => e.error > 0.1).length}`);
console.log(`worst: ${errors.slice(-8).reverse().map(percent).join(', ')}`);
const missed = gemeenten.filter(({ rings, point }) => !contains(rings, point));
console.log(`point outside its own cell: ${missed.map((g) => g.name).join(', ') || 'none'}`);
console.log(`map.bin.gz: ${file.length} bytes`);
