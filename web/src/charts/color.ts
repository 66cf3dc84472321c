// The diverging scale for power: ColorBrewer's RdBu, of equal lightness on both
// sides and safe for colour-blind readers. The same in light and dark, and in the
// report: a cell's colour is data, not decoration.

const feedingIn = ["#f7f7f7", "#d1e5f0", "#92c5de", "#4393c3", "#2166ac", "#053061"];
const charging = ["#f7f7f7", "#fddbc7", "#f4a582", "#d6604d", "#b2182b", "#67001f"];

const rgb = (c: string) => [1, 3, 5].map((i) => parseInt(c.slice(i, i + 2), 16));

function along(share: number, stops: string[]): string {
  const at = Math.min(Math.max(share, 0), 1) * (stops.length - 1);
  const i = Math.min(Math.floor(at), stops.length - 2);
  const a = rgb(stops[i]!);
  const b = rgb(stops[i + 1]!);
  return "#" + a.map((v, k) => Math.round(v + (b[k]! - v) * (at - i)).toString(16).padStart(2, "0")).join("");
}

// diverging is the colour of a share of the scale: -1 the strongest feeding in, 0
// neutral, 1 the strongest charging.
export const diverging = (share: number) => (share < 0 ? along(-share, feedingIn) : along(share, charging));

// cellColor is the colour of a power, in 64 steps to either side.
export const cellColor = (kw: number, limit: number) => diverging(Math.round((kw / limit) * 64) / 64);

// A dark cell needs a light mark on it.
export const isDark = (kw: number, limit: number) => Math.abs(kw / limit) > 0.55;

// limit is the end of a scale that is symmetric round 0 and fits all tables.
export function limit(tables: readonly (readonly (readonly (number | null)[])[])[], ceil: (v: number) => number): number {
  let most = 0;
  for (const table of tables) for (const row of table) for (const v of row) if (v !== null && Number.isFinite(v)) most = Math.max(most, Math.abs(v));
  return most > 0 ? ceil(most) : 1;
}
