// What the map is to show, region by region: a place on the colour scale or a
// circle's size, made from values and classes.

import { classOf, radiusStep, share, type Breaks } from "./classes";

export interface Paint {
  level: string;
  numbers: Int32Array; // the level's regions
  circles: boolean;
  place: Float32Array; // on the colour scale, -1 for none
  radius: Uint8Array; // in steps
  missing: Uint8Array; // 1 without data
  anyMissing: boolean;
}

export function makePaint(level: string, numbers: Int32Array, values: Float64Array, circles: boolean, breaks: Breaks, most: number): Paint {
  const n = numbers.length;
  const p: Paint = { level, numbers, circles, place: new Float32Array(n).fill(-1), radius: new Uint8Array(n), missing: new Uint8Array(n), anyMissing: false };
  for (let k = 0; k < n; k++) {
    const v = values[k]!;
    if (!Number.isFinite(v)) {
      p.missing[k] = 1;
      p.anyMissing = true;
    } else if (circles) p.radius[k] = Math.min(255, radiusStep(v, most));
    else p.place[k] = share(classOf(v, breaks.at), breaks);
  }
  return p;
}
