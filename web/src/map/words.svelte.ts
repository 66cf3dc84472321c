// Words and amounts that the map's parts share.

import { language, number, percent, texts } from "../lib/i18n.svelte";
import { significant, watt, type Say } from "./amounts";
import { isShare, type Measure, type Why } from "./measures";

export const words = texts({
  kw_per_dwelling: { nl: "kW per woning", en: "kW per dwelling" },
  mw: { nl: "Vermogen (MW)", en: "Power (MW)" },
  points_per_dwelling: { nl: "Thuislaadpunten per woning", en: "Home charge points per dwelling" },
  points: { nl: "Thuislaadpunten", en: "Home charge points" },
  relief: { nl: "Lagere avondpiek (%)", en: "Lower evening peak (%)" },
  night: { nl: "Nieuwe nachtpiek (%)", en: "New night peak (%)" },
  capacity: { nl: "Deel van de capaciteit (%)", en: "Share of capacity (%)" },
  aboutKw: { nl: "wat auto’s kunnen terugleveren, verdeeld over alle woningen", en: "what cars can feed in, shared out over all dwellings" },
  aboutMw: { nl: "wat de auto’s van een gebied samen kunnen terugleveren", en: "what the cars of a region can feed in together" },
  aboutPpd: { nl: "laadpunten bij woningen met een oprit, verdeeld over alle woningen", en: "charge points at dwellings with a driveway, shared out over all dwellings" },
  aboutPoints: { nl: "laadpunten bij woningen met een oprit", en: "charge points at dwellings with a driveway" },
  aboutRelief: { nl: "avondpiek van 17–21 uur met V2G tegen gewoon laden", en: "evening peak of 17–21 h with V2G against regular charging" },
  aboutNight: { nl: "piek van 21–7 uur met V2G, als deel van de avondpiek bij gewoon laden", en: "peak of 21–7 h with V2G, as a share of the evening peak with regular charging" },
  aboutCapacity: { nl: "grootste afname of teruglevering met V2G tegen de capaciteit", en: "largest import or feed-in with V2G against the capacity" },
  perDwelling: { nl: "kW per woning", en: "kW per dwelling" },
  pointsEach: { nl: "per woning", en: "per dwelling" },
  pointsWord: { nl: "laadpunten", en: "charge points" },
  whyDwellings: { nl: "geen woningen", en: "no dwellings" },
  whyCapacity: { nl: "capaciteit onbekend", en: "capacity unknown" },
  whyMode: { nl: "deze manier van laden is niet berekend", en: "this way to charge was not computed" },
  country: { nl: "Nederland", en: "the Netherlands" },
  all: { nl: "alle gebieden", en: "all regions" },
  wijk: { nl: "verzonnen wijk", en: "invented wijk" },
  buurt: { nl: "verzonnen buurt", en: "invented buurt" },
  million: { nl: "miljoen", en: "million" },
});

const about: Record<Measure, Parameters<typeof words>[0]> = {
  kw_per_dwelling: "aboutKw",
  mw: "aboutMw",
  points_per_dwelling: "aboutPpd",
  points: "aboutPoints",
  relief: "aboutRelief",
  night: "aboutNight",
  capacity: "aboutCapacity",
};
export const aboutMeasure = (m: Measure) => words(about[m]);

const reasons = { dwellings: "whyDwellings", capacity: "whyCapacity", mode: "whyMode" } as const;
export const whyText = (w: Why) => words(reasons[w]);

export const say: Say = {
  number: (v, decimals = 0) => number(v, decimals),
  get million() {
    return words("million");
  },
};

// shown is a value as a legend has it: two significant figures, no unit.
export const shown = (m: Measure, v: number, digits = 2) => (isShare(m) ? significant(100 * v, digits, say) : significant(v, digits, say));

// told is a value with its unit, in two significant figures.
export function told(m: Measure, v: number, digits = 2): string {
  if (m === "mw") return watt(1000 * v, digits, say);
  if (m === "points") return `${v < 100 ? number(v) : significant(v, digits, say)} ${words("pointsWord")}`;
  if (m === "kw_per_dwelling") return `${shown(m, v)} ${words("perDwelling")}`;
  if (m === "points_per_dwelling") return `${shown(m, v)} ${words("pointsEach")}`;
  return `${shown(m, v)} %`;
}

// exact is the same in a table.
export const exact = (m: Measure, v: number) =>
  !Number.isFinite(v) ? "–" : isShare(m) ? number(100 * v, 1) : number(v, m === "points" ? 0 : m === "mw" ? (v < 10 ? 3 : 1) : 3);

export const share1 = (v: number | null) => (v === null ? "–" : percent(v, Math.abs(v) < 0.1 ? 1 : 0).replace(" ", "\u00a0"));

// placeName is a region's name in a sentence or a title. The built-in map's own
// names are in English.
export const placeName = (name: string) => name.replace(", invented wijk ", `, ${words("wijk")} `).replace(", invented buurt ", `, ${words("buurt")} `);

export const countryName = (name: string) => (name === "Nederland" && language() === "en" ? words("country") : placeName(name));
