// The laboratory's controls: which assumptions can be changed, how far, and how
// they look in the address. Bounds, units and sources are the study's own.

import type { Assumption, Study } from "../lib/api";
import { site } from "../lib/site";

export type Value = number | boolean | string | number[];
export type Settings = Record<string, Value>;

export const groups = ["car", "charger", "home", "behaviour", "contract", "outlook", "cohort"] as const;
export type Group = (typeof groups)[number];

export interface Field {
  key: string; // as the server knows it
  name: string; // without the contract: names its label
  group: Group;
  kind: "number" | "switch" | "choice" | "tariff";
  base: Value; // of the study
  unit: string;
  scale: number; // shown = value x scale: shares are shown in %
  least: number; // that the server takes
  most: number;
  low: number; // of the slider
  high: number;
  step: number;
  description: string;
  descriptionNL: string;
  source: string;
  options?: string[]; // of a choice
  tries?: [number, number]; // low and high for what moves it most
}

type Known = Pick<Field, "group" | "kind"> & { low?: number; high?: number; step?: number; tries?: [number, number]; options?: string[] };

// What is worth a slider: ranges that a home may have, narrower than what the
// server takes. Numbers typed may go beyond.
const known: Record<string, Known> = {
  "car.battery_kwh": { group: "car", kind: "number", low: 20, high: 120, step: 1, tries: [50, 100] },
  "car.min_soc": { group: "car", kind: "number", low: 0, high: 0.6, step: 0.01, tries: [0, 0.3] },
  "car.departure_soc": { group: "car", kind: "number", low: 0.4, high: 1, step: 0.01, tries: [0.8, 1] },
  "car.km_per_year": { group: "car", kind: "number", low: 0, high: 40000, step: 250, tries: [11992, 25000] },
  "car.kwh_per_km": { group: "car", kind: "number", low: 0.1, high: 0.4, step: 0.01, tries: [0.15, 0.23] },
  "car.wear_eur_per_kwh": { group: "car", kind: "number", low: 0, high: 0.2, step: 0.005, tries: [0, 0.05] },
  "car.discharge_cap_kwh_per_year": { group: "car", kind: "number", low: 0, high: 5000, step: 100 },
  "car.discharge_cap_hours_per_year": { group: "car", kind: "number", low: 0, high: 1000, step: 10 },
  "charger.charge_kw": { group: "charger", kind: "number", low: 1.4, high: 22, step: 0.1, tries: [3.7, 22] },
  "charger.discharge_kw": { group: "charger", kind: "number", low: 0, high: 22, step: 0.1, tries: [3.7, 22] },
  "charger.round_trip_efficiency": { group: "charger", kind: "number", low: 0.5, high: 1, step: 0.01, tries: [0.75, 0.95] },
  "charger.idle_loss_kw": { group: "charger", kind: "number", low: 0, high: 0.3, step: 0.01, tries: [0, 0.3] },
  "home.load_kwh_per_year": { group: "home", kind: "number", low: 0, high: 8000, step: 100, tries: [2000, 6000] },
  "home.solar_kwh_per_year": { group: "home", kind: "number", low: 0, high: 8000, step: 100, tries: [0, 5000] },
  "home.connection_kw": { group: "home", kind: "number", low: 3, high: 40, step: 0.25, tries: [5.75, 24] },
  "behaviour.plug_in": { group: "behaviour", kind: "choice", options: ["when_needed", "always"] },
  "behaviour.sessions_per_week": { group: "behaviour", kind: "number", low: 0.5, high: 7, step: 0.1, tries: [2, 6] },
  "behaviour.plug_in_reward_eur_per_hour": { group: "behaviour", kind: "number", low: 0, high: 0.1, step: 0.005 },
  import_eur_per_kwh: { group: "contract", kind: "number", low: 0, high: 0.8, step: 0.005, tries: [0.2, 0.4] },
  high_eur_per_kwh: { group: "contract", kind: "number", low: 0, high: 0.8, step: 0.005, tries: [0.3, 0.45] },
  low_eur_per_kwh: { group: "contract", kind: "number", low: 0, high: 0.8, step: 0.005, tries: [0.15, 0.3] },
  low_from_hour: { group: "contract", kind: "number", low: 0, high: 23, step: 1 },
  low_to_hour: { group: "contract", kind: "number", low: 0, high: 24, step: 1 },
  preset: { group: "contract", kind: "choice", options: ["none", "network_cost_2025", "network_price_by_time", "network_price_by_power", "feed_in_tiers", "energy_tax_refund"] },
  supplier_fee_eur_per_kwh: { group: "contract", kind: "number", low: -0.05, high: 0.1, step: 0.001 },
  feed_in_cost_eur_per_kwh: { group: "contract", kind: "number", low: 0, high: 0.3, step: 0.005, tries: [0, 0.13] },
  energy_tax_eur_per_kwh: { group: "contract", kind: "number", low: 0, high: 0.3, step: 0.001, tries: [0, 0.2] },
  vat: { group: "contract", kind: "number", low: 0, high: 0.25, step: 0.01 },
  net_metering: { group: "contract", kind: "switch" },
  least_feed_in_share: { group: "contract", kind: "number", low: 0, high: 1, step: 0.05 },
  vat_on_export: { group: "contract", kind: "switch" },
  energy_tax_refund_on_storage: { group: "contract", kind: "switch" },
  grid_tariff_eur_per_kwh_by_hour: { group: "contract", kind: "tariff" },
  grid_tariff_weekend_eur_per_kwh_by_hour: { group: "contract", kind: "tariff" },
  grid_tariff_winter_eur_per_kwh_by_hour: { group: "contract", kind: "tariff" },
  grid_tariff_winter_weekend_eur_per_kwh_by_hour: { group: "contract", kind: "tariff" },
  grid_tariff_on_export: { group: "contract", kind: "switch" },
  power_tariff_eur_per_kw_month: { group: "contract", kind: "number", low: 0, high: 10, step: 0.1, tries: [0, 5] },
  "outlook.driveway_share_detached": { group: "outlook", kind: "number", low: 0, high: 1, step: 0.01 },
  "outlook.driveway_share_semi_detached": { group: "outlook", kind: "number", low: 0, high: 1, step: 0.01 },
  "outlook.driveway_share_terraced": { group: "outlook", kind: "number", low: 0, high: 1, step: 0.01 },
  "outlook.driveway_share_apartment": { group: "outlook", kind: "number", low: 0, high: 1, step: 0.01 },
  "outlook.home_share_cars": { group: "outlook", kind: "number", low: 0.1, high: 0.4, step: 0.005 },
  "outlook.home_share_vans": { group: "outlook", kind: "number", low: 0.01, high: 0.3, step: 0.005 },
  "outlook.drivers_charging_at_home_2024": { group: "outlook", kind: "number", low: 0.3, high: 1, step: 0.01 },
  "outlook.hybrids_per_electric_car": { group: "outlook", kind: "number", low: 0, high: 1, step: 0.01 },
  "outlook.second_point_share": { group: "outlook", kind: "number", low: 0, high: 0.5, step: 0.01 },
  "outlook.home_charging_share": { group: "outlook", kind: "number", low: 0.5, high: 1, step: 0.01 },
  homes: { group: "cohort", kind: "number", low: 10, high: 1000, step: 10 },
  seed: { group: "cohort", kind: "number", low: 1, high: 20, step: 1 },
};

// The street's, on a page of their own.
const knownOfStreets: Record<string, Known> = {
  "street.homes": { group: "home", kind: "number", low: 5, high: 200, step: 1 },
  "street.charge_point_share": { group: "home", kind: "number", low: 0, high: 1, step: 0.01 },
  "street.solar_share": { group: "home", kind: "number", low: 0, high: 1, step: 0.01 },
  "street.heat_pump_share": { group: "home", kind: "number", low: 0, high: 1, step: 0.01 },
  "street.capacity_kva": { group: "home", kind: "number", low: 0, high: 630, step: 10 },
  "street.capacity_kw_per_home": { group: "home", kind: "number", low: 0.5, high: 5, step: 0.1 },
};

const contractName = (key: string) => /^contracts\.(.+)\.([^.]+)$/.exec(key);

type Fielded = Pick<Study, "assumptions" | "lab" | "contracts" | "levels">;

// fields are the controls for one contract of the study.
export function fields(study: Fielded, contract: string, served = !site): Field[] {
  // Without regions, or with charge points of a file, the outlook moves nothing; a site of
  // files cannot compute it.
  const outlook = served && study.levels.length > 0 && study.assumptions.some((a) => a.key === "outlook.charge_points" && a.value === "model");
  const assumptions = study.assumptions.filter((a) => outlook || !a.key.startsWith("outlook."));
  // A fee of 0 is left out of the study's own list, yet it can be set.
  const fee = `contracts.${contract}.supplier_fee_eur_per_kwh`;
  const dynamic = study.contracts.some((c) => c.name === contract && c.kind === "dynamic");
  if (dynamic && !assumptions.some((a) => a.key === fee)) {
    const at = assumptions.findIndex((a) => a.key.startsWith(`contracts.${contract}.`));
    assumptions.splice(Math.max(0, at), 0, { key: fee, value: "0", default: "0", unit: "EUR/kWh", description: "supplier's fee on top of the day-ahead price", description_nl: "opslag van de leverancier boven op de day-aheadprijs", source: "assumption: none", least: -10, most: 10 });
  }
  const out: Field[] = [];
  for (const a of assumptions) {
    const m = contractName(a.key);
    if (m && m[1] !== contract) continue;
    const name = m ? m[2]! : a.key;
    const k = known[name];
    if (k) out.push(field(a, name, k, study.lab.most_homes));
  }
  const order = Object.keys(known);
  return out.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}

// streetFields are the controls of a street.
export function streetFields(study: Pick<Study, "assumptions" | "lab">): Field[] {
  return Object.entries(knownOfStreets).flatMap(([key, k]) => {
    const a = study.assumptions.find((x) => x.key === key);
    return a ? [field(a, key, k, study.lab.most_street_homes)] : [];
  });
}

function field(a: Assumption, name: string, k: Known, mostHomes: number): Field {
  const share = a.unit === "share";
  const base = parse(a.value, k.kind) ?? (k.kind === "number" ? 0 : "");
  const most = name.endsWith("homes") ? Math.min(mostHomes, a.most ?? mostHomes) : Math.min(a.most ?? Infinity, Number.MAX_SAFE_INTEGER);
  const n = typeof base === "number" ? base : 0;
  return {
    key: a.key,
    name,
    group: k.group,
    kind: k.kind,
    base,
    unit: share ? "%" : a.unit,
    scale: share ? 100 : 1,
    least: a.least ?? -Infinity,
    most,
    low: Math.max(Math.min(k.low ?? 0, n), a.least ?? -Infinity),
    high: Math.min(Math.max(k.high ?? 1, n), most),
    step: k.step ?? 1,
    description: a.description,
    descriptionNL: a.description_nl,
    source: a.source,
    ...(k.tries ? { tries: k.tries } : {}),
    ...(k.options ? { options: k.options } : {}),
  };
}

// parse reads a value as the study writes it.
export function parse(text: string, kind: Field["kind"]): Value | undefined {
  switch (kind) {
    case "number": {
      const v = Number(text);
      return text.trim() === "" || !Number.isFinite(v) ? undefined : v;
    }
    case "switch":
      return text === "true" ? true : text === "false" ? false : undefined;
    case "choice":
      return /^[a-z0-9_]+$/.test(text) ? text : undefined;
    case "tariff": {
      const list = text.replace(/^\[|\]$/g, "").trim();
      if (list === "") return [];
      const values = list.split(",").map(Number);
      return values.length === 24 && values.every(Number.isFinite) ? values : undefined;
    }
  }
}

export const equal = (a: Value, b: Value) => JSON.stringify(a) === JSON.stringify(b);

// In the address a setting is "x.KEY"; a tariff is written in runs: 0x17,0.1x4,0x3.
export const prefix = "x.";

export function toAddress(v: Value): string {
  if (!Array.isArray(v)) return String(v);
  if (v.length === 0) return "none";
  const runs: [number, number][] = [];
  for (const x of v) {
    const last = runs.at(-1);
    if (last && last[0] === x) last[1]++;
    else runs.push([x, 1]);
  }
  return runs.map(([x, n]) => `${x}x${n}`).join(",");
}

export function fromAddress(text: string, f: Field): Value | undefined {
  if (f.kind !== "tariff") return parse(text, f.kind);
  if (text === "none") return [];
  const out: number[] = [];
  for (const run of text.split(",")) {
    const m = /^(-?[\d.]+)x(\d{1,2})$/.exec(run);
    if (!m || !Number.isFinite(Number(m[1]))) return undefined;
    for (let i = 0; i < Number(m[2]); i++) out.push(Number(m[1]));
  }
  return out.length === 24 ? out : undefined;
}

// read is a text of the address within what the assumption takes.
export function read(text: string, f: Field): Value | undefined {
  const v = fromAddress(text, f);
  const within = (x: unknown) => typeof x !== "number" || (x >= f.least && x <= f.most);
  if (v === undefined || !(Array.isArray(v) ? v.every(within) : within(v))) return undefined;
  return f.kind === "choice" && f.options && v !== f.base && !f.options.includes(v as string) ? undefined : v;
}

// settings are what the address changes: only what differs from the study. What it does not
// understand is the study's, and misread tells of it.
export function settings(list: Field[], get: (name: string) => string): Settings {
  const out: Settings = {};
  for (const f of list) {
    const text = get(prefix + f.key);
    if (text === "") continue;
    const v = read(text, f);
    if (v !== undefined && !equal(v, f.base)) out[f.key] = v;
  }
  return out;
}

// notOfSite are those of the address that a site of files cannot compute.
export function notOfSite(study: Fielded, contract: string, get: (name: string) => string, served = !site): { list: Field[]; assumed: Settings } {
  const here = served ? [] : fields(study, contract, served).map((f) => f.key);
  const list = served ? [] : fields(study, contract, true).filter((f) => !here.includes(f.key));
  return { list, assumed: settings(list, get) };
}

// Of the outlook are those that make charge points, of homes those that make their power;
// one makes both.
const both = "outlook.home_charging_share";
const only = (s: Settings, keep: (key: string) => boolean): Settings => Object.fromEntries(Object.entries(s).filter(([key]) => keep(key)));
export const ofOutlook = (s: Settings) => only(s, (key) => key.startsWith("outlook."));
export const ofHomes = (s: Settings) => only(s, (key) => !key.startsWith("outlook.") || key === both);

// change is what to write into the address for one setting.
export const change = (f: Field, v: Value): Record<string, string | undefined> => ({ [prefix + f.key]: equal(v, f.base) ? undefined : toAddress(v) });

// A tariff of two prices: one in a window of hours, another outside it.
export interface TwoPrices {
  outside: number;
  inside: number;
  from: number;
  to: number; // 1..24; at or below from it runs past midnight
}

export const spreadPrices = (p: TwoPrices): number[] => {
  const inWindow = (h: number) => (p.from < p.to ? h >= p.from && h < p.to : h >= p.from || h < p.to);
  const values = Array.from({ length: 24 }, (_, h) => (inWindow(h) ? p.inside : p.outside));
  return values.every((v) => v === 0) ? [] : values;
};

// twoPrices reads a tariff back; undefined when it has more than one window.
export function twoPrices(values: readonly number[]): TwoPrices | undefined {
  if (values.length !== 24) return { outside: 0, inside: 0, from: 17, to: 21 };
  const changes = values.flatMap((v, h) => (v !== values[(h + 23) % 24] ? [h] : []));
  if (changes.length === 0) return { outside: values[0]!, inside: values[0]!, from: 17, to: 21 };
  if (changes.length !== 2) return undefined;
  const [a, b] = changes as [number, number];
  const p = { outside: values[b]!, inside: values[a]!, from: a, to: b };
  // The dearer price is the window's.
  if (p.inside >= p.outside) return p;
  return { outside: p.inside, inside: p.outside, from: b, to: a === 0 ? 24 : a };
}
