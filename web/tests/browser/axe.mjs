// What axe finds on a page against WCAG 2.1 A and AA: nothing.

import assert from "node:assert/strict";

import { AxeBuilder } from "@axe-core/playwright";

export async function accessible(page) {
  // No page has frames: one that had would need a second page to add up what axe finds in
  // each, which takes as long as looking. Of rules that find nothing no element is described.
  assert.equal(page.frames().length, 1, "axe looks in the page alone, not in its frames");
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
  const found = await axe.withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]).analyze();
  assert.ok(found.passes.length > 5, "axe looked at nothing");
  assert.deepEqual(
    found.violations.map((v) => `${v.id}: ${v.help} (${v.nodes.map((n) => n.target.join(" ")).join("; ")})`),
    [],
  );
}
