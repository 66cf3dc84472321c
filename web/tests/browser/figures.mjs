// The map's colours, its picture, names, and regions beside each other.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const plain = (text) => text.replaceAll(/[\u00a0\u202f]/g, " ");
const drawn = async (page) => {
  await page.waitForSelector('[data-ready="yes"]');
  await page.waitForLoadState("networkidle");
};
const classes = (page) => page.locator(".legend ol li").allInnerTexts();
const colours = (page) => page.locator(".legend .scale i").evaluateAll((all) => all.map((i) => getComputedStyle(i).backgroundColor));

export const checks = {
  "map: a class has one colour and one meaning on every level, in every year and scenario, light and dark": async ({ open, screenshot }) => {
    const seen = [];
    for (const query of ["level=gemeente&theme=light", "level=buurt&theme=dark", "level=gemeente&year=2030&scenario=low&theme=dark"]) {
      const page = await open(`/map?lang=en&${query}`);
      await drawn(page);
      seen.push([await classes(page), await colours(page)]);
      await screenshot(page, `map-scale-${seen.length}`);
      await page.close();
    }
    assert.equal(seen[0][0].length, 5);
    assert.deepEqual(seen[1], seen[0]);
    assert.deepEqual(seen[2], seen[0]);
  },
  "map: peaks part in red and blue where they are as high as before, whatever the contract": async ({ open, screenshot }) => {
    for (const [contract, theme] of [["dynamic", "light"], ["dynamic_2027", "dark"]]) {
      const page = await open(`/map?lang=nl&measure=night&level=gemeente&contract=${contract}&theme=${theme}`);
      await drawn(page);
      const names = await classes(page);
      assert.equal(names.length, 8);
      assert.deepEqual([names[3], names[4]], ["90 tot 100", "100 tot 110"]);
      await page.getByText("Rood: hoger dan de avondpiek bij gewoon laden; blauw: lager").waitFor();
      assert.equal(await page.getByText("Kleurklassen").count(), 0); // nothing to choose
      await screenshot(page, `map-night-${contract}`);
      await page.close();
    }
  },
  "map: it is saved as SVG and PNG with title, legend, names and sources": async ({ open, screenshots }) => {
    const page = await open("/map?lang=nl&level=gemeente", { width: 1280, height: 800 });
    await drawn(page);
    const saved = async (kind) => {
      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: `Kaart opslaan als ${kind}` }).click();
      const file = await download;
      return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
    };
    const svg = await saved("SVG");
    assert.equal(svg.name, "getij_map_gemeente_kw-per-dwelling.svg");
    const text = svg.bytes.toString();
    await writeFile(join(screenshots, "map-picture.svg"), svg.bytes);
    const said = plain(text).replaceAll(/<[^>]+>/g, " ").replaceAll(/ +/g, " ");
    for (const part of ["kW per woning per gemeente", "2050, scenario midden", "Utrecht", "minder dan", "Den Haag", "grenzen schematisch", "Getrokken uit statistieken, niet gemeten", "getij "]) assert.ok(said.includes(part), `${part} is not in ${said.slice(-900)}`);
    assert.ok((text.match(/<path /g) ?? []).length > 200, "paths of gemeenten");
    const png = await saved("PNG");
    await writeFile(join(screenshots, "map-picture.png"), png.bytes);
    assert.equal(png.bytes.subarray(1, 4).toString(), "PNG");
    assert.ok(png.bytes.length > 50_000);
    const circles = await open("/map?lang=en&measure=mw&level=gemeente&theme=dark", { width: 390 });
    await drawn(circles);
    const download = circles.waitForEvent("download");
    await circles.getByRole("button", { name: "Save the map as SVG" }).click();
    const phone = await readFile(await (await download).path(), "utf8");
    assert.ok((phone.match(/<circle /g) ?? []).length > 300);
    await writeFile(join(screenshots, "map-picture-phone.svg"), phone);
  },
  "map: on a phone the largest places have their names": async ({ open, screenshot }) => {
    const page = await open("/map?lang=nl&level=gemeente", { width: 390 });
    await drawn(page);
    const names = await page.locator(".names span").allInnerTexts();
    for (const place of ["Amsterdam", "Rotterdam", "Den Haag", "Utrecht", "Groningen", "Leeuwarden"]) assert.ok(names.includes(place), `${place} is not among ${names.join(", ")}`);
    await screenshot(page, "map-names-phone");
  },
  "compare: any number of regions on one scale, also on a phone, and nothing over a chart": async ({ open, screenshot }) => {
    const many = ["GM0518", "GM0599", "GM0014", "GM0080", "GM0363"];
    const page = await open(`/map?lang=en&region=GM0344&compare=${many.join(",")}&show=compare`);
    await page.locator(".days svg").first().waitFor();
    assert.equal(await page.locator(".sheet thead th").count(), 7);
    const drawing = page.locator(".days figure");
    assert.match(plain(await drawing.innerText()), /per dwelling, on one scale/);
    await page.waitForFunction(() => [...document.querySelectorAll(".days svg text")].filter((t) => /January$/.test(t.textContent)).length === 6);
    await page.locator(".days").scrollIntoViewIfNeeded();
    await screenshot(page, "compare-many");
    const phone = await open("/map?lang=nl&region=GM0344&show=compare", { width: 320, height: 640 });
    await phone.getByText("Kies nog een gebied").waitFor();
    await phone.locator(".days svg").first().waitFor();
    const over = await phone.evaluate(() => {
      const prompt = [...document.querySelectorAll(".sheet p")].find((p) => p.textContent.includes("Kies nog")).getBoundingClientRect();
      const chart = document.querySelector(".days figure").getBoundingClientRect();
      return prompt.bottom > chart.top;
    });
    assert.ok(!over, "the prompt lies over the chart");
    assert.ok(await phone.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1));
    await screenshot(phone, "compare-phone", { fullPage: true });
  },
  "map: a day goes by, from feeding in to charging at night": async ({ open, screenshot }) => {
    const page = await open("/map?lang=nl&measure=hour&level=gemeente&contract=dynamic&quarter=78&show=table");
    const first = page.locator("main table tbody tr").first().locator("td").nth(1);
    await first.waitFor();
    const top = async () => Number(plain(await first.innerText()).replace(",", ".").replace("−", "-"));
    const evening = await top();
    const slider = page.getByRole("slider", { name: "Tijd op de dag" });
    await slider.fill("12");
    await page.waitForURL(/quarter=12/);
    const night = await top();
    assert.ok(night > 1.5 * evening, `${evening} kW at 19:30, ${night} at 3:00`);
    await page.getByText("Kaart", { exact: true }).last().click();
    await drawn(page);
    await page.getByText("Rood: afnemen; blauw: terugleveren").waitFor();
    await screenshot(page, "map-hour");
    const before = await slider.inputValue();
    await page.getByRole("button", { name: "De dag afspelen" }).click();
    await page.waitForFunction((v) => Number(document.querySelector(".year, .row input")?.value ?? v) !== Number(v), before);
    await page.getByRole("button", { name: "Stoppen" }).click();
  },
  "profiles: the day of the gemeente that was chosen": async ({ open, screenshot }) => {
    const page = await open("/profiles?lang=en&region=GM0344", { width: 390 });
    const section = page.locator("#region");
    await section.getByText(/Utrecht: the mean day in January and in July 2050/).waitFor();
    await section.getByRole("combobox", { name: "Region" }).selectOption("GM0014");
    await section.getByText(/Groningen: the mean day/).waitFor();
    await section.scrollIntoViewIfNeeded();
    await screenshot(page, "profiles-region");
  },
};
