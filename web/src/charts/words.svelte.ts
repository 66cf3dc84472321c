// Words that charts share.

import { common, number, texts } from "../lib/i18n.svelte";

export const chartWords = texts({
  kw: { nl: "kW per woning", en: "kW per home" },
  localTime: { nl: "lokale tijd (uur)", en: "local time (hour)" },
  evening: { nl: "17–21 u", en: "17–21 h" },
  household: { nl: "Huishouden", en: "Household" },
  time: { nl: "Tijd", en: "Time" },
  month: { nl: "Maand", en: "Month" },
  day: { nl: "Dag", en: "Day" },
  year: { nl: "Heel het jaar", en: "Whole year" },
  single: { nl: "Enkeltarief", en: "Single tariff" },
  dual: { nl: "Dubbeltarief", en: "Dual tariff" },
  dynamic: { nl: "Dynamisch", en: "Dynamic" },
  dynamic2027: { nl: "Dynamisch, regels vanaf 2027", en: "Dynamic, rules from 2027" },
  aSingle: { nl: "een enkeltarief", en: "a single tariff" },
  aDual: { nl: "een dubbeltarief", en: "a dual tariff" },
  aDynamic: { nl: "een dynamisch contract", en: "a dynamic contract" },
  aContract: { nl: "contract {name}", en: "contract {name}" },
});

// contractName is a contract as a reader knows it; a study's own names stay.
export const contractName = (name: string) =>
  name === "single" || name === "dual" || name === "dynamic" ? chartWords(name) : name === "dynamic_2027" ? chartWords("dynamic2027") : name;

export const aContract = (name: string) =>
  name === "single" ? chartWords("aSingle") : name === "dual" ? chartWords("aDual") : name === "dynamic" ? chartWords("aDynamic") : chartWords("aContract", { name });

export const signed = (v: number | null | undefined, decimals = 2): string => {
  const s = number(v, decimals);
  return typeof v === "number" && v > 0 && /[1-9]/.test(s) ? `+${s}` : /[1-9]/.test(s) ? s : s.replace("−", "");
};

// power says the sign of a car's power in words: "0,87 kW ontladen".
export function power(kw: number | null | undefined, decimals = 2): string {
  if (kw === null || kw === undefined || !Number.isFinite(kw)) return common("noData");
  const s = number(Math.abs(kw), decimals);
  if (!/[1-9]/.test(s)) return `${s} kW`;
  return `${s} kW ${common(kw > 0 ? "charging" : "discharging")}`;
}

const hints = texts({
  regular: { nl: "Laadt meteen bij aankomst, op vol vermogen", en: "Charges at once on arrival, at full power" },
  smart: { nl: "Laadt in de goedkoopste kwartieren", en: "Charges in the cheapest quarter-hours" },
  v2h: { nl: "Vehicle-to-home: mag ook ontladen voor de eigen woning", en: "Vehicle-to-home: may also discharge into its own home" },
  v2g: { nl: "Vehicle-to-grid: mag ontladen voor de woning en voor het net", en: "Vehicle-to-grid: may discharge into the home and into the grid" },
  single: { nl: "Eén prijs, altijd", en: "One price, always" },
  dual: { nl: "Een prijs overdag en een lagere ’s nachts en in het weekend", en: "A price by day and a lower one by night and in the weekend" },
  dynamic: { nl: "De prijs van de dag-vooruitmarkt, elk uur anders", en: "The day-ahead market’s price, another each hour" },
});

// hint says in a line what a way to charge or a kind of contract is.
export const hint = (name: string): { hint?: string } =>
  name === "regular" || name === "smart" || name === "v2h" || name === "v2g" || name === "single" || name === "dual" || name === "dynamic" ? { hint: hints(name) } : {};
