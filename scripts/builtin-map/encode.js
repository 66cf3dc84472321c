// The file format; internal/reference/regions/README.md describes it.
import { gzipSync } from 'node:zlib';

const MAGIC = 'getij-map-1\n';

export function encode(gemeenten) {
  const index = new Map();
  const xs = new Numbers();
  const ys = new Numbers();
  const shape = new Numbers();
  let last = [0, 0];
  const vertex = (p) => {
    const id = `${p[0]},${p[1]}`;
    const known = index.get(id);
    if (known !== undefined) return shape.unsigned(index.size - known);
    index.set(id, index.size);
    shape.unsigned(0);
    xs.signed(p[0] - last[0]);
    ys.signed(p[1] - last[1]);
    last = p;
  };
  for (const { wijken } of gemeenten) {
    shape.unsigned(wijken.length);
    for (const wijk of wijken) {
      shape.unsigned(wijk.length);
      for (const { urban, rings } of wijk) {
        shape.unsigned(Math.round(urban * 255));
        shape.unsigned(rings.length);
        for (const ring of rings) {
          shape.unsigned(ring.length);
          ring.forEach(vertex);
        }
      }
    }
  }
  const head = new Numbers();
  head.unsigned(gemeenten.length);
  head.unsigned(index.size);
  const body = [...head.bytes, ...xs.bytes, ...ys.bytes, ...shape.bytes];
  const zipped = gzipSync(Buffer.concat([Buffer.from(MAGIC), Buffer.from(body)]), { level: 9 });
  zipped[9] = 255; // the header's operating system: unknown, so the same everywhere
  return zipped;
}

// Variable-length integers, as Go's encoding/binary reads them.
class Numbers {
  bytes = [];

  unsigned(n) {
    for (; n >= 128; n = Math.floor(n / 128)) this.bytes.push((n % 128) + 128);
    this.bytes.push(n);
  }

  signed(n) {
    this.unsigned(n < 0 ? -2 * n - 1 : 2 * n);
  }
}
