// What moves it most: every main assumption at a low and a high value, the others
// as they are, and what that does to the evening.

import { equal, type Field, type Settings, type Value } from "./fields";

export interface Try {
  field: Field;
  side: "low" | "high";
  value: Value;
}

// Larger cohorts say the same, slower.
export const tornadoHomes = 100;

// plan lists the runs. A switch and a choice have one other state; a value that is
// as it is already, or that the others rule out, is left out.
export function plan(fields: Field[], settings: Settings): Try[] {
  const now = (key: string) => settings[key] ?? fields.find((f) => f.key === key)?.base;
  const out: Try[] = [];
  for (const field of fields) {
    const value = now(field.key);
    const add = (side: "low" | "high", v: Value) => {
      if (value !== undefined && !equal(v, value)) out.push({ field, side, value: v });
    };
    if (field.tries) {
      let [low, high] = field.tries;
      if (field.key === "car.min_soc") high = Math.min(high, Number(now("car.departure_soc") ?? 1) - 0.05);
      if (field.key === "car.departure_soc") low = Math.max(low, Number(now("car.min_soc") ?? 0) + 0.05);
      low = Math.max(low, field.least);
      high = Math.min(high, field.most);
      if (low < Number(value)) add("low", low);
      if (high > Number(value)) add("high", high);
    } else if (field.name === "net_metering" || field.name === "energy_tax_refund_on_storage") {
      add(value === true ? "low" : "high", value !== true);
    } else if (field.kind === "choice" && field.name === "behaviour.plug_in") {
      add(value === "always" ? "low" : "high", value === "always" ? "when_needed" : "always");
    }
  }
  return out;
}

export interface Effect {
  field: Field;
  low?: { value: Value; kw: number };
  high?: { value: Value; kw: number };
}

// effects gathers results by assumption, the strongest first.
export function effects(done: { try: Try; kw: number }[], base: number): Effect[] {
  const byKey = new Map<string, Effect>();
  for (const d of done) {
    const e = byKey.get(d.try.field.key) ?? { field: d.try.field };
    e[d.try.side] = { value: d.try.value, kw: d.kw };
    byKey.set(d.try.field.key, e);
  }
  const size = (e: Effect) => Math.max(Math.abs((e.low?.kw ?? base) - base), Math.abs((e.high?.kw ?? base) - base));
  return [...byKey.values()].sort((a, b) => size(b) - size(a));
}
