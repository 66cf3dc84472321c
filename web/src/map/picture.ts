// The map as a picture that stands alone: what it shows in words above it, the legend and
// the sources below it. Always for paper: on a light ground.

export interface Picture {
  width: number; // px, of the map
  height: number;
  title: string;
  subtitle: string;
  shapes: { fill: string; line: string; color: string }[]; // color "hatch": no data
  borders: string[]; // path data of what lies around
  chosen: string[];
  circles: { x: number; y: number; r: number }[];
  labels: { x: number; y: number; text: string; strong: boolean }[];
  across: string; // over the map: what it is not
  legend: { color: string; text: string }[];
  sizes: { r: number; text: string }[]; // of circles
  remarks: string[]; // below: of the legend, then what is not real, then sources
}

const escape = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

// wrapped breaks a text into lines of about a width.
export function wrapped(text: string, width: number, size: number): string[] {
  const most = Math.max(10, Math.floor(width / (0.52 * size)));
  const out: string[] = [];
  for (const word of text.split(/ +/)) {
    const last = out.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most) out[out.length - 1] = `${last} ${word}`;
    else out.push(word);
  }
  return out;
}

const ink = "#17202c";
const soft = "#566172";

export function draw(p: Picture): { svg: string; width: number; height: number } {
  const edge = 20;
  const width = Math.max(p.width, 320) + 2 * edge;
  const inner = width - 2 * edge;
  const out: string[] = [];
  let y = edge;
  const text = (lines: string[], size: number, color: string, weight = 400) => {
    for (const l of lines) {
      y += size * 1.3;
      out.push(`<text x="${edge}" y="${y.toFixed(1)}" font-size="${size}" font-weight="${weight}" fill="${color}">${escape(l)}</text>`);
    }
  };
  text(wrapped(p.title, inner, 19), 18, ink, 600);
  text(wrapped(p.subtitle, inner, 13), 13, soft);
  y += 12;
  const top = y;
  out.push(`<svg x="${edge}" y="${top}" width="${p.width}" height="${p.height}" viewBox="0 0 ${p.width} ${p.height}" overflow="hidden">`);
  for (const s of p.shapes) out.push(`<path d="${s.fill}" fill="${s.color === "hatch" ? "url(#none)" : s.color}" fill-rule="evenodd"/>`);
  for (const s of p.shapes) out.push(`<path d="${s.line}" fill="none" stroke="#2a3748" stroke-opacity=".5" stroke-width=".4"/>`);
  for (const b of p.borders) out.push(`<path d="${b}" fill="none" stroke="${ink}" stroke-width=".8"/>`);
  for (const c of p.circles) out.push(`<circle cx="${c.x.toFixed(1)}" cy="${c.y.toFixed(1)}" r="${c.r.toFixed(1)}" fill="#1b4f9c" fill-opacity=".72" stroke="#fff" stroke-width=".8"/>`);
  for (const c of p.chosen) out.push(`<path d="${c}" fill="none" stroke="#fff" stroke-width="6" stroke-linejoin="round"/><path d="${c}" fill="none" stroke="${ink}" stroke-width="2.6" stroke-linejoin="round"/>`);
  for (const l of p.labels)
    out.push(`<text x="${l.x.toFixed(1)}" y="${(l.y + 4).toFixed(1)}" text-anchor="middle" font-size="12" font-weight="${l.strong ? 600 : 500}" fill="${ink}" stroke="#fff" stroke-width="3" stroke-linejoin="round" paint-order="stroke">${escape(l.text)}</text>`);
  if (p.across) out.push(`<text x="${p.width / 2}" y="${p.height / 2}" text-anchor="middle" font-size="20" font-weight="600" fill="${ink}" stroke="#fff" stroke-width="6" paint-order="stroke" transform="rotate(-14 ${p.width / 2} ${p.height / 2})">${escape(p.across)}</text>`);
  out.push("</svg>");
  y = top + p.height + 14;
  let x = edge;
  const room = (wide: number) => {
    if (x > edge && x + wide > edge + inner) {
      x = edge;
      y += 20;
    }
  };
  for (const l of p.legend) {
    const wide = 26 + 6.6 * l.text.length + 16;
    room(wide);
    out.push(`<rect x="${x}" y="${y}" width="20" height="12" fill="${l.color === "hatch" ? "url(#none)" : l.color}" stroke="#2a3748" stroke-opacity=".5" stroke-width=".5"/><text x="${x + 26}" y="${y + 10.5}" font-size="12" fill="${ink}">${escape(l.text)}</text>`);
    x += wide;
  }
  const high = Math.max(0, ...p.sizes.map((s) => s.r));
  for (const s of p.sizes) {
    const wide = 2 * s.r + 6 + 6.6 * s.text.length + 16;
    room(wide);
    out.push(`<circle cx="${x + s.r}" cy="${y + high}" r="${s.r.toFixed(1)}" fill="#1b4f9c" fill-opacity=".72"/><text x="${x + 2 * s.r + 6}" y="${y + high + 4}" font-size="12" fill="${ink}">${escape(s.text)}</text>`);
    x += wide;
  }
  y += Math.max(p.legend.length ? 14 : 0, 2 * high) + 4;
  for (const r of p.remarks) text(wrapped(r, inner, 11), 11, soft);
  const height = Math.ceil(y + edge);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Inter, Helvetica, Arial, sans-serif" role="img" aria-label="${escape(`${p.title}. ${p.subtitle}`)}"><defs><pattern id="none" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="#e9ecf0"/><path d="M0 0V6" stroke="#9aa5b4" stroke-width="2"/></pattern></defs><rect width="100%" height="100%" fill="#fff"/>${out.join("")}</svg>`;
  return { svg, width, height };
}
