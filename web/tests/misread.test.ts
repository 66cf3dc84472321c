// What a link says of assumptions is understood, or told and left to the study.
import { expect, test } from "vitest";

import type { Study } from "../src/lib/api";

import { fields, settings } from "../src/lab/fields";
import { misread } from "../src/lab/misread";
import { settings as mixSettings } from "../src/street/mixes";

const a = (key: string, value: string, least: number | null = null, most: number | null = null, unit = "") => ({ key, value, default: value, unit, description: "", description_nl: "", source: "", least, most });
const study = {
  assumptions: [
    a("car.battery_kwh", "70", 1, 2000, "kWh"), a("home.load_kwh_per_year", "3500", 0), a("home.connection_kw", "17.25", 0.1), a("behaviour.plug_in", "when_needed"),
    a("contracts.dual.net_metering", "true"), a("contracts.dynamic.grid_tariff_eur_per_kwh_by_hour", "[]", -10, 10),
    a("outlook.charge_points", "model"), a("outlook.home_share_cars", "0.19", 0, 1, "share"),
    a("street.homes", "40", 1, 2000), a("street.charger_kw", "[]", 0.1, 1000, "kW"), a("street.battery_kwh", "[]", 1, 2000, "kWh"),
  ],
  contracts: [{ name: "dual", kind: "dual" }, { name: "dynamic", kind: "dynamic" }],
  levels: [{ level: "land", outlines: true, regions: 1 }],
  modes: ["regular", "v2g"], scenarios: ["low", "mid"], seasons: [{ season: "winter" }], kw_rule: "computed", first_year: 2025, last_year: 2050,
  lab: { most_homes: 1000, most_street_homes: 200 },
} as unknown as Study;

test.each([
  ["car.battery_kwh", "60"], ["behaviour.plug_in", "always"], ["contracts.dual.net_metering", "false"], ["outlook.home_share_cars", "1"],
  ["contracts.dynamic.grid_tariff_eur_per_kwh_by_hour", "0x17,0.1x7"], ["street.homes", "30"], ["street.charger_kw", "3.7x1,22x1"], ["street.battery_kwh", "none"],
])("%s=%s is understood, whatever the contract", (key, text) => {
  expect(misread(study, [[`x.${key}`, text]])).toEqual([]);
});

test.each([
  ["foo", "1"], ["data.prices", "/etc/passwd"], ["contracts.other.net_metering", "true"], ["car.battery_kwh", "abc"], ["car.battery_kwh", ""], ["car.battery_kwh", "0"], ["behaviour.plug_in", "sometimes"],
  ["contracts.dual.net_metering", "yes"], ["outlook.home_share_cars", "9"], ["contracts.dynamic.grid_tariff_eur_per_kwh_by_hour", "0x17,99x7"], ["street.homes", "1e9"], ["street.charger_kw", "abc"], ["street.charger_kw", "500x50"],
])("%s=%s is told, and the study's holds", (key, text) => {
  expect(misread(study, [[`x.${key}`, text], ["lang", "nl"]]).map((m) => m.name)).toEqual([`x.${key}`]);
  const get = (name: string) => (name === `x.${key}` ? text : "");
  expect(settings(study.contracts.flatMap((c) => fields(study, c.name)), get)).toEqual({});
  expect(mixSettings(study, get)).toEqual({});
});

test("a fleet's chargers may be larger than a home's", () => {
  const fleet = { ...study, assumptions: study.assumptions.map((x) => (x.key === "home.load_kwh_per_year" ? { ...x, value: "0" } : x)) };
  expect(misread(fleet, [["x.street.charger_kw", "150x50"]])).toEqual([]);
});

test.each([["contract", "dual", "zzz"], ["mode", "v2g", "v2x"], ["scenario", "low", "hgih"], ["season", "winter", "spring"], ["kw", "report", "2"], ["year", "2050", "2060"], ["year", "2025", "abc"], ["adoption", "0", "101"], ["measure", "relief", "reliefs"], ["measure", "mw", "own"], ["level", "auto", "straat"], ["level", "land", "gemeente"], ["classes", "7", "9"], ["show", "table", "tabel"], ["quarter", "95", "96"], ["division", "equal", "equals"], ["lang", "nl", "de"]])(
  "%s=%s is understood, and %s told",
  (name, right, wrong) => {
    expect(misread(study, [[name, right]])).toEqual([]);
    expect(misread(study, [[name, wrong]]).map((m) => m.name)).toEqual([name]);
  },
);

test("a name that every object has is none of a choice", () => {
  for (const name of ["constructor", "toString", "__proto__"]) expect(misread(study, [[name, "x"]])).toEqual([]);
});

test("regions that there are not are told once all are known", () => {
  const link: [string, string][] = [["region", "GM9999"], ["compare", "GM0344,XX1,XX2"]];
  expect(misread(study, link)).toEqual([]);
  expect(misread(study, link, ["NL00", "GM0344"]).map((m) => m.unknown)).toEqual([["GM9999"], ["XX1", "XX2"]]);
  expect(misread(study, [["region", "GM0344"], ["compare", "NL00"]], ["NL00", "GM0344"])).toEqual([]);
});
