// Laboratory and map are one: what a reader assumes holds on both.

import assert from "node:assert/strict";

import { readFile } from "node:fs/promises";

import { accessible } from "./axe.mjs";

const plain = (text) => text.replaceAll(/[\u00a0\u202f]/g, " ");
const clean = async (page) => {
  await accessible(page);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1), "wider than the window");
};
const settled = (page, what) => page.waitForFunction((source) => new RegExp(source).test(document.querySelector("h1").innerText.replaceAll(/[\u00a0\u202f]/g, " ")) && !document.querySelector(".stale"), what.source, { timeout: 60_000 });
const points = async (page) => plain(await page.locator("article .chain li", { hasText: /^home charge points\s*[\d,]+\s*[\d,]+ of cars/i }).locator("b").innerText());

export const checks = {
  "map: assumptions of the outlook are changed where they stand in the chain, and everything follows": async ({ open, screenshot }) => {
    const page = await open("/map?lang=en&region=GM0344&level=gemeente");
    await page.locator("article .big").waitFor();
    const before = await points(page);
    const step = page.locator("article .chain li", { hasText: "with a driveway" }).first();
    await step.getByText("Change these assumptions").click();
    const flats = step.getByRole("spinbutton", { name: "Driveway: apartment" });
    await flats.fill("0");
    await flats.press("Enter");
    await settled(page, /By your assumptions Utrecht has [\d,]+ home charge points in 2050, good for .* By the study 18,\d+ and 1\.1 MW/);
    assert.notEqual(await points(page), before);
    assert.match(page.url(), /x\.outlook\.driveway_share_apartment=0/);
    await page.getByText(/Your assumptions: Driveway: apartment 0 % \(study: 3 %\)/).waitFor();
    assert.equal(await page.getByText("Nine times out of ten").count(), 0); // the band is of the study
    await screenshot(page, "assumed-map");
    await clean(page);
    // The table that is saved says whose assumptions it has.
    await page.getByText("Table", { exact: true }).click();
    await page.locator(".sheet h2").getByText("Your assumptions: Driveway: apartment 0 %").waitFor();
    await page.getByRole("button", { name: "Back to the study" }).click();
    await page.waitForFunction(() => !/x\./.test(location.search));
    await page.getByText("Nine times out of ten").waitFor();
    assert.equal(await points(page), before);
  },
  "lab: a case is of a gemeente, and is shown on the map": async ({ open, screenshot }) => {
    const page = await open("/lab?lang=en&contract=dynamic&region=GM0344&x.charger.discharge_kw=3");
    const rows = page.locator("section", { hasText: "What it does in" }).last().locator("tbody tr");
    await rows.nth(1).waitFor();
    await page.waitForFunction(() => !document.querySelector(".stale"), undefined, { timeout: 60_000 });
    const cells = async (k) => (await rows.nth(k).locator("td").allInnerTexts()).map((v) => Number(plain(v).replaceAll(",", "").replace("−", "-").replace("+", "")));
    const [was, is] = await cells(1);
    assert.ok(is > 0 && is < 0.8 * was, `with less power ${is} MW, by the study ${was}`);
    // Charge points too: the study's are not those of more demand met at home.
    await page.getByRole("combobox", { name: "Region" }).selectOption("GM0014");
    await page.getByText("Charge points in the future").click();
    const share = page.getByRole("spinbutton", { name: "Cars’ demand met at home, 2050" });
    await share.fill("17");
    await share.press("Enter");
    await page.waitForURL(/home_share_cars=0\.17/);
    await page.waitForFunction(() => !document.querySelector(".stale"), undefined, { timeout: 60_000 });
    await page.getByText("What it does in Groningen, 2050").waitFor();
    const [studyPoints, yours] = await cells(0);
    assert.ok(yours < 0.95 * studyPoints && yours > 0.8 * studyPoints, `${yours} points, by the study ${studyPoints}`);
    await screenshot(page, "assumed-lab", { fullPage: true });
    await clean(page);
    const mw = (await cells(1))[1];
    await page.getByRole("link", { name: "Show on the map" }).click();
    await settled(page, /By your assumptions Groningen has/);
    assert.match(await page.getByLabel("Contract and rules").inputValue(), /^dynamic$/);
    const big = plain(await page.locator("article .big strong").innerText());
    assert.ok(Math.abs(Number(big.split(" ")[0]) - mw) < 0.06 * mw, `${big} on the map, ${mw} MW in the laboratory`);
    await screenshot(page, "assumed-lab-on-map");
    // And back.
    await page.getByRole("link", { name: "Change in the laboratory" }).click();
    await page.getByText("What it does in Groningen, 2050").waitFor();
    assert.equal(await page.getByRole("spinbutton", { name: "Cars’ demand met at home, 2050" }).inputValue(), "17");
  },
  "map: what cannot be computed is said, and the way back works, on a phone in Dutch": async ({ open, screenshot }) => {
    const page = await open("/map?lang=nl&x.outlook.home_share_cars=0.6&x.outlook.home_share_vans=9&x.foo=1&x.street.charger_kw=500x50&classes=9", { width: 320, height: 640, allow: /400/ });
    await page.getByText(/Deze aannames konden niet worden doorgerekend: zoveel laadpunten passen niet/).waitFor();
    await page.getByText("Met deze aannames is hier niets te tonen.").waitFor();
    // What is not understood at all is the study's, on every page.
    const misread = page.getByText(/Niet begrepen in deze link: x\.outlook\.home_share_vans=9 \(.*: verwacht werd een getal van 0,001 tot 1\); x\.foo=1 \(zo’n aanname is hier niet te veranderen\); x\.street\.charger_kw=500x50 \(verwacht werden vermogens van 0,1 tot 22 kW, elk met hun deel, zoals .*; classes=9 \(verwacht werd een getal van 4 tot 7\)\. In plaats daarvan geldt/);
    await misread.waitFor();
    await clean(page);
    await screenshot(page, "assumed-refused");
    await page.getByRole("button", { name: "Uit de link halen" }).click();
    await misread.waitFor({ state: "detached" });
    assert.equal(await page.evaluate(() => document.activeElement.id), "content"); // whoever goes by keyboard stays in the page
    assert.match(page.url(), /home_share_cars=0\.6/);
    await page.getByRole("button", { name: "Terug naar de studie" }).click();
    await page.getByRole("heading", { level: 1, name: /2,25 miljoen thuislaadpunten/ }).waitFor();
  },
  "the pages open with one contract, that of the forecast's year, and count the country as the map does": async ({ open, screenshot }) => {
    for (const [year, named, amount] of [["", "Dynamic, rules from 2027", /discharge 140 MW on the mean winter evening; in the study 140 MW/], ["&year=2026", "Dynamic, net metering (until 2027)", /discharge 2\.2 GW on the mean winter evening; in the study 2\.2 GW/]]) {
      for (const page of ["profiles", "lab", "street"]) {
        const p = await open(`/${page}?lang=en${year}${page === "lab" ? "&x.homes=99" : ""}`);
        await p.locator("label", { hasText: named, has: p.locator("input:checked") }).waitFor();
        if (page !== "lab") continue;
        await p.waitForFunction(() => /With these assumptions/.test(document.querySelector("p.lead").innerText), undefined, { timeout: 60_000 });
        assert.match(plain(await p.locator("p.lead").innerText()), amount);
        await p.getByRole("rowheader", { name: /Discharged in the country in 2050, on the mean winter evening, 17–21 h \(MW\)/ }).waitFor();
        await screenshot(p, `lab-country${year && "-2026"}`);
      }
    }
    const summer = await open("/lab?lang=nl&season=summer&x.homes=99", { width: 390 });
    await summer.waitForFunction(() => /Met deze aannames/.test(document.querySelector("p.lead")?.innerText ?? ""), undefined, { timeout: 60_000 });
    assert.match(plain(await summer.locator("p.lead").innerText()), /op de gemiddelde zomeravond per saldo niets; in de studie per saldo niets/);
    await screenshot(summer, "lab-country-summer-phone");
  },
  "map: own homes that were not computed are said to be so, with how to get them, and nothing is coloured": async ({ open, context, screenshot }) => {
    await context.route("**/api/v1/study", async (route) => {
      const response = await route.fetch();
      const population = { homes: 2250, share: 0.001, scenario: "mid", adoption: 1, cases: [{ contract: "dynamic_2027", mode: "v2g", year: 2050 }] };
      await route.fulfill({ response, json: { ...(await response.json()), population } });
    });
    for (const width of [1280, 390]) {
      const page = await open("/map?lang=en&measure=own&level=gemeente&mode=smart", { width });
      const legend = page.getByRole("group", { name: "Legend" });
      await legend.getByText("no data: no homes of their own were computed for this choice").waitFor();
      const text = plain(await legend.innerText());
      if (width > 1000) assert.match(text, /were computed for Dynamic, rules from 2027: V2G in 2050 alone, .*computed by getij run --population --case dynamic_2027\/smart --years 2050, and getij report --population/);
      assert.doesNotMatch(text, /all regions/);
      await screenshot(page, `map-own-uncomputed-${width}`);
    }
    // What another command's case would not give is not promised.
    const other = await open("/map?lang=nl&measure=own&scenario=high&level=gemeente");
    await other.getByRole("group", { name: "Legenda" }).getByText("geen eigen woningen berekend").waitFor();
    assert.doesNotMatch(await other.locator(".legend").first().innerText(), /getij run/);
  },
  "map: of a contract whose figures do not come, those of the contract before are dimmed": async ({ open, context }) => {
    const page = await open("/map?lang=en&region=GM0344", { allow: /ERR_INTERNET_DISCONNECTED/ });
    await page.locator("article .big").waitFor();
    await page.waitForSelector('[data-ready="yes"]'); // the map loads its tiles as it is drawn
    await page.waitForLoadState("networkidle");
    const before = await page.locator("article .big strong").innerText();
    await context.setOffline(true);
    await page.getByLabel("Contract and rules").selectOption("dynamic");
    await page.locator("aside.stale[inert]").waitFor();
    assert.equal(await page.locator("article .big strong").innerText(), before);
  },
  "lab: with charge points of one's own, the country's power by the study's is in no file": async ({ open }) => {
    const page = await open("/lab?lang=en&contract=dynamic&x.outlook.driveway_share_apartment=0");
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "results as CSV" }).click();
    const lines = await readFile(await (await download).path(), "utf8");
    assert.match(lines, /V2G,Discharged/);
    assert.doesNotMatch(lines, /GW/);
  },
  "card: what matters most for a gemeente": async ({ open, screenshot }) => {
    const page = await open("/map?lang=en&region=GM0344&contract=dynamic");
    assert.doesNotMatch(await page.locator("article").innerText(), /hybrids/);
    await page.getByText("What matters most here").click();
    const rows = page.locator("article ol li", { has: page.locator(".bar") });
    await rows.first().waitFor();
    const text = plain(await rows.filter({ hasText: "Driveway: terraced" }).innerText());
    const [a, b] = [...text.matchAll(/([\d.]+) MW/g)].map((m) => Number(m[1]));
    assert.ok(a < 18 && b > 18, text);
    await rows.filter({ hasText: "Plugging in" }).waitFor(); // of homes too
    await rows.first().scrollIntoViewIfNeeded();
    await clean(page);
    await screenshot(page, "card-effects");
    // By the rules that the map begins with the strongest of homes are among them.
    const later = await open("/map?lang=en&region=GM0344&contract=dynamic_2027&year=2030");
    await later.getByText("of plug-in hybrids too").waitFor();
    await later.getByText("What matters most here").click();
    await later.locator("article ol li", { has: later.locator(".bar"), hasText: "Plugging in" }).waitFor();
  },
};
