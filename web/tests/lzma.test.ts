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
  out.push(...new Uint8Array(1000));
  for (let i = 0; i < 2000; i++) out.push(i % 7, (i >> 4) & 0xff);
  return Uint8Array.from([...out, ...text, ...out.slice(0, 100)]);
}

test("what was packed is unpacked to the last byte", () => {
  expect(Buffer.compare(unpack(packed), sample())).toBe(0);
});

test("what was cut or changed on its way is an error", () => {
  for (const wrong of [packed.slice(0, packed.length / 2), packed.slice(0, 10), new TextEncoder().encode("<!doctype html><title>404</title>")]) expect(() => unpack(wrong)).toThrow(/packed program/);
});
