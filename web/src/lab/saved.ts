// Cases that a reader saved to see beside each other. They are in the address, so that a
// link keeps them; no server does.
//
//   saved=NAME*CONTRACT*KEY*VALUE*KEY*VALUE**NAME*CONTRACT
//
// with values as in a setting of the address. A name has no star.

import { equal, read as readValue, toAddress, type Field, type Settings } from "./fields";

export interface Saved {
  name: string;
  contract: string;
  parts: Record<string, string>; // settings as the address has them, by key
}

export const parameter = "saved";
export const mostSaved = 12;
const mostName = 60;

export const cleanName = (text: string) => text.replaceAll("*", "×").replace(/\s+/g, " ").trim().slice(0, mostName);

export const write = (cases: Saved[]): string | undefined =>
  cases.length ? cases.map((c) => [c.name, c.contract, ...Object.entries(c.parts).flat()].join("*")).join("**") : undefined;

// read takes what an address has; what is no case is left out.
export function read(text: string): Saved[] {
  const out: Saved[] = [];
  for (const one of text.split("**")) {
    const [name = "", contract = "", ...rest] = one.split("*");
    const clean = cleanName(name);
    if (!clean || !contract || rest.length % 2 || out.some((c) => c.name === clean) || out.length === mostSaved) continue;
    const parts: Record<string, string> = {};
    for (let i = 0; i < rest.length; i += 2) parts[rest[i]!] = rest[i + 1]!;
    out.push({ name: clean, contract, parts });
  }
  return out;
}

export const partsOf = (list: Field[], draft: Settings): Record<string, string> => Object.fromEntries(list.filter((f) => f.key in draft).map((f) => [f.key, toAddress(draft[f.key]!)]));

// settingsOf are a case's settings against the study, for fields of its contract.
export function settingsOf(list: Field[], parts: Record<string, string>): Settings {
  const out: Settings = {};
  for (const f of list) {
    const text = parts[f.key];
    const v = text === undefined ? undefined : readValue(text, f);
    if (v !== undefined && !equal(v, f.base)) out[f.key] = v;
  }
  return out;
}

// unread are what a case has that the study does not, or that has no value: its answer
// would be one to another question.
export const unread = (list: Field[], parts: Record<string, string>): string[] =>
  Object.keys(parts).filter((key) => {
    const f = list.find((x) => x.key === key);
    return !f || readValue(parts[key]!, f) === undefined;
  });

// freeName is a name that no case has yet.
export function freeName(wanted: string, cases: Saved[]): string {
  const base = cleanName(wanted);
  let name = base;
  for (let n = 2; cases.some((c) => c.name === name); n++) name = `${base} (${n})`;
  return name;
}
