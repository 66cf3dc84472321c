import { describe, expect, it } from "vitest";

import { extremes, meanDay } from "../src/charts/facts";
import type { Months } from "../src/lib/api";

const flat = (v: number): Months => Array.from({ length: 12 }, () => Array<number | null>(96).fill(v));

describe("facts", () => {
  it("finds extremes of both signs", () => {
    const kw = flat(0);
    kw[11]![17] = 3.16;
    kw[7]![83] = -2.71;
    expect(extremes(kw)).toEqual([
      { month: 11, quarter: 17, kw: 3.16 },
      { month: 7, quarter: 83, kw: -2.71 },
    ]);
    expect(extremes(flat(0.001))).toEqual([]);
  });
  it("weighs months by their days", () => {
    const kw = flat(0);
    kw[1] = Array<number>(96).fill(1);
    expect(meanDay(kw, 2024)[0]).toBeCloseTo(29 / 366);
    expect(meanDay(kw, 2023)[0]).toBeCloseTo(28 / 365);
  });
});
