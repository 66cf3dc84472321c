import { describe, expect, it } from "vitest";

import type { Findings } from "../src/lib/api";
import { tell } from "../src/lib/findings";

const found: Findings = {
  contract: "dynamic",
  thresholds: { pays_eur_per_year: 10, least_kw: 0.01, least_kwh_per_year: 15 },
  mode: "v2g",
  findings: [
    { about: "when", key: "when.discharge", contract: "dynamic", mode: "v2g", en: "It charges.", nl: "Hij laadt." },
    { about: "pays", key: "pays.discharge", contract: "dynamic", mode: "v2g", en: "V2G pays.", nl: "V2G loont." },
    { about: "when", key: "when.most_discharged", contract: "dynamic", mode: "v2g", en: "Most in January.", nl: "Het meest in januari." },
    { about: "when", key: "when.charge", contract: "single", mode: "smart", en: "Another.", nl: "Een ander." },
    { about: "pays", key: "pays.not", en: "Not there.", nl: "Daar niet." },
  ],
};

describe("findings", () => {
  it("are told in the order of the server, of what is asked", () => {
    expect(tell(found, "when", "en", "dynamic", "v2g")).toBe("It charges. Most in January.");
    expect(tell(found, "when", "nl", "single", "smart")).toBe("Een ander.");
    expect(tell(found, "pays", "nl")).toBe("V2G loont. Daar niet.");
    expect(tell(found, "when", "en", "single", "v2g")).toBe("");
  });
});
