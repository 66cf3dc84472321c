// Chargers and cars of several kinds: how many parts of them have each power or battery.

import type { Study } from "../lib/api";
import type { Settings } from "../lab/fields";
import { prefix } from "../lab/fields";

export interface Mix {
  key: string; // of the list of kinds
  shares: string; // of the list of their shares
  all: string; // what all have without a mix
  unit: string;
  usual: number[]; // kinds that are offered, beside those of the study
}

export const mixes: readonly Mix[] = [
  { key: "street.charger_kw", shares: "street.charger_shares", all: "charger.charge_kw", unit: "kW", usual: [3.7, 7.4, 11] },
  { key: "street.battery_kwh", shares: "street.battery_shares", all: "car.battery_kwh", unit: "kWh", usual: [40, 60, 80] },
];

// A kind, and how many parts of all have it.
export type Part = readonly [kind: number, parts: number];

const listOf = (study: Pick<Study, "assumptions">, key: string) =>
  (study.assumptions.find((a) => a.key === key)?.value ?? "")
    .replace(/^\[|\]$/g, "")
    .split(",")
    .filter((v) => v.trim() !== "")
    .map(Number);

// ofStudy is the study's own mix, in percents; empty: all are the same.
export function ofStudy(study: Pick<Study, "assumptions">, m: Mix): Part[] {
  const shares = listOf(study, m.shares);
  return listOf(study, m.key).map((kind, i) => [kind, Number((100 * (shares[i] ?? 0)).toFixed(2))]);
}

// In the address a mix is written by its parts, 3.7x20,7.4x30,11x50; without any: none.
const none = "none";
export const name = (m: Mix) => prefix + m.key;
export const toAddress = (parts: readonly Part[]) => (parts.length ? parts.map(([kind, n]) => `${kind}x${n}`).join(",") : none);

// homeCharger is the most that one at a home has: three phases of 32 A.
const homeCharger = 22;
const numberOf = (study: Pick<Study, "assumptions">, key: string) => Number(study.assumptions.find((a) => a.key === key)?.value ?? NaN);

// bounds are those of a kind: the assumption's, and of chargers what homes can have.
export function bounds(study: Pick<Study, "assumptions">, m: Mix): { least: number; most: number } {
  const a = study.assumptions.find((x) => x.key === m.key);
  const { least, most } = { least: a?.least ?? 0, most: a?.most ?? Infinity };
  const connection = numberOf(study, "home.connection_kw");
  const homes = numberOf(study, "home.load_kwh_per_year") > 0; // else a fleet behind one connection
  return { least, most: m.key === "street.charger_kw" && homes ? Math.min(most, Math.max(homeCharger, connection || 0)) : most };
}

// kinds are what the address says, within their bounds.
export function kinds(study: Pick<Study, "assumptions">, m: Mix, text: string): Part[] | undefined {
  const { least, most } = bounds(study, m);
  return fromAddress(text)?.every(([kind]) => kind >= least && kind <= most) ? fromAddress(text) : undefined;
}

export function fromAddress(text: string): Part[] | undefined {
  if (text === none) return [];
  const out: Part[] = [];
  for (const part of text.split(",")) {
    const m = /^(\d+(?:\.\d+)?)x(\d+(?:\.\d+)?)$/.exec(part);
    if (!m || Number(m[1]) === 0 || out.some(([kind]) => kind === Number(m[1]))) return undefined;
    out.push([Number(m[1]), Number(m[2])]);
  }
  return out.length <= 20 && out.some(([, n]) => n > 0) ? out : undefined;
}

// chosen is what the address says, or else the study.
export const chosen = (study: Pick<Study, "assumptions">, m: Mix, get: (name: string) => string): Part[] => kinds(study, m, get(name(m))) ?? ofStudy(study, m);

// change is what to write into the address.
export const change = (study: Pick<Study, "assumptions">, m: Mix, parts: readonly Part[]): Record<string, string | undefined> => {
  const text = toAddress(parts);
  return { [name(m)]: text === toAddress(ofStudy(study, m)) ? undefined : text };
};

// offered are the kinds to choose from.
export const offered = (study: Pick<Study, "assumptions">, m: Mix, parts: readonly Part[]): number[] =>
  [...new Set([...m.usual, ...ofStudy(study, m).map(([kind]) => kind), ...parts.map(([kind]) => kind)])].sort((a, b) => a - b);

// shares of the kinds add up to 1; the last has what rounding leaves.
export function shares(parts: readonly Part[]): [kind: number, share: number][] {
  const used = parts.filter(([, n]) => n > 0);
  const sum = used.reduce((s, [, n]) => s + n, 0);
  let left = 10000;
  return used.map(([kind, n], i) => {
    const share = i === used.length - 1 ? left : Math.round((10000 * n) / sum);
    left -= share;
    return [kind, share / 10000];
  });
}

// settings are what a street is asked with, where it differs from the study.
export function settings(study: Pick<Study, "assumptions">, get: (name: string) => string): Settings {
  const out: Settings = {};
  for (const m of mixes) {
    const parts = kinds(study, m, get(name(m)));
    if (!parts || toAddress(parts) === toAddress(ofStudy(study, m))) continue;
    const list = shares(parts);
    out[m.key] = list.map(([kind]) => kind);
    out[m.shares] = list.map(([, share]) => share);
  }
  return out;
}
