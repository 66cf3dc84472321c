// Dutch and English. Texts live beside the component that shows them, as pairs:
//   const t = texts({ title: { nl: "Kaart", en: "Map" } });
//   t("title")
// The language is in the address (lang=en), else the browser's.

import { address } from "./address.svelte";

export type Language = "nl" | "en";

export function language(): Language {
  const chosen = address.get("lang");
  if (chosen === "nl" || chosen === "en") return chosen;
  return navigator.language.toLowerCase().startsWith("nl") ? "nl" : "en";
}

type Pair = { nl: string; en: string };

export function texts<K extends string>(table: Record<K, Pair>) {
  return (key: K, values: Record<string, string | number> = {}): string => {
    let text = table[key][language()];
    for (const [name, value] of Object.entries(values)) text = text.replaceAll(`{${name}}`, String(value));
    return text;
  };
}

const locale = () => (language() === "nl" ? "nl-NL" : "en-GB");

// number formats in the reader's locale, with a true minus sign.
export function number(v: number | null | undefined, decimals = 0): string {
  if (v === null || v === undefined || !Number.isFinite(v)) return "–";
  return new Intl.NumberFormat(locale(), { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(v).replace("-", "−");
}

// exact is a number as it is, for what a reader may type.
export const exact = (v: number): string => new Intl.NumberFormat(locale(), { maximumFractionDigits: 9, useGrouping: false }).format(v).replace("-", "−");

// rough is a number in two significant figures, as maps show them.
export function rough(v: number | null | undefined): string {
  if (v === null || v === undefined || !Number.isFinite(v)) return "–";
  return new Intl.NumberFormat(locale(), { maximumSignificantDigits: 2 }).format(v).replace("-", "−");
}

export const percent = (v: number | null | undefined, decimals = 0) =>
  v === null || v === undefined ? "–" : `${number(100 * v, decimals)} %`;

export function monthName(month: number, form: "long" | "short" = "long"): string {
  return new Intl.DateTimeFormat(locale(), { month: form, timeZone: "UTC" }).format(new Date(Date.UTC(2024, month, 15)));
}

export function dayName(day: number, form: "long" | "short" = "long"): string {
  return new Intl.DateTimeFormat(locale(), { weekday: form, timeZone: "UTC" }).format(new Date(Date.UTC(2024, 0, 1 + day))); // a Monday first
}

// Words that the whole dashboard shares.
export const common = texts({
  map: { nl: "Kaart", en: "Map" },
  profiles: { nl: "Profielen", en: "Profiles" },
  street: { nl: "Straat", en: "Street" },
  lab: { nl: "Laboratorium", en: "Laboratory" },
  method: { nl: "Methode", en: "Method" },
  regular: { nl: "Gewoon laden", en: "Regular" },
  smart: { nl: "Slim laden", en: "Smart" },
  v2h: { nl: "V2H", en: "V2H" },
  v2g: { nl: "V2G", en: "V2G" },
  low: { nl: "Laag", en: "Low" },
  mid: { nl: "Midden", en: "Mid" },
  high: { nl: "Hoog", en: "High" },
  charging: { nl: "laden", en: "charging" },
  discharging: { nl: "ontladen", en: "discharging" },
  taking: { nl: "afnemen", en: "taking" },
  feedingIn: { nl: "terugleveren", en: "feeding in" },
  table: { nl: "Als tabel", en: "As a table" },
  chart: { nl: "Als figuur", en: "As a chart" },
  download: { nl: "Downloaden", en: "Download" },
  localTime: { nl: "lokale tijd", en: "local time" },
  noData: { nl: "geen gegevens", en: "no data" },
  retry: { nl: "Opnieuw proberen", en: "Try again" },
  replaced: { nl: "Er zijn nieuwe resultaten: deze pagina toont die van ervoor.", en: "There are new results: this page shows those from before." },
  unreached: { nl: "de server antwoordt niet. Wat al geladen is, blijft te gebruiken.", en: "the server does not answer. What is loaded stays usable." },
  noServer: { nl: "deze site bestaat uit bestanden en rekent dit niet", en: "this site is made of files and does not compute this" },
  missingFile: { nl: "de site mist het bestand {file}", en: "the site lacks the file {file}" },
  noRegion: { nl: "geen gebied heeft de code {code}", en: "no region has the code {code}" },
  loading: { nl: "Laden …", en: "Loading …" },
});

export const modeName = (mode: string) =>
  mode === "regular" || mode === "smart" || mode === "v2h" || mode === "v2g" ? common(mode) : mode;

export const scenarioName = (scenario: string) => (scenario === "low" || scenario === "mid" || scenario === "high" ? common(scenario) : scenario);

const levels: Record<string, Pair & { plural: Pair }> = {
  land: { nl: "land", en: "country", plural: { nl: "land", en: "country" } },
  provincie: { nl: "provincie", en: "provincie", plural: { nl: "provincies", en: "provincies" } },
  gemeente: { nl: "gemeente", en: "gemeente", plural: { nl: "gemeenten", en: "gemeenten" } },
  wijk: { nl: "wijk", en: "wijk", plural: { nl: "wijken", en: "wijken" } },
  buurt: { nl: "buurt", en: "buurt", plural: { nl: "buurten", en: "buurten" } },
};
export const levelName = (level: string, many = false): string => {
  const l = levels[level];
  if (!l) return level;
  return many ? l.plural[language()] : l[language()];
};
