// What the profiles say: the hours, the extremes, what pays. Pure, so that the
// sentences that pages open with can be tested.

import type { CaseSummary, Months } from "../lib/api";

export interface Cell {
  month: number;
  quarter: number;
  kw: number;
}

// extremes are the strongest charging and feeding in, where there is any that does
// not round to 0.
export function extremes(kw: Months): Cell[] {
  let most: Cell = { month: 0, quarter: 0, kw: 0 };
  let least = most;
  kw.forEach((row, month) =>
    row.forEach((v, quarter) => {
      if (v === null) return;
      if (v > most.kw) most = { month, quarter, kw: v };
      if (v < least.kw) least = { month, quarter, kw: v };
    }),
  );
  return [most, least].filter((c) => Math.abs(c.kw) >= 0.005);
}

export const daysIn = (year: number, month: number) => new Date(Date.UTC(year, month + 1, 0)).getUTCDate();

// meanDay is the mean day of the year: months weigh by their days.
export function meanDay(kw: Months, year: number): number[] {
  const total = kw.reduce((s, _, m) => s + daysIn(year, m), 0);
  return Array.from({ length: 96 }, (_, q) => kw.reduce((s, row, m) => s + daysIn(year, m) * (row[q] ?? 0), 0) / total);
}

export interface Window {
  from: number; // hour
  to: number; // hour, up to 24; below from when it runs past midnight
  kw: number; // mean in the window, without sign
}

// window is when it mainly happens: the strongest hour of the mean day and its
// neighbours with at least half of that. Powers below 0.05 kW do not count.
export function window(day: number[], sign: 1 | -1): Window | null {
  const hours = Array.from({ length: 24 }, (_, h) => Math.max(0, (sign * (day[4 * h]! + day[4 * h + 1]! + day[4 * h + 2]! + day[4 * h + 3]!)) / 4));
  const top = Math.max(...hours);
  if (top < 0.05) return null;
  const peak = hours.indexOf(top);
  const enough = (h: number) => hours[(h + 24) % 24]! >= top / 2;
  let from = peak;
  let to = peak + 1;
  while (to - from < 24 && enough(from - 1)) from--;
  while (to - from < 24 && enough(to)) to++;
  let sum = 0;
  for (let h = from; h < to; h++) sum += hours[(h + 24) % 24]!;
  const kw = sum / (to - from);
  return { from: (from + 24) % 24, to: to > 24 ? to - 24 : to, kw };
}

export const clockHour = (h: number) => `${String(h).padStart(2, "0")}:00`;

export interface When {
  charge: Window | null;
  feed: Window | null;
  strongest: Cell | null; // the deepest feeding in, else the strongest charging
}

export function when(kw: Months, year: number): When {
  const day = meanDay(kw, year);
  const cells = extremes(kw);
  return { charge: window(day, 1), feed: window(day, -1), strongest: cells.find((c) => c.kw < -0.05) ?? cells.find((c) => c.kw > 0) ?? null };
}

export interface Names {
  mode: string;
  modeName: string;
  contract: string; // as in "a dynamic contract"
  month: (m: number) => string;
  number: (v: number, decimals: number) => string;
  clock: (quarter: number) => string;
}

// whenSentence answers "when?".
export function whenSentence(w: When, n: Names, language: "nl" | "en"): string {
  const nl = language === "nl";
  const span = (x: Window) => (nl ? `tussen ${clockHour(x.from)} en ${clockHour(x.to)}` : `between ${clockHour(x.from)} and ${clockHour(x.to)}`);
  const kind = n.mode === "regular" || n.mode === "smart" ? n.modeName.toLowerCase() : n.modeName;
  const head = nl ? `Met ${kind} en ${n.contract}` : `With ${n.mode === "regular" || n.mode === "smart" ? `${kind} charging` : kind} and ${n.contract}`;
  if (!w.charge) return nl ? `${head} laadt een auto niet.` : `${head} a car does not charge.`;
  let s = nl ? `${head} laadt een auto vooral ${span(w.charge)}` : `${head} a car mostly charges ${span(w.charge)}`;
  const own = n.mode === "v2h";
  if (w.feed) s += nl ? ` en ${own ? "voedt hij de eigen woning vooral" : "levert hij vooral terug"} ${span(w.feed)}` : ` and mostly ${own ? "feeds its own home" : "feeds in"} ${span(w.feed)}`;
  else if (n.mode === "v2g") s += nl ? " en levert hij vrijwel niets terug: daarvoor verschillen de prijzen te weinig" : " and feeds in next to nothing: prices differ too little for that";
  s += ".";
  const c = w.strongest;
  if (c) {
    const kw = n.number(Math.abs(c.kw), 1);
    const what = c.kw > 0 ? (nl ? "Het meest neemt hij af" : "It takes most") : own ? (nl ? "Het meest voedt hij de woning" : "It feeds the home most") : nl ? "Het meest levert hij terug" : "It feeds in most";
    s += nl ? ` ${what} in ${n.month(c.month)} rond ${n.clock(c.quarter)}: gemiddeld ${kw} kW per woning.` : ` ${what} in ${n.month(c.month)} around ${n.clock(c.quarter)}: ${kw} kW per home on average.`;
  }
  return s;
}

export interface Pays {
  contract: string;
  extra: number; // EUR a year that V2G saves over smart charging
  saving: number | null; // over regular charging
  eveningKW: number;
}

// v2gPays tells per contract what discharging to the grid adds to smart charging.
export function v2gPays(cases: readonly CaseSummary[]): Pays[] {
  return cases
    .filter((c) => c.mode === "v2g")
    .flatMap((c) => {
      const smart = cases.find((s) => s.contract === c.contract && s.mode === "smart");
      return smart ? [{ contract: c.contract, extra: smart.energy_cost_eur - c.energy_cost_eur, saving: c.saving_vs_regular_eur, eveningKW: c.evening_mean_kw }] : [];
    });
}

// Less than this a year is not worth a word.
export const worthEUR = 10;

export function paysSentence(pays: Pays[], name: (contract: string) => string, number: (v: number, decimals: number) => string, language: "nl" | "en"): string {
  const nl = language === "nl";
  const yes = pays.filter((p) => p.extra >= worthEUR);
  const no = pays.filter((p) => p.extra < worthEUR);
  const list = (ps: Pays[]) => {
    const names = ps.map((p) => name(p.contract));
    return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} ${nl ? "en" : "and"} ${names.at(-1)}`;
  };
  const out: string[] = [];
  for (const p of yes) {
    const kw = number(Math.abs(p.eveningKW), 2);
    const evening = p.eveningKW < 0 ? (nl ? `een woning levert dan van 17 tot 21 uur gemiddeld ${kw} kW terug` : `a home then feeds in ${kw} kW on average from 17 to 21 h`) : nl ? `een woning neemt dan van 17 tot 21 uur nog gemiddeld ${kw} kW af` : `a home then still takes ${kw} kW on average from 17 to 21 h`;
    out.push(
      nl
        ? `V2G loont bij ${name(p.contract)}: € ${number(p.extra, 0)} per woning per jaar meer dan slim laden; ${evening}.`
        : `V2G pays with ${name(p.contract)}: €${number(p.extra, 0)} per home and year more than smart charging; ${evening}.`,
    );
  }
  if (no.length) {
    const most = number(Math.max(0, ...no.map((p) => p.extra)), 0);
    out.push(
      nl
        ? `Bij ${list(no)} voegt V2G vrijwel niets toe (hooguit € ${most} per jaar): wat een uur later meer waard is, gaat verloren bij laden en ontladen.`
        : `With ${list(no)} V2G adds next to nothing (€${most} a year at most): what energy gains in value is lost in charging and discharging.`,
    );
  }
  return out.join(" ");
}
