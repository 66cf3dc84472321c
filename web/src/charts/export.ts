// Downloads. An SVG stands alone: computed styles become attributes, in the light
// colours whatever the page shows, with title, subtitle and source around it.

import { wrap } from "./scale";

const properties = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linejoin",
  "opacity",
  "font-size",
  "font-weight",
  "text-anchor",
  "paint-order",
  "shape-rendering",
] as const;
// What need not be said: the initial values.
const initial: Record<string, string> = {
  "fill-opacity": "1",
  stroke: "none",
  "stroke-width": "1px",
  "stroke-dasharray": "none",
  "stroke-linejoin": "miter",
  opacity: "1",
  "font-weight": "400",
  "text-anchor": "start",
  "paint-order": "normal",
  "shape-rendering": "auto",
};

export interface Words {
  title: string;
  subtitle?: string;
  desc?: string;
  source?: string;
}

const ns = "http://www.w3.org/2000/svg";
const family = "Inter, 'Helvetica Neue', Arial, sans-serif";

export function standalone(svg: SVGSVGElement, words: Words): { text: string; width: number; height: number } {
  const holder = document.createElement("div");
  // light-dark() in the tokens is resolved where it is used: here, light.
  holder.style.cssText = "position:absolute;left:-10000px;top:0;color-scheme:light";
  const copy = svg.cloneNode(true) as SVGSVGElement;
  copy.querySelectorAll(".no-export").forEach((e) => e.remove());
  holder.append(copy);
  document.body.append(holder);
  for (const element of copy.querySelectorAll<SVGElement>("*")) {
    const style = getComputedStyle(element);
    const isText = element.tagName === "text" || element.tagName === "tspan";
    for (const p of properties) {
      if ((p.startsWith("font") || p === "text-anchor") !== isText && (p.startsWith("font") || p === "text-anchor")) continue;
      const value = style.getPropertyValue(p);
      if (value && value !== initial[p]) element.setAttribute(p, value);
      else element.removeAttribute(p);
    }
    element.removeAttribute("class");
    element.removeAttribute("style");
  }
  holder.remove();

  const pad = 20;
  const w = Number(svg.getAttribute("width"));
  const h = Number(svg.getAttribute("height"));
  const out = document.createElementNS(ns, "svg");
  const add = (name: string, attributes: Record<string, string | number>, text?: string) => {
    const e = document.createElementNS(ns, name);
    for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, String(v));
    if (text !== undefined) e.textContent = text;
    out.append(e);
    return e;
  };
  add("title", {}, words.title);
  if (words.desc) add("desc", {}, words.desc);
  const sheet = add("rect", { width: w + 2 * pad, fill: "#ffffff" });
  let y = pad;
  const lines = (s: string | undefined, size: number, fill: string, bold = false) => {
    for (const l of s ? wrap(s, size, w, bold) : []) {
      add("text", { x: pad, y: y + size, fill, "font-size": size, ...(bold ? { "font-weight": 650 } : {}) }, l);
      y += size * 1.35;
    }
  };
  lines(words.title, 18, "#17202c", true);
  lines(words.subtitle, 13, "#566172");
  y += 10;
  const body = add("g", { transform: `translate(${pad} ${Math.round(y)})` });
  body.append(...copy.childNodes);
  y += h + 12;
  lines(words.source, 12, "#566172");
  y = Math.ceil(y + pad - 6);
  sheet.setAttribute("height", String(y));
  for (const [k, v] of Object.entries({ xmlns: ns, width: w + 2 * pad, height: y, viewBox: `0 0 ${w + 2 * pad} ${y}`, "font-family": family, role: "img" }))
    out.setAttribute(k, String(v));
  return { text: new XMLSerializer().serializeToString(out), width: w + 2 * pad, height: y };
}

// png paints a stand-alone SVG at twice its size.
export async function png(svg: { text: string; width: number; height: number }): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg.text], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = 2 * svg.width;
    canvas.height = 2 * svg.height;
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no canvas");
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => canvas.toBlob((b) => (b ? resolve(b) : reject(new Error("no PNG"))), "image/png"));
  } finally {
    URL.revokeObjectURL(url);
  }
}

export function save(content: Blob | string, name: string, type = "text/plain") {
  const blob = typeof content === "string" ? new Blob([content], { type }) : content;
  const url = URL.createObjectURL(blob);
  const a = document.createElement("a");
  a.href = url;
  a.download = name;
  a.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
