// What of a link's assumptions is not understood: it is told, and the study's value holds.

import type { Study } from "../lib/api";
import { kinds, mixes, name as nameOf, type Mix } from "../street/mixes";
import { fields, prefix, read, streetFields, type Field } from "./fields";

export interface Misread {
  name: string; // as the link has it
  text: string;
  field?: Field; // whose value does not fit; none: no assumption has this name
  mix?: Mix;
}

// misread are those of a link's parameters, of whichever page and contract.
export function misread(study: Study, parameters: [name: string, text: string][]): Misread[] {
  const all = new Map([...study.contracts.flatMap((c) => fields(study, c.name, true)), ...streetFields(study)].map((f) => [prefix + f.key, f]));
  return parameters.flatMap(([name, text]): Misread[] => {
    if (!name.startsWith(prefix)) return [];
    const mix = mixes.find((m) => nameOf(m) === name);
    if (mix) return kinds(study, mix, text) === undefined ? [{ name, text, mix }] : [];
    const field = all.get(name);
    if (!field) return [{ name, text }];
    return read(text, field) === undefined ? [{ name, text, field }] : [];
  });
}
