// The dashboard as files, below a path of a server that knows nothing of it.

import assert from "node:assert/strict";

import { AxeBuilder } from "@axe-core/playwright";

const mapReady = (page) => page.waitForSelector('[data-ready="yes"]');

export const checks = {
  "site: the map, its headline, a card and a link to it, from files alone": async ({ open, server, screenshot }) => {
    const url = await server.site();
    const page = await open(`${url}?lang=en`);
    await mapReady(page);
    assert.match(await page.locator("h1").innerText(), /home charge points/);
    const box = page.getByRole("combobox", { name: /Find/ });
    await box.click();
    await box.fill("utrecht");
    await page.getByRole("option", { name: /^Utrecht gemeente|Utrecht.*gemeente/ }).first().click();
    await page.locator(".card, aside").getByText("dwellings").first().waitFor();
    assert.match(page.url(), /\/open\/v2g\/\?.*region=GM0344/);
    await screenshot(page, "site-map");
    const again = await open(page.url());
    await mapReady(again);
    await again.locator(".card, aside").getByText("dwellings").first().waitFor();
  },
  "site: pages by their link, files of the result, no word of an API": async ({ open, server }) => {
    const url = await server.site();
    const page = await open(`${url}index.html?page=method&lang=en`);
    await page.getByRole("heading", { level: 1, name: "Why should I believe it?" }).waitFor();
    assert.equal(await page.getByText("openapi").count(), 0);
    const file = await page.getByRole("link", { name: "summary.json" }).getAttribute("href");
    assert.equal(file, `${url}files/summary.json`);
    assert.equal((await page.request.get(file)).status(), 200);
    await page.getByRole("link", { name: "Profiles", exact: true }).click();
    await page.waitForURL(/index\.html\?page=profiles/);
    await page.goBack();
    await page.getByRole("heading", { level: 1, name: "Why should I believe it?" }).waitFor();
    const nothing = await open(`${url}?page=straten&lang=nl`);
    await nothing.getByRole("heading", { name: "Er is geen pagina “straten”" }).waitFor();
  },
  "site: an embed, and a server without range requests": async ({ open, server }) => {
    const page = await open(`${await server.site({ ranges: false })}?embed=map&lang=nl`);
    await mapReady(page);
    assert.equal(await page.getByRole("navigation").count(), 0);
    assert.match(await page.getByRole("link", { name: "Open het dashboard" }).getAttribute("href"), /^\/open\/v2g\/(\?lang=nl)?$/);
    await page.close();
  },
};
