// Amounts in the unit that suits them. Numbers come from the page's language.

// A number and its unit stay on one line.
const nb = "\u00a0";

export interface Say {
  number: (v: number, decimals?: number) => string;
  million: string; // the word
}

// decimalsFor are those that show a number of significant digits.
export const decimalsFor = (v: number, digits: number) => (v === 0 || !Number.isFinite(v) ? 0 : Math.min(6, Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(v)) + 1e-12))));

// significant writes v in a number of significant digits: 4,5 and 0,050, 1.600.
export function significant(v: number, digits: number, say: Say): string {
  if (!Number.isFinite(v)) return "–";
  const rounded = Number(v.toPrecision(digits));
  return say.number(rounded, decimalsFor(rounded, digits));
}

// watt writes a power that is given in kW as kW, MW or GW.
export function watt(kw: number, digits: number, say: Say): string {
  const size = Math.abs(Number(kw.toPrecision(digits)));
  if (size >= 1e6) return `${significant(kw / 1e6, digits, say)}${nb}GW`;
  if (size >= 1e3) return `${significant(kw / 1e3, digits, say)}${nb}MW`;
  return `${significant(kw, digits, say)}${nb}kW`;
}

export const percentage = (share: number, digits: number, say: Say) => `${significant(100 * share, digits, say)}${nb}%`;

// count writes a number of things as one reads it in a sentence.
export function count(n: number, say: Say): string {
  if (n >= 999_500) return `${significant(n / 1e6, 3, say)}${nb}${say.million}`;
  if (n >= 1000) return significant(n, 3, say);
  return say.number(Math.round(n), 0);
}

// band writes the ends of a spread in as many decimals as tell them apart, in one
// unit.
export function band(low: number, high: number, say: Say): string {
  const [by, unit] = high >= 1e6 ? [1e6, "GW"] : high >= 1e3 ? [1e3, "MW"] : [1, "kW"];
  const width = (high - low) / by;
  const decimals = width > 0 ? Math.min(3, Math.max(0, 1 - Math.floor(Math.log10(width)))) : 0;
  return `${say.number(low / by, decimals)} – ${say.number(high / by, decimals)}${nb}${unit}`;
}
