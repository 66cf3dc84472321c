// Finding regions by name or code.

import type { Regions } from "../lib/api";

// plain is a text without capitals and accents: "Súdwest-Fryslân" is found by
// "sudwest fryslan".
export const plain = (text: string) =>
  text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, " ")
    .trim();

export interface Index {
  name: string[];
  order: number[]; // coarse levels first
}

export const index = (r: Regions): Index => ({
  name: r.name.map(plain),
  order: r.code.map((_, i) => i),
});

// find lists the best matches: whole names, then beginnings, then words, each from
// coarse to fine; gemeenten before provincies, as that is what people look for.
export function find(r: Regions, x: Index, text: string, most = 8): number[] {
  const want = plain(text);
  if (!want) return [];
  const code = text.trim().toUpperCase();
  const gemeente = r.levels.indexOf("gemeente");
  const scored: [number, number][] = [];
  for (const i of x.order) {
    const name = x.name[i]!;
    let score: number;
    if (r.code[i] === code) score = 0;
    else if (name === want) score = 1;
    else if (name.startsWith(want)) score = 2;
    else if (name.includes(` ${want}`)) score = 3;
    else if (code.length > 3 && r.code[i]!.startsWith(code)) score = 4;
    else continue;
    const level = r.level[i] === gemeente ? -1 : r.level[i]!;
    scored.push([score * 100 + level * 10 + Math.min(9, name.length / 10), i]);
  }
  return scored
    .sort((a, b) => a[0] - b[0] || a[1] - b[1])
    .slice(0, most)
    .map(([, i]) => i);
}
