// Units of assumptions, as a reader's language has them.

import { texts } from "./i18n.svelte";

const same = (text: string) => ({ nl: text, en: text });

export const units = {
  kW: same("kW"),
  kWh: same("kWh"),
  kVA: same("kVA"),
  "kW/kVA": same("kW/kVA"),
  "kWh/km": same("kWh/km"),
  "kWh/year": { nl: "kWh/jaar", en: "kWh/year" },
  "km/year": { nl: "km/jaar", en: "km/year" },
  "h/year": { nl: "uur/jaar", en: "h/year" },
  "EUR/kWh": same("€/kWh"),
  "EUR/h": { nl: "€/uur", en: "€/h" },
  "EUR/year": { nl: "€/jaar", en: "€/year" },
  "EUR/kW/month": { nl: "€/kW per maand", en: "€/kW a month" },
  "EUR/MWh": same("€/MWh"),
  "EUR/MWh/GW": { nl: "€/MWh per GW", en: "€/MWh per GW" },
  "sessions/week": { nl: "per week", en: "a week" },
  "hybrids/car": { nl: "hybrides per auto", en: "hybrids per car" },
  "local hour": { nl: "uur", en: "h" },
  "of the mean": { nl: "van het gemiddelde", en: "of the mean" },
  h: { nl: "uur", en: "h" },
  homes: { nl: "woningen", en: "homes" },
  points: { nl: "laadpunten", en: "charge points" },
  streets: { nl: "straten", en: "streets" },
  times: { nl: "keer", en: "times" },
  years: { nl: "jaar", en: "years" },
  // What a date, a month or a year is counted in, its name says.
  date: same(""),
  month: same(""),
  year: same(""),
  "": same(""),
  share: same("%"),
  "%": same("%"),
};
const words = texts(units);

// unitName is a unit's name; one that is not known is its own.
export const unitName = (unit: string): string => (Object.hasOwn(units, unit) ? words(unit as keyof typeof units) : unit);
