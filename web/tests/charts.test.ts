import { describe, expect, it } from "vitest";

import { cellColor, diverging, limit } from "../src/charts/color";
import { extremes, meanDay } from "../src/charts/facts";
import { apart, area, ceilPretty, clock, dayNames, linear, line, logarithmic, quarter, ticks, wrap } from "../src/charts/scale";
import { csv, fileName } from "../src/charts/table";
import { curvesTable, monthsTable } from "../src/charts/tables";
import type { Months } from "../src/lib/api";

const flat = (v: number): Months => Array.from({ length: 12 }, () => Array<number | null>(96).fill(v));

describe("scales", () => {
  it("has round ticks that cover the range", () => {
    expect(ticks(-2.7, 3.2, 6)).toEqual({ at: [-3, -2, -1, 0, 1, 2, 3, 4], decimals: 0 });
    expect(ticks(0, 1, 4)).toEqual({ at: [0, 0.25, 0.5, 0.75, 1], decimals: 2 });
    expect(ticks(0, 0, 4).at.length).toBeGreaterThan(1);
    for (const [lo, hi] of [
      [-0.013, 7.7],
      [120, 98000],
      [-5, -1],
    ] as const) {
      const { at } = ticks(lo, hi, 5);
      expect(at[0]).toBeLessThanOrEqual(lo);
      expect(at.at(-1)).toBeGreaterThanOrEqual(hi);
    }
  });
  it("rounds up to what reads well", () => {
    expect([3.16, 0.9, 2.5, 7.06, 1.15].map(ceilPretty)).toEqual([4, 1, 2.5, 8, 1.2]);
  });
  it("maps straight and by powers of ten", () => {
    expect(linear([0, 24], [10, 250])(12)).toBe(130);
    expect(logarithmic([1, 1000], [0, 300])(100)).toBeCloseTo(200);
  });
  it("keeps labels apart, as near as it can", () => {
    expect(apart([50], [16], 0, 100)).toEqual([50]);
    expect(apart([50, 52], [16, 16], 0, 100)).toEqual([43, 59]);
    const many = apart([98, 99, 100], [16, 16, 16], 0, 104);
    expect(many[2]! + 8).toBeLessThanOrEqual(104);
    expect(many[1]! - many[0]!).toBeGreaterThanOrEqual(16);
  });
  it("names quarters", () => {
    expect(clock(69)).toBe("17:15");
    expect(quarter(95)).toBe("23:45–24:00");
    // clock back, and forward
    expect(dayNames(["02:45", "02:00", "02:15", "02:30", "02:45", "03:00"])).toEqual(["02:45–03:00", "02:00–02:15", "02:15–02:30", "02:30–02:45", "02:45–03:00 (2)", "03:00–03:15"]);
    expect(dayNames(["01:45", "03:00"])).toEqual(["01:45–02:00", "03:00–03:15"]);
  });
  it("breaks lines at missing values and areas at zero", () => {
    const id = (v: number) => v;
    expect(line([1, null, 2, 3], id, id)).toBe("M0 1M2 2L3 3");
    // From +1 to −1 the line crosses zero halfway.
    expect(area([1, -1], id, id, 1)).toBe("M0 1L0.5 0L0.5 0L0 0Z");
    expect(area([1, -1], id, id, -1)).toBe("M0.5 0L1 -1L1 0L0.5 0Z");
    expect(area([1, 1], id, id, -1)).toBe("");
  });
  it("wraps words", () => {
    expect(wrap("one two three", 10, 45)).toEqual(["one two", "three"]);
    expect(wrap("", 10, 45)).toEqual([]);
  });
});

describe("colours", () => {
  it("are symmetric round a light neutral", () => {
    expect(diverging(0)).toBe("#f7f7f7");
    expect(diverging(1)).toBe("#67001f");
    expect(diverging(-1)).toBe("#053061");
    expect(diverging(-7)).toBe(diverging(-1));
    expect(cellColor(2, 4)).toBe(diverging(0.5));
    // red above, blue below
    const channels = (c: string) => [parseInt(c.slice(1, 3), 16), parseInt(c.slice(5, 7), 16)] as const;
    for (const s of [0.2, 0.5, 0.9]) {
      const [r, b] = channels(diverging(s));
      const [r2, b2] = channels(diverging(-s));
      expect(r).toBeGreaterThan(b);
      expect(b2).toBeGreaterThan(r2);
    }
  });
  it("have one scale for all panels, the same to both sides", () => {
    const a = flat(0.5);
    const b = flat(0);
    b[3]![7] = -2.71;
    expect(limit([a, b], ceilPretty)).toBe(3);
    expect(limit([flat(0)], ceilPretty)).toBe(1);
    expect(limit([[[null, 0.3]]], ceilPretty)).toBe(0.3);
  });
});

describe("tables", () => {
  it("writes CSV with units, full values and quotes where needed", () => {
    const t = {
      columns: [{ label: "Time", text: true }, { label: "V2G, lab", unit: "kW per home", decimals: 2 }],
      rows: [
        ["17:00", -0.123456],
        ['a "b"', null],
        ["sum", 0.1 + 0.2],
      ],
    };
    expect(csv(t)).toBe('Time,"V2G, lab (kW per home)"\n17:00,-0.123456\n"a ""b""",\nsum,0.3\n');
  });
  it("names files in plain letters", () => {
    expect(fileName(["getij", "reference-2024", "Één dag", 7, undefined], "svg")).toBe("getij_reference-2024_een-dag_7.svg");
  });
  it("turns months and curves into rows", () => {
    const words = { panel: "Contract", time: "Time", unit: "kW", month: (m: number) => `m${m}`, quarter: clock };
    const one = monthsTable([{ kw: flat(1) }], words);
    expect(one.rows.length).toBe(96);
    expect(one.columns.length).toBe(13);
    const two = monthsTable([{ label: "a", kw: flat(1) }, { label: "b", kw: flat(2) }], words);
    expect(two.rows.length).toBe(192);
    expect(two.rows[96]!.slice(0, 3)).toEqual(["b", "00:00", 2]);
    expect(curvesTable("Time", ["02:00", "02:15"], [{ label: "x", values: [1] }], "kW").rows).toEqual([
      ["02:00", 1],
      ["02:15", null],
    ]);
  });
});

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
