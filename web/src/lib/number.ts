// number reads one of an address, within bounds; what is no such number gives the other.
export function number(text: string, otherwise: number, least: number, most: number): number {
  const v = text.trim() === "" ? NaN : Number(text);
  return Number.isFinite(v) && v >= least && v <= most ? v : otherwise;
}
