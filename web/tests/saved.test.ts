import { describe, expect, it } from "vitest";

import { cleanName, freeName, mostSaved, partsOf, read, settingsOf, unread, write, type Saved } from "../src/lab/saved";
import { fields } from "../src/lab/fields";

const study = {
  contracts: [{ name: "dynamic", kind: "dynamic", net_metering: true, rules: "none", used_for_potential: true }],
  lab: { most_homes: 1000, most_street_homes: 200 },
  levels: [],
  assumptions: [
    { key: "charger.charge_kw", value: "11", default: "11", unit: "kW", description: "", description_nl: "", source: "", least: 0.1, most: 1000 },
    { key: "contracts.dynamic.preset", value: "none", default: "none", unit: "", description: "", description_nl: "", source: "" },
    { key: "contracts.dynamic.grid_tariff_eur_per_kwh_by_hour", value: "[]", default: "[]", unit: "EUR/kWh", description: "", description_nl: "", source: "" },
  ],
};
const list = fields(study, "dynamic");
const tariff = [...Array<number>(17).fill(0), 0.1, 0.1, 0.1, 0.1, 0, 0, 0];
const draft = { "charger.charge_kw": 7.4, "contracts.dynamic.preset": "network_cost_2025", "contracts.dynamic.grid_tariff_eur_per_kwh_by_hour": tariff };

describe("saved cases", () => {
  it("come back from the address as they were saved", () => {
    const cases: Saved[] = [
      { name: "now", contract: "dynamic", parts: {} },
      { name: "a & b = 2, 50 %", contract: "dynamic", parts: partsOf(list, draft) },
    ];
    const query = new URLSearchParams({ saved: write(cases)! }).toString();
    const back = read(new URLSearchParams(query).get("saved")!);
    expect(back).toEqual(cases);
    expect(settingsOf(list, back[1]!.parts)).toEqual(draft);
    expect(settingsOf(list, back[0]!.parts)).toEqual({});
  });
  it("without any the address has nothing", () => {
    expect(write([])).toBeUndefined();
    expect(read("")).toEqual([]);
  });
  it("leave out what is no case, a second of the same name, and more than fit", () => {
    expect(read("a**b*dynamic*key**c*dynamic**c*dynamic*x*1").map((c) => c.name)).toEqual(["c"]);
    expect(read(Array.from({ length: 30 }, (_, i) => `${i}*dynamic`).join("**"))).toHaveLength(mostSaved);
  });
  it("say what of them the study has not, or not with that value", () => {
    expect(unread(list, partsOf(list, draft))).toEqual([]);
    expect(unread(list, { "charger.charge_kw": "7,4", "car.wings": "2", "contracts.dynamic.grid_tariff_eur_per_kwh_by_hour": "0x23" })).toEqual([
      "charger.charge_kw",
      "car.wings",
      "contracts.dynamic.grid_tariff_eur_per_kwh_by_hour",
    ]);
  });
  it("have names without a star, and each its own", () => {
    expect(cleanName("  3 * 25 A\n")).toBe("3 × 25 A");
    expect(freeName("x", [{ name: "x", contract: "d", parts: {} }])).toBe("x (2)");
  });
});
