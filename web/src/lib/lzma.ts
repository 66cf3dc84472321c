// Unpacks what internal/lzma packs: the format .lzma, whose length is known and which has no
// context of the position.

const probBits = 11;
const probMove = 5;

// Where each kind of probability begins in one list of them.
const literal = 0;
const isMatch = literal + 8 * 0x300;
const isRep = isMatch + 12;
const isRep0 = isRep + 12;
const isRep1 = isRep0 + 12;
const isRep2 = isRep1 + 12;
const isRep0Long = isRep2 + 12;
const slots = isRep0Long + 12;
const special = slots + 4 * 64;
const align = special + 115;
const matchLength = align + 16;
const repLength = matchLength + 274; // 2 choices, 8 short lengths, 8 middle ones, 256 long ones
const probs = repLength + 274;

// unpack gives the bytes; it throws where they end too soon or were changed.
export function unpack(from: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = new DataView(from.buffer, from.byteOffset, from.byteLength);
  if (from.length < 18 || from[0] !== 3 || head.getUint32(9, true) !== 0 || from[13] !== 0) throw new Error("what came is no packed program: is kernel.wasm.lzma there, and is it sent as it is?");
  const out = new Uint8Array(head.getUint32(5, true));
  const p = new Uint16Array(probs).fill(1 << (probBits - 1));
  // In a typed array, as a variable that closures share would be a new object at each change.
  const r = Uint32Array.of(0xffffffff, head.getUint32(14)); // the range's width, and where in it the code lies
  let next = 18;
  let at = 0;

  const more = () => {
    r[0]! <<= 8;
    r[1] = (r[1]! << 8) | from[next++]!;
  };
  const bit = (i: number): number => {
    const v = p[i]!;
    const width = r[0]!;
    const bound = (width >>> probBits) * v;
    let b = 0;
    if (r[1]! < bound) {
      r[0] = bound;
      p[i] = v + (((1 << probBits) - v) >>> probMove);
    } else {
      r[1]! -= bound;
      r[0] = width - bound;
      p[i] = v - (v >>> probMove);
      b = 1;
    }
    if (r[0]! < 0x1000000) more();
    return b;
  };
  const tree = (i: number, n: number): number => {
    let v = 1;
    for (let k = 0; k < n; k++) v = (v << 1) | bit(i + v);
    return v - (1 << n);
  };
  const upwards = (i: number, n: number): number => {
    let v = 1;
    let sum = 0;
    for (let k = 0; k < n; k++) {
      const b = bit(i + v);
      v = (v << 1) | b;
      sum |= b << k;
    }
    return sum;
  };
  const direct = (n: number): number => {
    let sum = 0;
    for (; n > 0; n--) {
      const half = r[0]! >>> 1;
      r[0] = half;
      const b = r[1]! >= half ? 1 : 0;
      if (b) r[1]! -= half;
      sum = (sum << 1) | b;
      if (half < 0x1000000) more();
    }
    return sum;
  };
  const length = (i: number): number => {
    if (!bit(i)) return 2 + tree(i + 2, 3);
    return bit(i + 1) ? 18 + tree(i + 18, 8) : 10 + tree(i + 10, 3);
  };
  const distance = (n: number): number => {
    const slot = tree(slots + 64 * Math.min(n - 2, 3), 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const base = ((2 | (slot & 1)) << bits) >>> 0;
    if (slot < 14) return base + upwards(special + base - slot, bits);
    return base + direct(bits - 4) * 16 + upwards(align, 4);
  };

  let state = 0;
  let d0 = 0; // the last distances less one
  let d1 = 0;
  let d2 = 0;
  let d3 = 0;
  while (at < out.length) {
    if (next > from.length) throw new Error("kernel.wasm.lzma, the packed program, ends too soon: copy the site again");
    if (!bit(isMatch + state)) {
      const i = literal + 0x300 * (at > 0 ? out[at - 1]! >> 5 : 0);
      let v = 1;
      if (state >= 7) {
        let other = out[at - d0 - 1]!;
        while (v < 0x100) {
          const o = (other >> 7) & 1;
          other <<= 1;
          const b = bit(i + ((1 + o) << 8) + v);
          v = (v << 1) | b;
          if (b !== o) break;
        }
      }
      while (v < 0x100) v = (v << 1) | bit(i + v);
      out[at++] = v;
      state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
      continue;
    }
    let n = 1;
    if (!bit(isRep + state)) {
      d3 = d2;
      d2 = d1;
      d1 = d0;
      n = length(matchLength);
      d0 = distance(n);
      state = state < 7 ? 7 : 10;
    } else {
      let isLong = 1;
      if (!bit(isRep0 + state)) isLong = bit(isRep0Long + state);
      else if (!bit(isRep1 + state)) [d0, d1] = [d1, d0];
      else if (!bit(isRep2 + state)) [d0, d1, d2] = [d2, d0, d1];
      else [d0, d1, d2, d3] = [d3, d0, d1, d2];
      if (isLong) n = length(repLength);
      state = state < 7 ? 9 - isLong : 11;
    }
    if (d0 >= at || at + n > out.length) throw new Error("kernel.wasm.lzma, the packed program, was changed on its way: copy the site again");
    for (let k = 0; k < n; k++, at++) out[at] = out[at - d0 - 1]!;
  }
  if (next !== from.length || r[1] !== 0) throw new Error("kernel.wasm.lzma, the packed program, was changed on its way: copy the site again");
  return out;
}
