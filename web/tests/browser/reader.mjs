// What readers of any page expect: links that are wrong say so, names are found though
// misspelt, tables are whole, and what is old is not taken along.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

// tabbed presses Tab until what has the focus is of a role and a name, as assistive
// technology knows them; what has it can be seen.
async function tabbed(page, role, name, most = 120) {
  for (let n = 0; n < most; n++) {
    await page.keyboard.press("Tab");
    const found = page.getByRole(role, { name }).and(page.locator(":focus"));
    if (!(await found.count())) continue;
    const box = await found.boundingBox();
    assert.ok(box && box.width > 0 && box.height > 0, `${role} ${name} has the focus and is not to be seen`);
    return found;
  }
  assert.fail(`${most} times Tab do not lead to ${role} ${name}`);
}

export const checks = {
  "map, card and laboratory by keyboard alone": async ({ open }) => {
    const page = await open("/map?lang=en&level=gemeente");
    await page.waitForSelector('[data-ready="yes"]');
    // A region by its name, then its card and an assumption in its chain.
    await tabbed(page, "combobox", /^Find/);
    await page.keyboard.type("utrecht");
    await page.getByRole("option").first().waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL(/region=GM0344/);
    await page.locator("article h2").getByText("Utrecht").waitFor();
    // The map itself: by its arrows, its buttons.
    await tabbed(page, "region", /^Map: /);
    await page.keyboard.press("ArrowRight");
    await page.waitForURL(/at=5\d\.\d+/);
    await tabbed(page, "button", "Zoom in");
    await page.keyboard.press("Enter");
    const edit = page.locator("article details.edit").first();
    for (let n = 0; n < 60 && !(await edit.locator("summary:focus").count()); n++) await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    const flats = await tabbed(page, "spinbutton", "Driveway: apartment");
    await flats.press("ControlOrMeta+a");
    await page.keyboard.type("0");
    await page.keyboard.press("Enter");
    await page.waitForURL(/x\.outlook\.driveway_share_apartment=0/);
    await page.waitForFunction(() => /By your assumptions Utrecht/.test(document.querySelector("h1").innerText) && !document.querySelector(".stale"), undefined, { timeout: 60_000 });
    // On to the laboratory with them, and back to the study.
    await page.keyboard.press("Control+Home");
    await page.locator("h1").evaluate((h) => {
      h.tabIndex = -1;
      h.focus();
    });
    await tabbed(page, "link", "Change in the laboratory");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/lab\?/);
    const power = await tabbed(page, "slider", /^Charge power/);
    const answered = page.waitForResponse((r) => r.url().endsWith("/api/v1/lab"));
    await power.press("Home");
    assert.equal((await answered).status(), 200);
    await page.locator("main h1").evaluate((h) => {
      h.tabIndex = -1;
      h.focus();
    });
    await tabbed(page, "button", "Back to the study");
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => !/x\./.test(url.search));
  },
  "a page that does not exist says so, in the language that is chosen, and leads on": async ({ open, screenshot }) => {
    const page = await open("/straten?lang=nl");
    await page.getByRole("heading", { name: "Er is geen pagina “straten”" }).waitFor();
    await page.getByRole("button", { name: "In English" }).click();
    await page.getByRole("heading", { name: "There is no page “straten”" }).waitFor();
    await page.waitForURL(/\/straten\?lang=en/);
    await screenshot(page, "missing");
    await page.locator("main").getByRole("link", { name: "Method" }).click();
    await page.waitForURL(/\/method/);
    await page.getByRole("heading", { level: 1 }).waitFor();
    assert.equal(await page.getByText("There is no page").count(), 0);
  },
  "method: sources can be clicked, and the study is cited with its version": async ({ open, context, screenshot }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const page = await open("/method?lang=en");
    assert.equal(await page.locator("#sources").getByRole("link", { name: "CBS" }).getAttribute("href"), "https://www.cbs.nl");
    await page.getByRole("button", { name: "Copy the citation" }).click();
    await page.locator("#sources").getByText("Copied").waitFor();
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^getij, study reference-2024, 2024\. getij .*\. Computed on .*\. http:\/\/127\.0\.0\.1/);
    await page.locator("#sources").scrollIntoViewIfNeeded();
    await screenshot(page, "method-cite");
  },
  "map: zoom and place are in the address, and a link shows them": async ({ open }) => {
    const page = await open("/map?lang=en");
    await page.waitForSelector('[data-ready="yes"]');
    await page.getByRole("button", { name: "Zoom in" }).click();
    await page.waitForURL(/at=5\d\.\d+(,|%2C)\d\.\d+(,|%2C)\d/);
    const region = await open("/map?lang=en&region=GM0344&at=53.200,5.800,10.0");
    await region.waitForSelector('[data-ready="yes"]');
    await region.getByText("Leeuwarden", { exact: true }).first().waitFor(); // not Utrecht, which is chosen
    assert.match(region.url(), /at=53\.200/);
    await region.getByRole("button", { name: "Whole map" }).click();
    await region.waitForURL((url) => !url.searchParams.has("at"));
  },
  "search forgives a misspelt name": async ({ open }) => {
    const page = await open("/method?lang=nl");
    const box = page.getByRole("combobox", { name: /Zoek/ });
    await box.click();
    await box.fill("leewarden");
    await page.getByRole("option", { name: /Leeuwarden/ }).first().waitFor();
  },
  "map: its table is sorted by any column, has every row, and is saved whole": async ({ open, screenshot }) => {
    const page = await open("/map?lang=en&level=gemeente&show=table");
    const rows = page.locator("main table tbody tr");
    await rows.first().waitFor();
    assert.equal(await rows.count(), 50);
    await page.getByRole("button", { name: /^Show 292 more/ }).click();
    await page.waitForFunction(() => document.querySelectorAll("main table tbody tr").length === 342);
    const name = page.getByRole("columnheader", { name: "Region" });
    await name.getByRole("button").focus();
    await page.keyboard.press("Enter");
    assert.equal(await name.getAttribute("aria-sort"), "ascending");
    assert.match(await rows.first().innerText(), /'s-Gravenhage|Aa en Hunze/);
    await page.keyboard.press("Enter");
    assert.equal(await name.getAttribute("aria-sort"), "descending");
    assert.match(await rows.first().innerText(), /Zwolle|Zwijndrecht/);
    await screenshot(page, "map-table-sorted");
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "All 342 as CSV" }).click();
    const lines = (await readFile(await (await download).path(), "utf8")).trim().split("\n");
    assert.equal(lines.length, 343);
    assert.match(lines[1], /^GM\d{4},Zw/);
  },
  "lab: while it computes, the results of before are dimmed and not to take along": async ({ open, screenshot }) => {
    const page = await open("/lab?lang=en");
    await page.getByRole("button", { name: "results as JSON" }).waitFor();
    let release;
    const held = new Promise((done) => (release = done));
    await page.route("**/api/v1/lab", async (route) => {
      await held;
      await route.continue();
    });
    const slider = page.getByRole("slider", { name: /^Charge power/ });
    await slider.focus();
    await slider.press("Home");
    await page.waitForFunction(() => getComputedStyle(document.querySelector("p.lead")).opacity < 0.5);
    for (const name of ["results as JSON", "results as CSV"]) assert.ok(await page.getByRole("button", { name }).isDisabled(), name);
    await screenshot(page, "lab-computing");
    release();
    await page.waitForFunction(() => getComputedStyle(document.querySelector("p.lead")).opacity === "1", undefined, { timeout: 60_000 });
    assert.ok(await page.getByRole("button", { name: "results as JSON" }).isEnabled());
  },
};
