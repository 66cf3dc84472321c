// The page of a street, as a reader uses it.

import assert from "node:assert/strict";

import { accessible } from "./axe.mjs";

const plain = (text) => text.replaceAll(/[\u00a0\u202f]/g, " ");
const verdict = async (page) => plain(await page.locator("h1").innerText());

// computed waits until a street is shown that is the one asked for.
async function computed(page) {
  await page.locator("section[aria-busy=false] table").first().waitFor({ timeout: 120_000 });
  await page.waitForFunction(() => !document.querySelector(".stale"), undefined, { timeout: 120_000 });
  await page.waitForLoadState("networkidle");
}

async function sound(page) {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(overflow <= 1, `the page is ${overflow} px wider than the window`);
  await accessible(page);
}

export const checks = {
  "street: verdict, figures and table, both languages, light and dark, axe finds nothing": async ({ open, screenshot }) => {
    for (const [lang, theme, width, says] of [
      ["nl", "light", 1280, /^Deze straat houdt het niet: met 11 laadpunten op 40 woningen en V2G bij een dynamisch contract/],
      ["en", "dark", 1280, /^This street does not hold: with 11 charge points on 40 homes and V2G under a dynamic contract/],
      ["nl", "dark", 320, /^Deze straat houdt het niet/],
      ["en", "light", 390, /^This street does not hold/],
    ]) {
      const page = await open(`/street?lang=${lang}&theme=${theme}`, { width, height: 844 });
      await computed(page);
      assert.match(await verdict(page), says);
      await page.locator("figure svg.figure").nth(3).waitFor();
      assert.equal(await page.locator("figure svg.figure").count(), 4);
      await sound(page);
      await screenshot(page, `street-${width}-${lang}-${theme}`, { fullPage: true });
      // On paper, which has no backgrounds, what is chosen is said alone.
      await page.emulateMedia({ media: "print" });
      const said = page.locator(".choices label:visible");
      assert.deepEqual([await said.count(), await said.last().innerText()], [2, "V2G"]);
      assert.equal(await said.last().evaluate((e) => getComputedStyle(e).color), await page.locator("h1").evaluate((e) => getComputedStyle(e).color));
      await page.close();
    }
  },
  "street: a region, a year and a transformer change it, a link keeps them, and the command is the page's": async ({ open, screenshot }) => {
    const page = await open("/street?lang=en");
    await computed(page);
    const box = page.locator(".find").getByRole("combobox");
    await box.click();
    await box.fill("utrecht");
    await page.locator(".find").getByRole("option").first().waitFor();
    await box.press("Enter");
    await page.waitForURL(/region=GM0344/);
    await page.getByRole("heading", { name: "Charge points as in Utrecht" }).waitFor();
    await computed(page);
    const later = await verdict(page);
    const year = page.getByRole("slider", { name: /^Year/ });
    await year.focus();
    await year.press("Home");
    await page.waitForURL(/year=2025/);
    await computed(page);
    assert.notEqual(await verdict(page), later);
    await page.getByRole("radio", { name: "transformer" }).check({ force: true });
    await page.waitForURL(/x\.street\.capacity_kva=250/);
    await computed(page);
    assert.match(await verdict(page), /^This street holds: .* never beyond 237\.5 kW\.$/);
    await page.getByText("On the command line").click();
    const command = await page.locator("code").innerText();
    assert.match(command, /^getij street study\.yaml --contract dynamic --set street\.capacity_kva=250 --set street\.charge_point_share=0\.\d+ --set 'street\.charge_point_share_by_year=\[/);
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "street as CSV" }).click();
    assert.ok((await download).suggestedFilename().endsWith("_dynamic.csv"));
    const address = new URL(page.url());
    const told = await verdict(page);
    await screenshot(page, "street-utrecht", { fullPage: true });
    const again = await open(address.pathname + address.search);
    await computed(again);
    assert.equal(await verdict(again), told);
  },
  "street: what is refused is told at its field, and the street before is dimmed and not to take along": async ({ open, screenshot }) => {
    const page = await open("/street?lang=nl", { allow: /400/ });
    await computed(page);
    await page.route("**/api/v1/street", (route) =>
      route.fulfill({ status: 400, contentType: "application/problem+json", body: JSON.stringify({ status: 400, detail: "street.solar_share is refused", errors: [{ location: "body.settings.street.solar_share", message: "refused", value: 0 }] }) }),
    );
    await page.getByRole("spinbutton", { name: "Met zonnepanelen" }).fill("60");
    await page.getByRole("spinbutton", { name: "Met zonnepanelen" }).press("Tab");
    await page.getByText("Een getal past niet; hieronder staat nog de vorige straat.").waitFor();
    await page.getByText("Dit kan niet:").waitFor();
    assert.ok(await page.getByRole("button", { name: "straat als CSV" }).isDisabled());
    assert.ok(await page.evaluate(() => getComputedStyle(document.querySelector(".head")).opacity < 0.5));
    await screenshot(page, "street-refused");
  },
  "street: chargers of several powers are asked for, kept in the address and told": async ({ open, screenshot }) => {
    const page = await open("/street?lang=en&mode=smart&x.street.homes=10");
    await computed(page);
    await page.getByRole("checkbox", { name: "Chargers of several powers" }).check();
    await page.waitForURL(/x\.street\.charger_kw=3\.7x50/);
    await page.getByRole("slider", { name: /^3\.7 kW: 33 %/ }).fill("0");
    await page.waitForURL(/x\.street\.charger_kw=3\.7x0/);
    await computed(page);
    await page.getByText("What the street is not").click();
    await page.getByText("chargers are drawn: 7.4 kW (50 %), 11 kW (50 %)").waitFor();
    await page.getByText("On the command line").click();
    assert.match(await page.locator("code").innerText(), /--set 'street\.charger_kw=\[7\.4,11\]' --set 'street\.charger_shares=\[0\.5,0\.5\]'/);
    await sound(page);
    await screenshot(page, "street-chargers", { fullPage: true });
  },
  "street: cars that mind each other keep it within its capacity": async ({ open, screenshot }) => {
    const page = await open("/street?lang=nl&mode=smart&x.street.homes=10&x.street.charge_point_share=0.3&x.street.capacity_kw_per_home=2");
    await computed(page);
    await page.getByRole("checkbox", { name: "Auto’s letten op elkaar" }).focus();
    await page.keyboard.press("Space");
    await page.waitForURL(/coordinate=yes/);
    await page.getByRole("heading", { name: "Als de auto’s op elkaar letten" }).waitFor({ timeout: 120_000 });
    await computed(page);
    assert.match(plain(await page.locator("main").innerText()), /Afgestemd \(slim laden bij een dynamisch contract met de regels vanaf 2027\) neemt de middelste straat hoogstens/);
    await sound(page);
    await screenshot(page, "street-coordinated", { fullPage: true });
  },
};
