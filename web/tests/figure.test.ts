import { describe, expect, it } from "vitest";

import { csv, fileName, lines } from "../src/charts/files";
import { at, move, say, shown, type Words } from "../src/charts/reading";
import type { Figure, FigureMark } from "../src/lib/api";

const words: Words = { number: (v, d) => (v === null ? "–" : v.toFixed(d).replace("-", "−")), charging: "charging", discharging: "discharging", taking: "taking", feedingIn: "feeding in", none: "no data" };

// Two months of four quarters, in two tables that are read together.
const mark = (title: string, y: number, row: number, column: number, other: number): FigureMark => ({
  x: 10, y, w: 40, h: 20, n: 4, row, title, named: true, readings: [{ label: "a", column, row: Math.min(0, other) }, { label: "b", column, row: Math.max(0, other) }],
});
const heat: Figure = {
  title: "", subtitle: "", note: "", description: "", file: [], width: 60, height: 100, svg: "", cursor: "cell",
  table: [
    { label: "Contract", text: ["a", "a", "a", "a", "b", "b", "b", "b"] },
    { label: "Time", text: ["0", "1", "2", "3", "0", "1", "2", "3"] },
    { label: "Jan", unit: "kW per home", decimals: 2, power: true, values: [1, 2, 3, null, -1, -2, -3, -4] },
    { label: "Feb", unit: "kW per home", decimals: 2, power: true, values: [0, 0, 0, 0, 0, 0.001, 0, 0] },
  ],
  marks: [mark("January", 0, 0, 2, 4), mark("February", 20, 0, 3, 4), mark("January", 50, 4, 2, -4), mark("February", 70, 4, 3, -4)],
};

describe("reading a figure", () => {
  it("finds the box under the pointer, and none beside them", () => {
    expect(at(heat.marks, 31, 5)).toEqual({ mark: 0, box: 2 });
    expect(at(heat.marks, 50, 75)).toEqual({ mark: 3, box: 3 });
    expect(at(heat.marks, 5, 5)).toBeUndefined();
    expect(at(heat.marks, 31, 45)).toBeUndefined();
  });
  it("says the moment and its value in every table", () => {
    const said = say(heat, { mark: 2, box: 1 }, words);
    expect(said.title).toBe("January, 1");
    expect(said.rows.map((r) => [r.label, r.value])).toEqual([
      ["a", "2.00 kW charging"],
      ["b", "2.00 kW discharging"],
    ]);
    expect(say(heat, { mark: 0, box: 3 }, words).rows[0]!.value).toBe("no data");
  });
  it("walks by keys, and stays inside", () => {
    const from = (key: string, place = { mark: 1, box: 2 }) => move(heat.marks, place, key);
    expect(move(heat.marks, undefined, "ArrowRight")).toEqual({ mark: 0, box: 3 });
    expect(from("ArrowRight")).toEqual({ mark: 1, box: 3 });
    expect(from("ArrowRight", { mark: 1, box: 3 })).toEqual({ mark: 1, box: 3 });
    expect(from("PageUp")).toEqual({ mark: 1, box: 0 });
    expect(from("Home")).toEqual({ mark: 1, box: 0 });
    expect(from("End")).toEqual({ mark: 1, box: 3 });
    expect(from("ArrowDown")).toEqual({ mark: 2, box: 2 });
    expect(from("ArrowUp", { mark: 0, box: 2 })).toEqual({ mark: 0, box: 2 });
    expect(from("a")).toBeUndefined();
    expect(move([], undefined, "Home")).toBeUndefined();
  });
  it("walks along boxes that stand alone with either arrow", () => {
    const alone = [0, 1, 2].map((row): FigureMark => ({ x: 0, y: 10 * row, w: 10, h: 10, n: 1, row, title: String(row), readings: [] }));
    expect(move(alone, { mark: 1, box: 0 }, "ArrowRight")).toEqual({ mark: 2, box: 0 });
    expect(move(alone, { mark: 1, box: 0 }, "ArrowUp")).toEqual({ mark: 0, box: 0 });
    expect(move(alone, { mark: 1, box: 0 }, "End")).toEqual({ mark: 2, box: 0 });
  });
  it("gives a value its height where the mark has a scale", () => {
    const line: Figure = { ...heat, marks: [{ ...heat.marks[0]!, bottom: -1, top: 3, readings: [{ column: 2 }] }] };
    expect(say(line, { mark: 0, box: 0 }, words).rows[0]!.y).toBe(10);
    expect(say(line, { mark: 0, box: 3 }, words).rows[0]!.y).toBeUndefined();
    expect(say(heat, { mark: 0, box: 0 }, words).rows[0]!.y).toBeUndefined();
  });
  it("gives the limits of a band, the nearer first", () => {
    const columns = [-9, -8, -7].map((v, i) => ({ label: `p${i}`, unit: "kW", decimals: 0, power: true, values: [v] }));
    const f: Figure = { ...heat, table: columns, marks: [{ ...heat.marks[0]!, n: 1, named: false, title: "5 homes", readings: [{ column: 1, band: true }] }] };
    expect(say(f, { mark: 0, box: 0 }, words)).toMatchObject({ title: "5 homes", rows: [{ value: "8 kW discharging (7–9)" }] });
    const ofHomes = { ...f, table: columns.map((c) => ({ ...c, homes: true })) };
    expect(say(ofHomes, { mark: 0, box: 0 }, words)).toMatchObject({ rows: [{ value: "8 kW feeding in (7–9)" }] });
  });
  it("says no direction of what rounds to nothing", () => {
    expect(shown(heat.table[3]!, 0.001, words)).toBe("0.00 kW");
    expect(shown({ label: "Cost", unit: "EUR a year", decimals: 1 }, -2, words)).toBe("−2.0 EUR a year");
  });
});

describe("files", () => {
  it("writes CSV with units, full values and quotes where needed", () => {
    const t = [
      { label: "Time", text: ["17:00", 'a "b"', "sum"] },
      { label: "V2G, lab", unit: "kW per home", decimals: 2, values: [-0.123456, null, 0.1 + 0.2] },
    ];
    expect(csv(t)).toBe('Time,"V2G, lab (kW per home)"\n17:00,-0.123456\n"a ""b""",\nsum,0.3\n');
  });
  it("keeps a spreadsheet from taking a name for a formula", () => {
    expect(lines(["=a"], [["+1", -1, "@x", "-y", "ok"]])).toBe("'=a\n'+1,-1,'@x,'-y,ok\n");
  });
  it("names files in plain letters", () => {
    expect(fileName(["getij", "reference-2024", "Één dag", 7, undefined], "svg")).toBe("getij_reference-2024_een-dag_7.svg");
  });
});
