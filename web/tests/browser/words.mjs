// Words, paper and embeds: a Dutch page is Dutch, and what leaves the screen says what it is.

import assert from "node:assert/strict";

const plain = (text) => text.replaceAll(/[\u00a0\u202f]/g, " ");

export const checks = {
  "method, in Dutch: notes, sources and assumptions are Dutch, and assumptions are found": async ({ open, screenshot }) => {
    const page = await open("/method?lang=nl", { width: 390 });
    const box = page.getByRole("searchbox", { name: "Zoek in de aannames" });
    await box.waitFor();
    assert.deepEqual(await page.locator('main [lang="en"]').allTextContents(), []);
    await box.fill("oprit");
    await page.getByText(/^\d of \d+|\d+ van \d+ aannames$/).waitFor();
    const found = page.locator("#assumptions li");
    const n = await found.count();
    assert.ok(n >= 3 && n < 30, `${n} assumptions on driveways`);
    assert.match(plain(await found.first().innerText()), /Bron: aanname/);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1));
    await page.locator("#assumptions").scrollIntoViewIfNeeded();
    await screenshot(page, "method-assumptions-phone");
    await page.getByText("leasebedrijven registreren auto’s in Almere").waitFor();
    // A statement that nobody filled in is not shown.
    assert.equal(await page.getByText(/[Tt]oegankelijkheid/).count(), 0);
  },
  "map: it says in a sentence what V2G is, without terms that nobody explains": async ({ open, screenshot }) => {
    const page = await open("/map?lang=nl&region=GM0344");
    await page.getByText(/^V2G: een auto aan de laadpaal thuis levert ook stroom, aan de woning en aan het net/).waitFor();
    await page.locator("article .big").waitFor();
    const text = await page.locator("main").innerText();
    for (const term of ["geschaald", "p5"]) assert.ok(!text.includes(term), term);
    await screenshot(page, "map-landing");
  },
  "map: on paper it has its names, legend and sources": async ({ open, screenshot }) => {
    const page = await open("/map?lang=nl&level=gemeente&contract=dynamic");
    await page.waitForSelector('[data-ready="yes"]');
    await page.waitForLoadState("networkidle");
    await page.locator("article svg.figure").first().waitFor();
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    await page.emulateMedia({ media: "print" });
    const paper = page.locator(".paper svg").first();
    await paper.waitFor();
    const text = plain((await paper.locator("text").allTextContents()).join(" "));
    for (const part of ["Rotterdam", "minder dan", "Dynamisch, met salderen", "Berekend met getij", "niet gemeten"]) assert.ok(text.includes(part), `${part} is not in ${text}`);
    assert.ok(!(await page.locator(".canvas").isVisible()));
    // The card's charts, drawn for a narrow one, leave room for more on a page.
    for (const figure of await page.locator("article .stage").all()) assert.ok((await figure.boundingBox()).width < 480);
    await screenshot(page, "map-paper", { fullPage: true });
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    await page.emulateMedia({ media: "screen" });
    assert.ok(await page.locator(".canvas").isVisible());
  },
  "map: an embed has its source line, and a way to the whole": async ({ open, screenshot }) => {
    const page = await open("/embed/map?lang=nl&year=2035&contract=dynamic", { width: 420, height: 640 });
    await page.waitForSelector('[data-ready="yes"]');
    await page.getByText(/Berekend met getij .*, studie reference-2024\. Gebieden: CBS 2022–2023, grenzen schematisch\./).waitFor();
    await page.getByRole("link", { name: "Open het dashboard" }).waitFor();
    await screenshot(page, "embed-source");
  },
  "map: its own code that does not come is told in words, and comes when asked again": async ({ open, context, screenshot }) => {
    await context.route("**/assets/Canvas*.js", (route) => route.abort());
    const page = await open("/map?lang=nl", { allow: /ERR_FAILED/ });
    await page.getByText(/De gegevens van de kaart konden niet worden geladen: de server antwoordt niet/).waitFor();
    await page.locator("article .big").waitFor(); // the figures are there
    assert.equal(await page.getByText("Failed to fetch").count(), 0);
    await screenshot(page, "map-without-code");
    await context.unroute("**/assets/Canvas*.js");
    await page.getByRole("button", { name: "Opnieuw proberen" }).click();
    await page.waitForSelector('[data-ready="yes"]');
  },
  "a page whose code does not come says so in words, and comes when asked again": async ({ open, context }) => {
    const page = await open("/map?lang=en", { allow: /ERR_FAILED/ });
    await page.locator("article .big").waitFor();
    await context.route("**/assets/MethodPage*", (route) => route.abort());
    await page.getByRole("link", { name: "Method" }).click();
    await page.getByText("The page could not be loaded: the server does not answer.").waitFor();
    await context.unroute("**/assets/MethodPage*");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("heading", { name: "Why should I believe it?" }).waitFor();
  },
};
