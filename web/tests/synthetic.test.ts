import { afterEach, describe, expect, it, vi } from "vitest";

// The words alone: no address bar.
vi.mock("../src/lib/address.svelte", () => ({ address: { get: () => null } }));

const { syntheticKinds, syntheticMark } = await import("../src/lib/synthetic.svelte");

afterEach(() => vi.unstubAllGlobals());

describe("what is synthetic", () => {
  it("is the year, or the inputs beside real ones", () => {
    for (const [language, kinds, mark, list] of [
      ["en", ["prices", "load", "solar", "sessions"], "Synthetic year", "prices, load, sun, sessions"],
      ["nl", ["prices", "load", "solar"], "Synthetisch jaar", "prijzen, verbruik, zon"],
      ["en", ["sessions"], "Synthetic: sessions", "sessions"],
      ["nl", ["load", "sessions"], "Synthetisch: verbruik, laadsessies", "verbruik, laadsessies"],
      ["en", [], "", ""],
    ] as const) {
      vi.stubGlobal("navigator", { language });
      const study = { synthetic_inputs: [...kinds] };
      expect(syntheticMark(study)).toBe(mark);
      expect(syntheticKinds(study)).toBe(list);
    }
  });
});
