// What of a study is drawn from statistics, not observed: said wherever its figures stand.

import type { Study } from "./api";
import { texts } from "./i18n.svelte";

const t = texts({
  year: { nl: "Synthetisch jaar", en: "Synthetic year" },
  some: { nl: "Synthetisch: {what}", en: "Synthetic: {what}" },
  prices: { nl: "prijzen", en: "prices" },
  load: { nl: "verbruik", en: "load" },
  solar: { nl: "zon", en: "sun" },
  sessions: { nl: "laadsessies", en: "sessions" },
  source: { nl: "Berekend met {program}, studie {study}. Gebieden: {regions}.", en: "Computed with {program}, study {study}. Regions: {regions}." },
  schematic: { nl: "CBS 2022–2023, grenzen schematisch", en: "CBS 2022–2023, outlines schematic" },
  schematicText: {
    nl: "De gemeenten en hun cijfers zijn echt (CBS, 2023), hun grenzen zijn bedacht.",
    en: "The gemeenten and their figures are real (CBS, 2023), their outlines are not.",
  },
  syntheticText: { nl: "Getrokken uit statistieken, niet gemeten: {what}.", en: "Drawn from statistics, not measured: {what}." },
});

type Inputs = Pick<Study, "synthetic_inputs">;

const kindName = (k: string) => (k === "prices" || k === "load" || k === "solar" || k === "sessions" ? t(k) : k);

// syntheticKinds are the inputs that are synthetic; "" when none is.
export const syntheticKinds = (study: Inputs) => study.synthetic_inputs.map(kindName).join(", ");

// syntheticMark is the same in a few words: a synthetic year, or which inputs beside real ones.
export function syntheticMark(study: Inputs): string {
  if (study.synthetic_inputs.length === 0) return "";
  const year = ["prices", "load", "solar"].every((k) => study.synthetic_inputs.includes(k));
  return year ? t("year") : t("some", { what: syntheticKinds(study) });
}

// unreal says in full what of a map is not real; "" where all is.
export const unreal = (study: Inputs & Pick<Study, "schematic_map">) =>
  [study.schematic_map ? t("schematicText") : "", study.synthetic_inputs.length ? t("syntheticText", { what: syntheticKinds(study) }) : ""].filter(Boolean).join(" ");

// sourceLine says where a map comes from, wherever it is taken.
export function sourceLine(study: Study): string {
  const from = study.inputs.find((i) => i.kind === "regions");
  return t("source", { program: study.program, study: study.summary.study, regions: study.schematic_map ? t("schematic") : from?.source || from?.file || "–" });
}
