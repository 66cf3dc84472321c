// Words and amounts that the map's parts share.

import { contractName } from "../charts/words.svelte";
import type { Study } from "../lib/api";
import { language, modeName, monthName, number, percent, scenarioName, texts } from "../lib/i18n.svelte";
import { significant, watt, type Say } from "./amounts";
import type { Breaks } from "./classes";
import { ofPopulation, type OwnAsk } from "./own";
import { isShare, monthOf, type Measure, type Why } from "./measures";

export const words = texts({
  kw_per_dwelling: { nl: "kW per woning", en: "kW per dwelling" },
  mw: { nl: "Vermogen (MW)", en: "Power (MW)" },
  points_per_dwelling: { nl: "Thuislaadpunten per woning", en: "Home charge points per dwelling" },
  points: { nl: "Thuislaadpunten", en: "Home charge points" },
  relief: { nl: "Lagere avondpiek (%)", en: "Lower evening peak (%)" },
  night: { nl: "Nieuwe nachtpiek (%)", en: "New night peak (%)" },
  capacity: { nl: "Deel van de capaciteit (%)", en: "Share of capacity (%)" },
  hour: { nl: "Vermogen op een tijdstip", en: "Power at a time of day" },
  own: { nl: "kW, eigen woningen", en: "kW, own homes" },
  aboutOwn: { nl: "wat de auto’s {verb} op een gemiddelde {evening}, 17–21 uur, elk gebied met eigen woningen doorgerekend; verdeeld over alle woningen, met de klassen van het gemiddelde, zodat beide kaarten te vergelijken zijn", en: "what the cars {verb} on a mean {evening}, 17–21 h, each region computed with homes of its own; shared out over all dwellings, in the classes of the average, so that both maps compare" },
  aboutHour: { nl: "wat woningen en auto’s samen per woning afnemen op de gemiddelde dag van {month}, met {mode}; onder nul leveren ze terug", en: "what dwellings and cars together take per dwelling on the mean day of {month}, with {mode}; below zero they feed in" },
  partHour: { nl: "Rood: afnemen; blauw: terugleveren", en: "Red: taking; blue: feeding in" },
  aboutComputed: { nl: "wat de auto’s {verb} op een gemiddelde {evening}, 17–21 uur", en: "what the cars {verb} on a mean {evening}, 17–21 h" },
  aboutCoincidence: { nl: "wat de auto’s van een gebied tegelijk {verb}, in hun drukste kwartier van het jaar", en: "what the cars of a region {verb} at once, in their busiest quarter-hour of the year" },
  aboutReport: { nl: "2 kW per laadpunt, zoals het rapport van ElaadNL, wat contract en seizoen ook zijn", en: "2 kW per charge point as in ElaadNL’s report, whatever contract and season" },
  aboutFixed: { nl: "het getal van de studie per laadpunt, wat contract en seizoen ook zijn", en: "the study’s number per charge point, whatever contract and season" },
  shared: { nl: "verdeeld over alle woningen", en: "shared out over all dwellings" },
  aboutPpd: { nl: "laadpunten bij woningen met een oprit, verdeeld over alle woningen; ze hangen niet af van contract of seizoen", en: "charge points at dwellings with a driveway, shared out over all dwellings; they do not depend on contract or season" },
  aboutPoints: { nl: "laadpunten bij woningen met een oprit; ze hangen niet af van contract of seizoen", en: "charge points at dwellings with a driveway; they do not depend on contract or season" },
  aboutRelief: { nl: "avondpiek van 17–21 uur {in} met {mode}, tegen gewoon laden", en: "evening peak of 17–21 h {in} with {mode}, against regular charging" },
  aboutNight: { nl: "piek van 21–7 uur {in} met {mode}, als deel van de avondpiek bij gewoon laden", en: "peak of 21–7 h {in} with {mode}, as a share of the evening peak with regular charging" },
  aboutCapacity: { nl: "grootste afname of teruglevering met {mode} op de gemiddelde dag van een maand, tegen de capaciteit; losse kwartieren vragen meer", en: "largest import or feed-in with {mode} on a month’s mean day, against the capacity; single quarter-hours take more" },
  give: { nl: "aan woningen en net leveren", en: "give homes and grid" },
  giveHomes: { nl: "aan hun eigen woning leveren", en: "give their own homes" },
  winter: { nl: "Winter", en: "Winter" },
  summer: { nl: "Zomer", en: "Summer" },
  year: { nl: "Heel het jaar", en: "Whole year" },
  hintWinter: { nl: "november tot en met februari", en: "November to February" },
  hintSummer: { nl: "mei tot en met augustus", en: "May to August" },
  hintYear: { nl: "alle maanden", en: "all months" },
  winterEvening: { nl: "winteravond", en: "winter evening" },
  summerEvening: { nl: "zomeravond", en: "summer evening" },
  yearEvening: { nl: "avond", en: "evening" },
  inWinter: { nl: "in de winter", en: "in winter" },
  inSummer: { nl: "in de zomer", en: "in summer" },
  inYear: { nl: "in het jaar", en: "in the year" },
  regularIn: { nl: "gewoon laden", en: "regular charging" },
  smartIn: { nl: "slim laden", en: "smart charging" },
  netted: { nl: "{name}, met salderen (tot 2027)", en: "{name}, net metering (until 2027)" },
  notNetted: { nl: "{name}, zonder salderen", en: "{name}, no net metering" },
  ruled: { nl: "{name}, regels van {date}", en: "{name}, rules of {date}" },
  perDwelling: { nl: "kW per woning", en: "kW per dwelling" },
  pointsEach: { nl: "per woning", en: "per dwelling" },
  pointsWord: { nl: "laadpunten", en: "charge points" },
  whyDwellings: { nl: "geen woningen", en: "no dwellings" },
  whyCapacity: { nl: "capaciteit onbekend", en: "capacity unknown" },
  whyMode: { nl: "deze manier van laden is niet berekend", en: "this way to charge was not computed" },
  ownOnly: {
    nl: "Eigen woningen per gebied zijn alleen berekend voor {cases} in {years}, scenario {scenario}, {adoption}\u00a0% deelname, met de aannames van de studie",
    en: "Homes of each region’s own were computed for {cases} in {years} alone, scenario {scenario}, {adoption}\u00a0% taking part, with the study’s assumptions",
  },
  ownMore: { nl: ". Wat hier gekozen is, rekent {command}, en getij report --population zet het erbij", en: ". What is chosen here is computed by {command}, and getij report --population sets it beside" },
  whyOwn: { nl: "voor deze keuze zijn geen eigen woningen berekend", en: "no homes of their own were computed for this choice" },
  country: { nl: "Nederland", en: "the Netherlands" },
  wijk: { nl: "verzonnen wijk", en: "invented wijk" },
  buurt: { nl: "verzonnen buurt", en: "invented buurt" },
  million: { nl: "miljoen", en: "million" },
  less: { nl: "minder dan {v}", en: "less than {v}" },
  more: { nl: "{v} en meer", en: "{v} and more" },
  from: { nl: "{a} tot {b}", en: "{a} to {b}" },
  only: { nl: "alle gebieden: {v}", en: "all regions: {v}" },
  partRelief: { nl: "Rood: de avondpiek wordt hoger; blauw: lager", en: "Red: the evening peak becomes higher; blue: lower" },
  partNight: { nl: "Rood: hoger dan de avondpiek bij gewoon laden; blauw: lager", en: "Red: above the evening peak with regular charging; blue: below" },
  partCapacity: { nl: "Rood: meer dan de capaciteit; blauw: minder", en: "Red: more than the capacity; blue: less" },
});

// ended is an end of a class, as a legend has it.
export const ended = (m: Measure, b: Breaks, v: number) => (b.more ? (isShare(m) ? number(100 * v) : number(v, Number.isInteger(v) ? 0 : 1)) : shown(m, v, b.digits));

// classNames are the classes of a legend, in words; none where nothing is known.
export function classNames(m: Measure, b: Breaks): string[] {
  if (b.at.length === 0) return b.only === undefined ? [] : [words("only", { v: shown(m, b.only) })];
  const ends = b.at.map((v) => ended(m, b, v));
  return Array.from({ length: ends.length + 1 }, (_, k) => {
    const below = ends[k - 1];
    const above = ends[k];
    return below === undefined ? words("less", { v: above! }) : above === undefined ? words("more", { v: below }) : words("from", { a: below, b: above });
  });
}

// parting says what two colours mean.
export const parting = (m: Measure) => (m === "relief" ? words("partRelief") : m === "night" ? words("partNight") : m === "capacity" ? words("partCapacity") : m === "hour" ? words("partHour") : "");

// Look is how a reader looks: what the words of a figure follow.
export interface Look {
  mode: string;
  season: string;
  rule: string;
}

const winterOr = <A, B, C>(season: string, winter: A, summer: B, year: C) => (season === "winter" ? winter : season === "summer" ? summer : year);
export const seasonName = (season: string) => words(winterOr(season, "winter", "summer", "year"));
export const seasonHint = (season: string) => words(winterOr(season, "hintWinter", "hintSummer", "hintYear"));
export const eveningOf = (season: string) => words(winterOr(season, "winterEvening", "summerEvening", "yearEvening"));
export const inSeason = (season: string) => words(winterOr(season, "inWinter", "inSummer", "inYear"));

// modeIn is a way to charge within a sentence.
export const modeIn = (mode: string) => (mode === "regular" ? words("regularIn") : mode === "smart" ? words("smartIn") : modeName(mode));

// policyName is a contract with the rules that hold for it.
export function policyName(c: Study["contracts"][number]): string {
  const name = contractName(c.name);
  if (c.rules !== "none") return name === c.name ? words("ruled", { name, date: c.rules }) : name;
  return c.kind === "dynamic" ? words(c.net_metering ? "netted" : "notNetted", { name }) : name;
}

// counted says what a charge point counts for.
export const counted = (l: Look) =>
  words(l.rule === "computed" ? "aboutComputed" : l.rule === "coincidence" ? "aboutCoincidence" : l.rule === "report" ? "aboutReport" : "aboutFixed", {
    verb: words(l.mode === "v2h" ? "giveHomes" : "give"),
    evening: eveningOf(l.season),
  });

export function aboutMeasure(m: Measure, l: Look): string {
  const mode = modeIn(l.mode);
  const within = inSeason(l.season);
  switch (m) {
    case "mw":
      return counted(l);
    case "kw_per_dwelling":
      return `${counted(l)}, ${words("shared")}`;
    case "points_per_dwelling":
      return words("aboutPpd");
    case "points":
      return words("aboutPoints");
    case "relief":
      return words("aboutRelief", { in: within, mode });
    case "night":
      return words("aboutNight", { in: within, mode });
    case "capacity":
      return words("aboutCapacity", { mode });
    case "own":
      return words("aboutOwn", { verb: words(l.mode === "v2h" ? "giveHomes" : "give"), evening: eveningOf(l.season) });
    case "hour":
      return words("aboutHour", { mode, month: monthName(monthOf(l.season)) });
  }
}

// ownComputed says for what regions have homes of their own, and how they get others.
export function ownComputed(study: Study, ask: OwnAsk): string {
  const p = study.population!;
  // Regular charging is beside the others, unless it is all there is.
  const told = p.cases.some((c) => c.mode !== "regular") ? p.cases.filter((c) => c.mode !== "regular") : p.cases;
  const policy = (name: string) => {
    const c = study.contracts.find((x) => x.name === name);
    return c ? policyName(c) : name;
  };
  const only = words("ownOnly", {
    cases: [...new Set(told.map((c) => `${policy(c.contract)}: ${modeName(c.mode)}`))].join("; "),
    years: [...new Set(p.cases.map((c) => c.year))].join(", "),
    scenario: scenarioName(p.scenario).toLowerCase(),
    adoption: number(100 * p.adoption),
  });
  return only + (ofPopulation(study, ask) ? words("ownMore", { command: `getij run --population --case ${ask.contract}/${ask.mode} --years ${ask.year}` }) : "");
}

const reasons = { dwellings: "whyDwellings", capacity: "whyCapacity", mode: "whyMode", own: "whyOwn" } as const;
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
  if (m === "kw_per_dwelling" || m === "hour" || m === "own") return `${shown(m, v)} ${words("perDwelling")}`;
  if (m === "points_per_dwelling") return `${shown(m, v)} ${words("pointsEach")}`;
  return `${shown(m, v)} %`;
}

// exact is the same in a table.
export const exact = (m: Measure, v: number) =>
  !Number.isFinite(v) ? "–" : isShare(m) ? number(100 * v, 1) : number(v, m === "points" ? 0 : m === "mw" ? (v < 10 ? 3 : 1) : 3);

export const share1 = (v: number | null) => (v === null ? "–" : percent(v, Math.abs(v) < 0.1 ? 1 : 0).replace(" ", "\u00a0"));

// clock is an instant of the study's year in words, local time; a dash for one that is not known.
export const clock = (utc: string) => (Number.isNaN(Date.parse(utc)) ? "–" : new Intl.DateTimeFormat(language() === "nl" ? "nl-NL" : "en-GB", { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Europe/Amsterdam" }).format(new Date(utc)));

// placeName is a region's name in a sentence or a title. The built-in map's own
// names are in English.
export const placeName = (name: string) => name.replace(", invented wijk ", `, ${words("wijk")} `).replace(", invented buurt ", `, ${words("buurt")} `);

export const countryName = (name: string) => (name === "Nederland" && language() === "en" ? words("country") : placeName(name));
