import { describe, expect, it } from "vitest";

import { Result } from "../src/lib/result.svelte";

const answer = (tag?: string) => ({ headers: new Headers(tag ? { "Getij-Result": tag } : {}) });

describe("the result of a page", () => {
  it("is the first that the server names, and goes with every request", () => {
    const r = new Result();
    expect(r.headers()).toEqual({});
    r.hear(answer("one"));
    r.hear(answer("one"));
    r.hear(answer());
    expect(r.headers()).toEqual({ "Getij-Result": "one" });
    expect(r.replaced).toBe(false);
  });

  it("is replaced when an answer is about another, and stays what the page shows", () => {
    const r = new Result();
    r.hear(answer("one"));
    r.hear(answer("two"));
    expect(r.replaced).toBe(true);
    expect(r.headers()).toEqual({ "Getij-Result": "one" });
  });
});
