// Reads tiles from a file of them (PMTiles, version 3) by parts, as the specification says:
// https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md. getij writes such files:
// vector tiles, all compressed with gzip.

// Parts gives bytes of a file.
export type Parts = (offset: number, length: number, signal?: AbortSignal) => Promise<ArrayBuffer>;

interface Entry {
  id: number;
  run: number; // of tiles that are alike; 0: a directory
  length: number;
  offset: number;
}

const firstRequest = 16384;

export class Tiles {
  #parts: Parts;
  #first: Promise<{ root: Entry[]; leaves: number; data: number }> | undefined;
  #leaves = new Map<number, Promise<Entry[]>>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  // tile is the tile's content; empty where there is none.
  async tile(z: number, x: number, y: number, signal?: AbortSignal): Promise<ArrayBuffer> {
    this.#first ??= this.#open().catch((e: unknown) => {
      this.#first = undefined; // asked for again by the next tile
      throw e;
    });
    const { root, leaves, data } = await this.#first;
    const id = numberOf(z, x, y);
    let entry = find(root, id);
    if (entry?.run === 0) entry = find(await this.#leaf(leaves + entry.offset, entry.length), id);
    if (!entry || entry.run === 0) return new ArrayBuffer(0);
    return unpacked(await this.#parts(data + entry.offset, entry.length, signal));
  }

  async #open() {
    const bytes = await this.#parts(0, firstRequest);
    const view = new DataView(bytes);
    if (new TextDecoder().decode(bytes.slice(0, 7)) !== "PMTiles" || view.getUint8(7) !== 3) throw new Error("this is no PMTiles file of version 3");
    const word = (n: number) => Number(view.getBigUint64(8 * n, true));
    return { root: directory(await unpacked(bytes.slice(word(1), word(1) + word(2)))), leaves: word(5), data: word(7) };
  }

  #leaf(offset: number, length: number): Promise<Entry[]> {
    let leaf = this.#leaves.get(offset);
    if (!leaf) {
      leaf = this.#parts(offset, length).then(unpacked).then(directory);
      this.#leaves.set(offset, leaf);
      leaf.catch(() => this.#leaves.delete(offset));
    }
    return leaf;
  }
}

const unpacked = (packed: ArrayBuffer): Promise<ArrayBuffer> => new Response(new Response(packed).body!.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();

// find is the last entry that does not begin after a tile, where it has that tile.
function find(entries: Entry[], id: number): Entry | undefined {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle]!.id <= id) low = middle + 1;
    else high = middle;
  }
  const entry = entries[low - 1];
  return entry && (entry.run === 0 || id < entry.id + entry.run) ? entry : undefined;
}

// directory reads the columns of a directory.
function directory(bytes: ArrayBuffer): Entry[] {
  const b = new Uint8Array(bytes);
  let at = 0;
  const next = () => {
    let v = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = b[at++];
      if (byte === undefined) throw new Error("a directory of the PMTiles file ends too soon");
      v += (byte & 127) * scale;
      if (byte < 128) return v;
    }
  };
  const count = next();
  if (count > b.length) throw new Error("a directory of the PMTiles file is not whole"); // an entry takes four bytes at the least
  const entries: Entry[] = Array.from({ length: count }, () => ({ id: 0, run: 0, length: 0, offset: 0 }));
  let id = 0;
  for (const e of entries) e.id = id += next();
  for (const e of entries) e.run = next();
  for (const e of entries) e.length = next();
  entries.forEach((e, i) => {
    const v = next();
    e.offset = v > 0 ? v - 1 : entries[i - 1]!.offset + entries[i - 1]!.length;
  });
  return entries;
}

// numberOf numbers tiles, zoom by zoom, along a Hilbert curve.
export function numberOf(z: number, x: number, y: number): number {
  let id = (4 ** z - 1) / 3;
  for (let s = 2 ** z / 2; s >= 1; s /= 2) {
    const right = x & s ? 1 : 0;
    const low = y & s ? 1 : 0;
    id += s * s * ((3 * right) ^ low);
    if (!low) {
      if (right) [x, y] = [s - 1 - x, s - 1 - y];
      [x, y] = [y, x];
    }
  }
  return id;
}
