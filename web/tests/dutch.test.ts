import { readFileSync } from "node:fs";

import { expect, it, vi } from "vitest";

vi.mock("../src/lib/address.svelte", () => ({ address: { get: () => null } }));

import { units } from "../src/lib/units";
import { inDutch } from "../src/method/dutch";
import { sections } from "../src/method/sections";

// columnOf reads a column of a table with quoted cells.
function columnOf(file: string, name: string): string[] {
  const [head, ...rows] = readFileSync(new URL(`../../internal/${file}`, import.meta.url), "utf8").split("\n").filter(Boolean).map((line) => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map((m) => m[1]!.replace(/^"|"$/g, "").replaceAll('""', '"')));
  const at = head!.indexOf(name);
  return [...new Set(rows.map((r) => r[at]!))].filter(Boolean);
}

it("the source of every assumption is there in Dutch", () => {
  const all = [...columnOf("assume/assumptions.csv", "source"), ...columnOf("outlook/scenarios.csv", "source")];
  expect(all.length).toBeGreaterThan(50);
  for (const source of all) expect(inDutch(source), source).toBeDefined();
});

it("the unit of every assumption is there in both languages", () => {
  const all = columnOf("assume/assumptions.csv", "unit");
  expect(all.length).toBeGreaterThan(20);
  for (const unit of all) expect(units, unit).toHaveProperty([unit]);
});

it("every part of a study file has a name", () => {
  const all = new Set(columnOf("assume/assumptions.csv", "key").filter((key) => key.includes(".")).map((key) => key.split(".")[0]!));
  all.delete("contracts"); // each by its own name
  expect(all.size).toBeGreaterThan(10);
  for (const part of all) expect(sections, part).toHaveProperty(part);
});

it("why the laboratory refuses a setting is said in Dutch", () => {
  expect(inDutch("more than car.min_soc (0.425) was expected")).toBe("meer dan de laagste laadtoestand (42,5 %) werd verwacht");
  expect(inDutch("at most 0.712 kW was expected: charger.round_trip_efficiency leaves no more at these powers")).toMatch(/^hoogstens 0\.712 kW/);
  expect(inDutch("0 was expected in a study with contracts.dynamic.power_tariff_eur_per_kw_month: what is bound over a month or year is solved only where the efficiency is the same at every power")).toMatch(/maandpiek/);
  expect(inDutch("0.1 to 1000 kW was expected")).toBe("tussen 0.1 en 1000 werd verwacht");
});

it("notes keep their numbers and names in Dutch", () => {
  expect(inDutch("regions: 135 with far more cars per household than similar gemeenten, as where leasing companies register: held to what is usual")).toMatch(/^gebieden: 135 met veel meer auto’s/);
  expect(inDutch("leasing companies register vans in Almere, Wierden: the number of similar gemeenten is used there")).toBe("leasebedrijven registreren bestelauto’s in Almere, Wierden: daar telt het aantal van vergelijkbare gemeenten");
  expect(inDutch("synthetic reference data: prices, load (set data.* in a study file to use your own)")).toContain("prijzen, verbruik");
  expect(inDutch("rules of 2027-01-01 (law): Kamerstuk 36611, Wet beeindiging salderingsregeling")).toBe("regels van 2027-01-01 (wet): Kamerstuk 36611, Wet beëindiging salderingsregeling");
  expect(inDutch("the band over the assumptions adds what they change for the first 20 homes, as a year with a battery takes long")).toContain("eerste 20 woningen");
  expect(inDutch("every home has a battery of 10 kWh: costs are those of home, car and battery together, EUR 0.02 a home above a proven bound at most, in the mean over homes; powers")).toMatch(/van 10 kWh.*€ 0,02 per woning/);
  expect(inDutch("something new")).toBeUndefined();
});
