import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { unpack } from "../src/lib/lzma";

const packed = new Uint8Array(readFileSync("tests/fixtures/packed.lzma"));

// As internal/lzma/lzma_test.go makes it.
function sample(): Uint8Array {
  const text = readFileSync("../LICENSE");
  const out = [...text];
  for (let i = 0, x = 1; i < 3000; i++) {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    out.push(x >>> 24);
  }
  const end: number[] = [];
  for (let i = 0; i < 2000; i++) end.push(i % 7, (i >> 4) & 0xff);
  return Uint8Array.from(Buffer.concat([Buffer.from(out), Buffer.alloc(5 << 20), Buffer.from(end), text, Buffer.from(out.slice(0, 100))]));
}

test("what was packed is unpacked to the last byte", () => {
  expect(Buffer.compare(unpack(packed), sample())).toBe(0);
});

test("what was cut, went on or is another file is an error", () => {
  for (let n = 1; n < 10; n++) expect(() => unpack(packed.slice(0, -n)), `${n} bytes less`).toThrow(/packed program/);
  const more = Uint8Array.from([...packed, 0]);
  for (const wrong of [packed.slice(0, packed.length / 2), packed.slice(0, 10), more, new TextEncoder().encode("<!doctype html><title>404</title>")]) expect(() => unpack(wrong)).toThrow(/packed program/);
});

test("a byte changed on its way is an error", () => {
  for (let i = 0; i < packed.length; i += 97) {
    if (i > 0 && i < 5) continue; // how far copies reach, which the page does not ask
    const wrong = packed.slice();
    wrong[i]! ^= 1 << (i % 8);
    expect(() => unpack(wrong), `byte ${i}`).toThrow();
  }
});
