// A region's mean day: its dwellings without cars, and with them.

import { mix, type Model } from "../lib/potential";

export interface Day {
  month: number;
  base: number[]; // kW by quarter of the day
  lines: { mode: string; values: number[] }[];
}

export function day(m: Model, adoption: number, dwellings: number, points: number, month: number, modes: readonly string[]): Day {
  const base = m.base[month]!.map((v) => dwellings * (v ?? 0));
  const lines = modes.flatMap((mode) => {
    const car = mix(m, mode, adoption)?.[month];
    return car ? [{ mode, values: base.map((b, q) => b + points * (car[q] ?? 0)) }] : [];
  });
  return { month, base, lines };
}

// between is the area between two curves where the sign of their difference is
// the given one; where they cross it is cut.
export function between(lower: readonly number[], upper: readonly number[], x: (i: number) => number, y: (v: number) => number, sign: 1 | -1): string {
  const put = (i: number, v: number) => `${x(i).toFixed(1)} ${y(v).toFixed(1)}`;
  let out = "";
  let there: string[] = [];
  let back: string[] = [];
  const close = () => {
    if (there.length > 1) out += `M${there.join("L")}L${back.reverse().join("L")}Z`;
    there = [];
    back = [];
  };
  for (let i = 0; i < lower.length; i++) {
    const d = sign * (upper[i]! - lower[i]!);
    if (i > 0) {
      const before = sign * (upper[i - 1]! - lower[i - 1]!);
      if (before * d < 0) {
        const at = before / (before - d);
        const v = upper[i - 1]! + at * (upper[i]! - upper[i - 1]!);
        there.push(put(i - 1 + at, v));
        back.push(put(i - 1 + at, v));
      }
    }
    if (d > 0) {
      there.push(put(i, upper[i]!));
      back.push(put(i, lower[i]!));
    } else close();
  }
  close();
  return out;
}
