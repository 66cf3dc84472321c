// The client's formula is the one of the Go package potential.

import { describe, expect, it } from "vitest";

import type { Months } from "../src/lib/api";
import { Envelope, inEvening, inNight, mix, power, wholeYear, type Model } from "../src/lib/potential";

// A small generator, seeded, so that a failure comes back.
function random(seed: number) {
  return () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
}

const table = (next: () => number, scale: number): Months =>
  Array.from({ length: 12 }, () => Array.from({ length: 96 }, () => scale * (next() - 0.4)));

const flat = (v: number): Months => Array.from({ length: 12 }, () => Array.from({ length: 96 }, () => v));

// certain is a country whose figure is no assumption.
const certain = { p5: 1, p95: 1, spread: 0 };
const model = (more: Partial<Model> = {}): Model => ({ mode: "v2g", months: wholeYear, load: flat(1), solar: flat(0), modes: {}, steps: {}, eveningKW: -2, largestKW: 2, kwPerPoint: 2, sdKW: 1.2, coincidence: [], rule: "fixed", ...more });

describe("a peak", () => {
  it("is the largest of all cells of its window, whatever the region", () => {
    for (let seed = 1; seed <= 40; seed++) {
      const next = random(seed);
      const [load, solar] = [table(next, 1.5), table(next, 1)];
      const car = table(next, 4);
      for (const [inWindow, sign] of [
        [inEvening, 1],
        [inNight, 1],
        [inEvening, -1],
      ] as const) {
        const e = new Envelope({ load, solar }, car, inWindow, wholeYear, sign);
        for (const [dwellings, home_equivalents, points] of [
          [1000, 1000, 0],
          [1000, 740, 300],
          [1, 1.3, 50],
          [0, 0, 7],
        ] as const) {
          let most = -Infinity;
          load.forEach((row, m) =>
            row.forEach((b, q) => inWindow(q) && (most = Math.max(most, sign * (home_equivalents * b! - dwellings * solar[m]![q]! + points * car[m]![q]!)))),
          );
          expect(e.at({ dwellings, home_equivalents }, points)).toBeCloseTo(most, 9);
        }
      }
    }
  });
});

describe("power", () => {
  it("is points x adoption x kW / 1000", () => {
    expect(power(model(), 2_250_000, 1).mw).toBeCloseTo(4500, 9);
    expect(power(model(), 2_250_000, 0.5).mw).toBeCloseTo(2250, 9);
    expect(power(model(), 2_250_000, 0, certain)).toMatchObject({ mw: 0, p5: 0, p95: 0 });
  });
  it("has a band that widens with the root of the number of points, and is never negative", () => {
    const a = power(model(), 100, 1, certain);
    const b = power(model(), 400, 1, certain);
    expect((b.p95! - b.mw) / (a.p95! - a.mw)).toBeCloseTo(2, 9);
    expect(power(model({ sdKW: 50 }), 1, 1, certain).p5).toBe(0);
    expect(power(model({ sdKW: null }), 1, 1, certain).p5).toBe(0.002);
    expect(power(model(), 100, 1).p5).toBeNull(); // nothing is known of the assumptions
  });
  it("is read from the coincidence curve between sizes, in their logarithm", () => {
    const m = model({
      rule: "coincidence",
      coincidence: [
        { homes: 1, p5: 11, p50: 11, p95: 11 },
        { homes: 100, p5: 4, p50: 5, p95: 6 },
      ],
    });
    expect(power(m, 0.5, 1).kw).toBe(11);
    expect(power(m, 10, 1).kw).toBeCloseTo(8, 9);
    expect(power(m, 5000, 1).kw).toBe(5);
  });
});

describe("a mix", () => {
  it("is between regular and the mode, and unknown where one is missing", () => {
    const m = model({ modes: { regular: flat(1), v2g: flat(-1) } });
    expect(mix(m, "v2g", 0.25)![3]![50]).toBeCloseTo(0.5, 9);
    expect(mix(m, "v2g", 1)![3]![50]).toBe(-1);
    expect(mix(m, "smart", 1)).toBeNull();
    expect(mix(model({ modes: { v2g: flat(-1) } }), "v2g", 0.5)).toBeNull();
  });
});
