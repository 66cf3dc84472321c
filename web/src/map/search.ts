// Finding regions by name or code.

import type { Regions } from "../lib/api";

// plain is a text without capitals, accents and punctuation: "Súdwest-Fryslân" is
// found by "sudwest fryslan".
export const plain = (text: string) =>
  text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[’']/g, "")
    .replace(/[^a-z0-9]+/g, " ")
    .trim();

// What people call a place that is registered under another name.
const alias: Record<string, string> = { sgravenhage: "den haag", shertogenbosch: "den bosch" };

export interface Index {
  names: string[]; // plain, with what else a place is called behind a bar
  rank: number[]; // by level: gemeenten first, then from coarse to fine
}

export function index(r: Regions): Index {
  const gemeente = r.levels.indexOf("gemeente");
  return {
    names: r.name.map((name) => {
      const p = plain(name);
      const also = alias[p.replaceAll(" ", "")];
      return also ? `${p}|${also}` : p;
    }),
    rank: r.level.map((l) => (l === gemeente ? 0 : l + 1)),
  };
}

// find lists the best matches: a code, then whole names, beginnings, words and
// parts of names; each by level, then by name.
export function find(r: Regions, x: Index, text: string, most = 9): number[] {
  const want = plain(text);
  if (!want) return [];
  const code = text.trim().toUpperCase();
  const isCode = code.length > 2 && /\d/.test(code);
  const found: { i: number; score: number }[] = [];
  x.names.forEach((names, i) => {
    let score = 9;
    for (const name of names.split("|")) {
      const at = name.indexOf(want);
      if (at < 0) continue;
      score = Math.min(score, name === want ? 1 : at === 0 ? 2 : name[at - 1] === " " ? 3 : 4);
    }
    if (isCode && r.code[i]!.startsWith(code)) score = r.code[i] === code ? 0 : Math.min(score, 2);
    if (score < 9) found.push({ i, score: 100 * (score < 2 ? score : 2) + 10 * x.rank[i]! + score });
  });
  return found
    .sort((a, b) => a.score - b.score || x.names[a.i]!.length - x.names[b.i]!.length || (x.names[a.i]! < x.names[b.i]! ? -1 : 1))
    .slice(0, most)
    .map((f) => f.i);
}
