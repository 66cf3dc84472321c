// Tiles of a site of files, as MapLibre asks for them.

import type { AddProtocolAction } from "maplibre-gl";

import { Tiles, type Parts } from "./pmtiles";

// partsOf asks for parts of a file. From a server that answers with all of it whatever part
// is asked for, it takes that once.
function partsOf(url: string): Parts {
  let whole: Promise<ArrayBuffer> | undefined;
  return async (offset, length, signal) => {
    if (!whole) {
      const answer = await fetch(url, { headers: { Range: `bytes=${offset}-${offset + length - 1}` }, ...(signal ? { signal } : {}) });
      if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
      if (answer.status === 206) return answer.arrayBuffer();
      whole = answer.arrayBuffer();
      whole.catch(() => (whole = undefined));
    }
    return (await whole).slice(offset, offset + length);
  };
}

const files = new Map<string, Tiles>();

export const tile: AddProtocolAction = async ({ url }, stop) => {
  const [, file, ...place] = /^pmtiles:\/\/(.+)\/(\d+)\/(\d+)\/(\d+)$/.exec(url) ?? [];
  let tiles = files.get(file!);
  if (!tiles) files.set(file!, (tiles = new Tiles(partsOf(file!))));
  const [z, x, y] = place.map(Number) as [number, number, number];
  return { data: await tiles.tile(z, x, y, stop.signal) };
};
