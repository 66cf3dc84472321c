// A site of files: `getij site` writes what the API would answer, and says so in the page.
// What the page asks is then found in a file beside it, wherever the page lies.

export interface Site {
  result: string;
  shards: number;
  headline?: Record<string, string>;
  files: boolean;
  contract: string; // that stands where none is chosen
  lab: string; // the study’s own files, without which there is no laboratory; "" where there is one
  most_homes: number; // of a laboratory run
}

type Document = Pick<globalThis.Document, "querySelector" | "baseURI">;

// siteOf reads it from the page; undefined where a server answers.
export function siteOf(page: Document): Site | undefined {
  const text = page.querySelector('meta[name="getij-site"]')?.getAttribute("content");
  return text ? (JSON.parse(text) as Site) : undefined;
}

export const site = typeof document === "undefined" ? undefined : siteOf(document);

// beside is the address of a file of the site; fresh says of which site, so that none of
// before is taken from a cache.
export const beside = (file: string, base = document.baseURI): string => new URL(file.split("/").map(encodeURIComponent).join("/"), base).href;
export const fresh = (file: string, s: Site) => `${beside(file)}?v=${s.result}`;

// shard is the file that has the answer about a region: FNV-1a of its code, as Go has it.
export function shard(code: string, shards: number): number {
  let h = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(code)) h = Math.imul(h ^ byte, 0x01000193) >>> 0;
  return h % shards;
}

// A question to the API, as the page asks it.
export interface Question {
  path: string; // below /api/v1, without a query
  query: Record<string, string>;
}

// fileOf is the file that answers a question, and the name in it; undefined where none does.
export function fileOf({ path, query }: Question, s: Site): { file: string; key?: string } | undefined {
  const names = Object.keys(query);
  const parts = path.split("/").slice(1).map(decodeURIComponent);
  switch (parts[0]) {
    case "study":
      return { file: "data/study.json" };
    case "profiles":
      if (parts.length > 1) return undefined;
      return { file: query.contract ? `data/profiles/${query.contract}.json` : "data/profiles.json" };
    case "regions":
      if (parts.length > 1) return { file: `data/region/${shard(parts[1]!, s.shards)}.json`, key: parts[1]! };
      return { file: query.downTo ? `data/regions/${query.downTo}.json` : "data/regions.json" };
    case "points":
      return { file: `data/${parts.join("/")}` };
    case "population":
      return { file: `data/population/${query.contract}/${query.mode}/${query.year}/${query.season}.json` };
    case "headline": {
      const known = s.headline;
      return known && names.length === Object.keys(known).length && names.every((n) => known[n] === query[n]) ? { file: "data/headline.json" } : undefined;
    }
  }
  return undefined;
}
