import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

import { change, fields, fromAddress, parse, prefix, settings, spreadPrices, toAddress, twoPrices, type Field } from "../src/lab/fields";
import { difference, figures, type Case } from "../src/lab/figures";
import { onceMore } from "../src/lab/retry";
import { effects, plan } from "../src/lab/tornado";
import type { Assumption } from "../src/lib/api";

const assumption = (key: string, value: string, unit = "", least?: number, most?: number): Assumption => ({
  key,
  value,
  default: value,
  unit,
  description: "",
  description_nl: "",
  source: "",
  ...(least === undefined ? {} : { least }),
  ...(most === undefined ? {} : { most }),
});

const study = {
  contracts: [
    { name: "dynamic", kind: "dynamic", net_metering: true, rules: "none", used_for_potential: true },
    { name: "my.own", kind: "single", net_metering: true, rules: "none", used_for_potential: false },
  ],
  lab: { most_homes: 1000, most_street_homes: 200 },
  levels: [],
  assumptions: [
    assumption("study", "x"),
    assumption("homes", "100", "homes", 1, 20000),
    assumption("car.battery_kwh", "70", "kWh", 1, 2000),
    assumption("car.min_soc", "0.1", "share", 0, 1),
    assumption("car.departure_soc", "0.9", "share", 0, 1),
    assumption("charger.charge_kw", "30", "kW", 0.1, 1000),
    assumption("behaviour.plug_in", "when_needed"),
    assumption("contracts.dynamic.energy_tax_eur_per_kwh", "0.1228", "EUR/kWh", -10, 10),
    assumption("contracts.dynamic.net_metering", "true"),
    assumption("contracts.dynamic.grid_tariff_eur_per_kwh_by_hour", "[]", "EUR/kWh"),
    assumption("contracts.my.own.import_eur_per_kwh", "0.3", "EUR/kWh", -10, 10),
  ],
};
const list = fields(study, "dynamic");
const of = (key: string): Field => list.find((f) => f.key === key)!;

describe("controls", () => {
  it("are those of the chosen contract, with the study's bounds", () => {
    expect(list.map((f) => f.key)).toEqual([
      "car.battery_kwh",
      "car.min_soc",
      "car.departure_soc",
      "charger.charge_kw",
      "behaviour.plug_in",
      "contracts.dynamic.supplier_fee_eur_per_kwh",
      "contracts.dynamic.energy_tax_eur_per_kwh",
      "contracts.dynamic.net_metering",
      "contracts.dynamic.grid_tariff_eur_per_kwh_by_hour",
      "homes",
    ]);
    expect(fields(study, "my.own").map((f) => f.key)).toContain("contracts.my.own.import_eur_per_kwh");
    expect(of("homes").most).toBe(1000);
    expect(of("car.min_soc")).toMatchObject({ scale: 100, unit: "%", base: 0.1 });
  });
  it("give the slider room for the study's own value", () => {
    expect(of("charger.charge_kw").high).toBe(30);
    expect(of("charger.charge_kw").low).toBe(1.4);
  });
  it("read values as the study writes them", () => {
    expect(parse("0.5", "number")).toBe(0.5);
    expect(parse("", "number")).toBeUndefined();
    expect(parse("1e999", "number")).toBeUndefined();
    expect(parse("false", "switch")).toBe(false);
    expect(parse("x y", "choice")).toBeUndefined();
    expect(parse("[]", "tariff")).toEqual([]);
    expect(parse(`[${Array(24).fill("0.1").join(", ")}]`, "tariff")).toEqual(Array(24).fill(0.1));
    expect(parse("[1, 2]", "tariff")).toBeUndefined();
  });
});

describe("the address", () => {
  it("holds only what differs from the study, and comes back the same", () => {
    const tariff = spreadPrices({ outside: 0.02, inside: 0.1, from: 17, to: 21 });
    const wanted = { "car.battery_kwh": 50, "behaviour.plug_in": "always", "contracts.dynamic.net_metering": false, "contracts.dynamic.grid_tariff_eur_per_kwh_by_hour": tariff };
    const params: Record<string, string> = {};
    for (const f of list)
      for (const [k, v] of Object.entries(change(f, (wanted as Record<string, Field["base"]>)[f.key] ?? f.base))) if (v !== undefined) params[k] = v;
    expect(Object.keys(params).sort()).toEqual(Object.keys(wanted).map((k) => prefix + k).sort());
    expect(params["x.contracts.dynamic.grid_tariff_eur_per_kwh_by_hour"]).toBe("0.02x17,0.1x4,0.02x3");
    expect(settings(list, (name) => params[name] ?? "")).toEqual(wanted);
  });
  it("ignores what cannot be read and what is as in the study", () => {
    const params: Record<string, string> = { "x.car.battery_kwh": "many", "x.car.min_soc": "0.1", "x.contracts.dynamic.grid_tariff_eur_per_kwh_by_hour": "0x3" };
    expect(settings(list, (name) => params[name] ?? "")).toEqual({});
  });
  it("can say that there is no tariff", () => {
    const f = of("contracts.dynamic.grid_tariff_eur_per_kwh_by_hour");
    expect(toAddress([])).toBe("none");
    expect(fromAddress("none", f)).toEqual([]);
    expect(fromAddress("-0.01x24", f)).toEqual(Array(24).fill(-0.01));
  });
});

describe("a tariff by hour", () => {
  it("is two prices and a window, past midnight too", () => {
    for (const p of [
      { outside: 0, inside: 0.1, from: 17, to: 21 },
      { outside: 0.02, inside: 0.2, from: 22, to: 6 },
      { outside: 0, inside: 0.1, from: 0, to: 5 },
      { outside: 0, inside: 0.1, from: 20, to: 24 },
    ]) {
      const back = twoPrices(spreadPrices(p))!;
      expect(spreadPrices(back)).toEqual(spreadPrices(p));
      expect(back).toMatchObject({ inside: p.inside, outside: p.outside, from: p.from });
    }
    expect(spreadPrices({ outside: 0, inside: 0, from: 17, to: 21 })).toEqual([]);
    expect(twoPrices([])).toMatchObject({ inside: 0, outside: 0 });
    const three = Array<number>(24).fill(0);
    three[3] = three[10] = 0.1;
    expect(twoPrices(three)).toBeUndefined();
  });
});

describe("what moves it most", () => {
  it("tries low and high within bounds and beside what is set", () => {
    const tries = plan(list, {});
    const of = (key: string) => tries.filter((x) => x.field.key === key).map((x) => [x.side, x.value]);
    expect(of("car.battery_kwh")).toEqual([
      ["low", 50],
      ["high", 100],
    ]);
    expect(of("behaviour.plug_in")).toEqual([["high", "always"]]);
    expect(of("contracts.dynamic.net_metering")).toEqual([["low", false]]);
    // 30 kW is beyond the high value already.
    expect(of("charger.charge_kw")).toEqual([["low", 3.7]]);
    expect(of("homes")).toEqual([]);
  });
  it("keeps the states of charge in order", () => {
    const tries = plan(list, { "car.departure_soc": 0.3 });
    const high = tries.find((x) => x.field.key === "car.min_soc" && x.side === "high");
    expect(high?.value).toBeCloseTo(0.25);
    expect(tries.find((x) => x.field.key === "car.departure_soc" && x.side === "low")).toBeUndefined();
  });
  it("puts the strongest first", () => {
    const tries = plan(list, {});
    const done = tries.map((x) => ({ try: x, kw: x.field.key === "behaviour.plug_in" ? -3 : x.side === "low" ? -0.8 : -0.9 }));
    const e = effects(done, -0.87);
    expect(e[0]!.field.key).toBe("behaviour.plug_in");
    expect(e.find((x) => x.field.key === "car.battery_kwh")).toMatchObject({ low: { value: 50, kw: -0.8 }, high: { value: 100, kw: -0.9 } });
  });
});

describe("key figures", () => {
  // Discharges so much on each evening of January, and charges as much in July.
  const c = (mode: string, kw: number, saving: number | null) =>
    ({ mode, summary: { peak_discharge_kw: kw, saving_vs_regular_eur: saving, evening_mean_kw: 0 }, kw_by_month: Array.from({ length: 12 }, (_, m) => Array<number>(96).fill(m === 0 ? -kw : m === 6 ? kw : 0)) }) as unknown as Case;
  const country = { points: 2_250_000, adoption: 0.5, months: [0], year: 2024 };
  it("count the country in the season that the map counts, and only where cars discharge", () => {
    const f = figures(c("v2g", 2.7, 270), c("v2g", 1.3, 200), country).at(-1)!;
    expect(f.key).toBe("mw");
    expect(f.lab).toBeCloseTo(1462.5);
    expect(difference(f)).toBeCloseTo(-1575);
    expect(figures(c("smart", 0, 1), c("smart", 0, 1), country).some((x) => x.key === "mw")).toBe(false);
  });
  it("of the rules from 2027 are small, not nothing; of evenings that take they are nothing", () => {
    expect(figures(c("v2g", 0.061, 16), c("v2g", 0.061, 16), { ...country, adoption: 1 }).at(-1)!.lab).toBeCloseTo(137, 0);
    expect(figures(c("v2g", 0.061, 16), c("v2g", 0.061, 16), { ...country, months: [6] }).at(-1)!.lab).toBe(0);
    expect(figures(c("v2g", 0.061, 16), c("v2g", 0.061, 16), { ...country, months: [0, 6] }).at(-1)!.lab).toBe(0);
  });
  it("have no difference where one is unknown", () => {
    const f = figures(c("v2g", 2.7, null), c("v2g", 1.3, 200), null);
    expect(difference(f.find((x) => x.key === "saving_vs_regular_eur")!)).toBeNull();
    expect(f.some((x) => x.key === "mw")).toBe(false);
  });
});

describe("a busy laboratory", () => {
  const wait = async () => undefined;
  it("is asked once more, after the pause it names", async () => {
    let asked = 0;
    let said = 0;
    const run = async () => {
      if (asked++ === 0) throw Object.assign(new Error("busy"), { status: 503, retryAfter: 3 });
      return "done";
    };
    expect(await onceMore(run, (s) => (said = s), undefined, wait)).toBe("done");
    expect([asked, said]).toEqual([2, 3]);
  });
  it("is not asked a third time, nor after another error", async () => {
    let asked = 0;
    const fail = (status: number) => async () => {
      asked++;
      throw Object.assign(new Error("no"), { status });
    };
    await expect(onceMore(fail(503), () => undefined, undefined, wait)).rejects.toThrow("no");
    await expect(onceMore(fail(429), () => undefined, undefined, wait)).rejects.toThrow("no");
    expect(asked).toBe(4);
    await expect(onceMore(fail(422), () => undefined, undefined, wait)).rejects.toThrow("no");
    expect(asked).toBe(5);
  });
});

it("every control has a name", () => {
  const [fieldsText, labelsText] = ["fields.ts", "labels.svelte.ts"].map((f) => readFileSync(new URL(`../src/lab/${f}`, import.meta.url), "utf8")) as [string, string];
  const controls = [...fieldsText.matchAll(/^ {2}("?[\w.]+"?): \{ group:/gm)].map((m) => m[1]!);
  const table = labelsText.slice(0, labelsText.indexOf("});"));
  expect(controls.length).toBeGreaterThan(30);
  for (const name of controls) expect(table, name).toContain(`\n  ${name}: {`);
});
