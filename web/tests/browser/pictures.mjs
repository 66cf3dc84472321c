// Writes the pictures of docs/images/dashboard: each page and state, desktop and phone, in
// both languages, small.
//
//   npm run pictures -- [--only NAME] [--results DIR]

import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { argument, opened, root } from "./opened.mjs";

const to = join(root, "docs", "images", "dashboard");
mkdirSync(to, { recursive: true });

const desktop = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };
const still = async (page) => {
  await page.waitForSelector("h1", { state: "visible" });
  await page.waitForLoadState("networkidle");
};
const click = (name, role = "button") => async (page) => {
  await page.getByRole(role, { name }).first().click();
  await page.waitForLoadState("networkidle");
};
const scroll = (where) => async (page) => {
  await page.locator(where).first().scrollIntoViewIfNeeded();
  await page.waitForLoadState("networkidle");
};

// name, address, size, what a reader does first
const pictures = [
  ["map-en", "/map?lang=en&level=gemeente", desktop],
  ["map-dark-nl", "/map?lang=nl&level=gemeente&measure=night&contract=dynamic&theme=dark", desktop],
  ["map-region-nl", "/map?lang=nl&level=gemeente&region=GM0344", desktop],
  ["map-phone-nl", "/map?lang=nl&level=gemeente", phone, scroll(".legend")],
  ["map-hour-en", "/map?lang=en&level=gemeente&measure=hour&quarter=78&contract=dynamic&season=summer", desktop],
  ["map-assumptions-en", "/map?lang=en&level=gemeente&region=GM0344&x.outlook.driveway_share_apartment=0", desktop],
  ["map-refused-nl", "/map?lang=nl&x.outlook.home_share_cars=0.6", phone],
  ["map-table-en", "/map?lang=en&level=gemeente&show=table", desktop],
  ["map-beside-nl", "/map?lang=nl&region=GM0344&compare=GM0518,GM0599,GM0014&show=compare", desktop, scroll(".days")],
  ["map-settings-phone-en", "/map?lang=en&level=gemeente", phone, click("Settings")],
  ["embed-nl", "/embed/map?lang=nl&year=2035&contract=dynamic", { width: 700, height: 600 }],
  ["profiles-en", "/profiles?lang=en", desktop],
  ["profiles-region-phone-nl", "/profiles?lang=nl&region=GM0344", phone, scroll("#region")],
  ["street-nl", "/street?lang=nl", desktop],
  ["lab-en", "/lab?lang=en&x.charger.discharge_kw=3.7", desktop, (page) => page.waitForFunction(() => !document.querySelector(".stale"), undefined, { timeout: 60_000 })],
  ["lab-region-phone-nl", "/lab?lang=nl&region=GM0344&x.outlook.home_share_cars=0.17", phone, async (page) => {
    await page.getByRole("heading", { name: "Wat het doet in Utrecht" }).scrollIntoViewIfNeeded();
    await page.mouse.wheel(0, 500);
    await page.waitForLoadState("networkidle");
  }],
  ["method-en", "/method?lang=en", desktop],
  ["method-assumptions-phone-nl", "/method?lang=nl", phone, async (page) => {
    await page.getByRole("searchbox", { name: "Zoek in de aannames" }).fill("laadvraag");
    await scroll("#assumptions")(page);
  }],
  ["missing-nl", "/straten?lang=nl", phone],
];

await opened(async (server, browser) => {
  const wanted = pictures.filter(([name]) => name.includes(argument("--only") ?? ""));
  for (const [name, path, size, first] of wanted) {
    const context = await browser.newContext({ viewport: size, locale: "nl-NL", reducedMotion: "reduce" });
    const page = await context.newPage();
    await page.goto(server.url + path);
    await still(page);
    if (page.url().includes("map")) await page.waitForSelector('[data-ready="yes"]', { state: "attached" });
    await first?.(page);
    await page.waitForTimeout(300);
    await page.screenshot({ path: join(to, `${name}.jpg`), type: "jpeg", quality: 45 });
    await context.close();
  }
  console.log(`${wanted.length} pictures in docs/images/dashboard`);
});
