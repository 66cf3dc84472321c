import { readFileSync } from "node:fs";

import { expect, it } from "vitest";

import { inDutch } from "../src/method/dutch";

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

it("notes keep their numbers and names in Dutch", () => {
  expect(inDutch("regions: 135 with far more cars per household than similar gemeenten, as where leasing companies register: held to what is usual")).toMatch(/^gebieden: 135 met veel meer auto’s/);
  expect(inDutch("leasing companies register vans in Almere, Wierden: the number of similar gemeenten is used there")).toBe("leasebedrijven registreren bestelauto’s in Almere, Wierden: daar telt het aantal van vergelijkbare gemeenten");
  expect(inDutch("synthetic reference data: prices, load (set data.* in a study file to use your own)")).toContain("prijzen, verbruik");
  expect(inDutch("rules of 2027-01-01 (law): Kamerstuk 36611, Wet beeindiging salderingsregeling")).toBe("regels van 2027-01-01 (wet): Kamerstuk 36611, Wet beëindiging salderingsregeling");
  expect(inDutch("something new")).toBeUndefined();
});
