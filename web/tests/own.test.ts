// What regions do by homes of their own is shown for what was computed, and for nothing else.
import { expect, test } from "vitest";

import type { Region, Study } from "../src/lib/api";
import { hasOwn, ownOf, ownValues, type OwnAsk } from "../src/map/own";
import { columns } from "../src/map/measures";

const population = { homes: 24, share: 0.01, scenario: "mid", adoption: 0.8, cases: [{ contract: "dynamic", mode: "v2g", year: 2050 }] };
const study = { population } as Study;
const ask: OwnAsk = { contract: "dynamic", mode: "v2g", year: 2050, scenario: "mid", adoption: 0.8, assumed: false };
const own = { contract: "dynamic", mode: "v2g", year: 2050, homes: 12 };
const region = { own_homes: [{ ...own, year: 2040 }, own] } as Region;

test("own homes are those of the choice", () => {
  expect(hasOwn(study, ask)).toBe(true);
  expect(ownOf(study, region, ask)).toBe(region.own_homes[1]);
});

test.each<Partial<OwnAsk>>([{ contract: "single" }, { mode: "smart" }, { year: 2040 }, { scenario: "high" }, { adoption: 0.5 }, { assumed: true }])("another choice has none: %o", (other) => {
  expect(hasOwn(study, { ...ask, ...other })).toBe(false);
  expect(ownOf(study, region, { ...ask, ...other })).toBeUndefined();
});

test("a result without a population has none", () => {
  expect(hasOwn({} as Study, ask)).toBe(false);
});

test("the map shows what is discharged, per dwelling", () => {
  const c = columns({ code: ["a", "b", "c", "d"], dwellings: [10, 10, 0, 10], home_equivalents: [10, 10, 0, 10], capacity_kw: [null, null, null, null] } as unknown as Parameters<typeof columns>[0]);
  expect([...ownValues([-5, 3, -5, null], Int32Array.from([0, 1, 2, 3]), c)]).toEqual([0.5, 0, NaN, NaN]);
  expect([...ownValues(undefined, Int32Array.from([0]), c)]).toEqual([NaN]);
});
