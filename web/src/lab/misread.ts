// What of a link is not understood: it is told, and the study's value holds.

import { number } from "../lib/number";
import type { Study } from "../lib/api";
import { drawn } from "../map/levels";
import { measures } from "../map/measures";
import { rulesOf, shows } from "../map/view";
import { kinds, mixes, name as nameOf, type Mix } from "../street/mixes";
import { fields, prefix, read, streetFields, type Field } from "./fields";

export interface Misread {
  name: string; // as the link has it
  text: string;
  field?: Field; // whose value does not fit; none: no assumption has this name
  mix?: Mix;
  among?: string[]; // of a choice that pages share
  within?: [least: number, most: number];
  unknown?: string[]; // regions that the study does not have
}

// choices that links have beside assumptions, of whichever page.
const choices = (study: Study): Record<string, string[]> => ({
  contract: study.contracts.map((c) => c.name),
  mode: study.modes,
  scenario: study.scenarios,
  season: study.seasons.map((s) => s.season),
  kw: rulesOf(study),
  measure: measures.filter((m) => m !== "own" || study.population),
  level: ["auto", ...(drawn(study).length ? drawn(study) : study.levels.map((l) => l.level))],
  show: [...shows],
  division: ["quantile", "equal"],
  standards: ["true", "false"],
  lang: ["nl", "en"],
  theme: ["light", "dark"],
});

const ranges = (study: Study): Record<string, [number, number]> => ({ year: [study.first_year, study.last_year], adoption: [0, 100], classes: [4, 7], quarter: [0, 95], month: [1, 12] });

// of is what a table has by a name, which any link can give: not what every object has.
const of = <T>(table: Record<string, T>, name: string): T | undefined => (Object.hasOwn(table, name) ? table[name] : undefined);

// misread are those of a link's parameters, of whichever page and contract. Which regions
// there are is known once all are loaded, as they are for a code that is not among the first.
export function misread(study: Study, parameters: [name: string, text: string][], regions?: readonly string[]): Misread[] {
  const all = new Map([...study.contracts.flatMap((c) => fields(study, c.name, true)), ...streetFields(study)].map((f) => [prefix + f.key, f]));
  return parameters.flatMap(([name, text]): Misread[] => {
    const among = of(choices(study), name);
    if (among) return among.includes(text) ? [] : [{ name, text, among }];
    const within = of(ranges(study), name);
    if (within) return Number.isFinite(number(text, NaN, ...within)) ? [] : [{ name, text, within }];
    if (name === "region" || name === "compare") {
      const unknown = text.split(",").filter((code) => code && regions && !regions.includes(code));
      return unknown.length ? [{ name, text, unknown }] : [];
    }
    if (!name.startsWith(prefix)) return [];
    const mix = mixes.find((m) => nameOf(m) === name);
    if (mix) return kinds(study, mix, text) === undefined ? [{ name, text, mix }] : [];
    const field = all.get(name);
    if (!field) return [{ name, text }];
    return read(text, field) === undefined ? [{ name, text, field }] : [];
  });
}
