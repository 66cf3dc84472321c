// What a reader does, as checks: each gets open(path, {width}), screenshot(page,
// name) and fails by throwing.

import assert from "node:assert/strict";

import { AxeBuilder } from "@axe-core/playwright";

export const checks = {};

const pages = ["map", "profiles", "lab", "method"];

// ready waits until a page has what it shows.
async function ready(page) {
  await page.waitForSelector("h1", { state: "visible" });
  await page.waitForLoadState("networkidle");
}

for (const name of pages) {
  for (const [size, width] of [
    ["wide", 1280],
    ["phone", 390],
  ]) {
    checks[`${name}, ${size}: both languages, light and dark, axe finds nothing`] = async ({ open, screenshot }) => {
      for (const [lang, theme] of [
        ["nl", "light"],
        ["en", "dark"],
      ]) {
        const page = await open(`/${name}?lang=${lang}&theme=${theme}`, { width, height: width === 390 ? 844 : 800 });
        await ready(page);
        assert.equal(await page.evaluate(() => document.documentElement.lang), lang);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(overflow <= 1, `the page is ${overflow} px wider than the window`);
        await screenshot(page, `${name}-${size}-${lang}-${theme}`, { fullPage: name !== "map" });
        const found = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]).analyze();
        assert.deepEqual(
          found.violations.map((v) => `${v.id}: ${v.help} (${v.nodes.map((n) => n.target.join(" ")).join("; ")})`),
          [],
        );
        await page.close();
      }
    };
  }
}
