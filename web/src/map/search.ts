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

// astray is how many letters a word differs from a name, or from the beginning of one:
// letters that are wrong, missing, too many or changed about; more than most is most + 1.
export function astray(word: string, name: string, most: number): number {
  const n = Math.min(name.length, word.length + most);
  let two: number[] = [];
  let one = Array.from({ length: n + 1 }, (_, j) => j);
  for (let i = 1; i <= word.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= n; j++) {
      let d = Math.min(one[j]! + 1, row[j - 1]! + 1, one[j - 1]! + (word[i - 1] === name[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && word[i - 1] === name[j - 2] && word[i - 2] === name[j - 1]) d = Math.min(d, two[j - 2]! + 1);
      row.push(d);
      least = Math.min(least, d);
    }
    if (least > most) return most + 1;
    two = one;
    one = row;
  }
  return Math.min(most + 1, ...one);
}

// forgiving lists the names that are spelled nearly so.
function forgiving(x: Index, want: string): { i: number; score: number }[] {
  const most = want.length < 4 ? 0 : want.length < 8 ? 1 : 2;
  if (!most) return [];
  const found: { i: number; score: number }[] = [];
  x.names.forEach((names, i) => {
    const d = Math.min(...names.split("|").map((name) => astray(want, name, most)));
    if (d <= most) found.push({ i, score: 100 * d + 10 * x.rank[i]! });
  });
  return found;
}

// find lists the best matches: a code, then whole names, beginnings, words and
// parts of names; each by level, then by name. Where there is none, names that are spelled
// nearly so.
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
  return (found.length ? found : forgiving(x, want))
    .sort((a, b) => a.score - b.score || x.names[a.i]!.length - x.names[b.i]!.length || (x.names[a.i]! < x.names[b.i]! ? -1 : 1))
    .slice(0, most)
    .map((f) => f.i);
}
