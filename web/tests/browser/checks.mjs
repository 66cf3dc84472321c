// What a reader does, as checks: each gets open(path, {width}), screenshot(page,
// name) and fails by throwing.

import assert from "node:assert/strict";

import { checks as assumed } from "./assumed.mjs";
import { accessible } from "./axe.mjs";
import { checks as figures } from "./figures.mjs";
import { checks as reader } from "./reader.mjs";
import { checks as site } from "./site.mjs";
import { checks as street } from "./street.mjs";
import { checks as words } from "./words.mjs";

export const checks = { ...street, ...reader, ...figures, ...site, ...assumed, ...words };

const pages = ["map", "profiles", "lab", "method"];

// ready waits until a page has what it shows.
async function ready(page) {
  await page.waitForSelector("h1", { state: "visible" });
  await page.waitForLoadState("networkidle");
}

async function fits(page) {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(overflow <= 1, `the page is ${overflow} px wider than the window`);
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
        await fits(page);
        await screenshot(page, `${name}-${size}-${lang}-${theme}`, { fullPage: name !== "map" });
        await accessible(page);
        await page.close();
      }
    };
  }
}

checks["on a phone, at 200 % and at 320 px, names without a space stay within the window"] = async ({ open, context }) => {
  const long = (n) => "0123456789abcdef".repeat(n);
  await context.route("**/api/v1/study", async (route) => {
    const response = await route.fetch();
    const study = await response.json();
    study.program = `getij 0.1.0-dev (${long(3)}+changes)`;
    study.summary.study = long(6);
    study.inputs.forEach((input) => (input.file = `${long(6)}.csv`));
    study.files.push(`${long(6)}.csv`);
    study.notes.push(`${long(6)}.csv was mended`);
    await route.fulfill({ response, json: study });
  });
  for (const name of pages) {
    const page = await open(`/${name}?lang=en`, { width: 390 });
    await ready(page);
    await fits(page);
    for (const [width, height] of [
      [320, 640],
      [640, 400], // 1280 by 800 px at 200 %
    ]) {
      await page.setViewportSize({ width, height });
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      await fits(page);
    }
  }
};

const mapReady = async (page) => {
  await page.waitForSelector('[data-ready="yes"]');
  await page.waitForLoadState("networkidle");
};
const plain = (text) => text.replaceAll(/[\u00a0\u202f]/g, " ");
const heading = async (page) => plain(await page.locator("h1").innerText());
// said waits until the headline, or what follows it, says something.
const said = (page, what, where = "h1") =>
  page.waitForFunction(([where, source]) => new RegExp(source).test((document.querySelector(where)?.innerText ?? "").replaceAll(/[\u00a0\u202f]/g, " ")), [where, what.source]).catch(async () => {
    assert.match(plain(await page.locator(where).innerText()), what);
  });

checks["map: search finds a gemeente without its accents, and its card opens"] = async ({ open }) => {
  const page = await open("/profiles?lang=nl");
  await ready(page);
  const box = page.getByRole("combobox", { name: /Zoek|Vind/ });
  await box.click();
  await box.fill("sudwest frys");
  await page.getByRole("option").first().waitFor();
  await box.press("Enter");
  await page.waitForURL(/region=GM1900/);
  await mapReady(page);
  await page.getByRole("heading", { name: "Súdwest-Fryslân", exact: true }).waitFor();
  assert.match(await heading(page), /Súdwest-Fryslân/);
  assert.match(await page.locator("article").innerText(), /Thuislaadpunten/);
};

checks["map: on paper it still says what is not real"] = async ({ open, screenshot }) => {
  const page = await open("/map?lang=en&level=buurt");
  await mapReady(page);
  await page.emulateMedia({ media: "print" });
  const text = plain(await page.locator("body").innerText());
  assert.match(text, /Schematic map, synthetic year\. .*their outlines are not\. Drawn from statistics, not measured: prices, load, sun, sessions\./);
  assert.match(text, /invented buurten: exist nowhere/);
  await screenshot(page, "map-print");
};

checks["map: adoption follows the hand, the address keeps it, and 0 % gives nothing"] = async ({ open }) => {
  const page = await open("/map?lang=nl");
  await mapReady(page);
  await said(page, /2,25 miljoen thuislaadpunten in Nederland aan woningen en net 0,14 GW op een winteravond en per saldo niets op een zomeravond.*regels vanaf 2027; met salderen .*: 2,2 GW en 1,8 GW/);
  const slider = page.getByRole("slider", { name: /^(Deelname|Taking part)/ });
  await slider.focus();
  await slider.press("Home");
  await page.waitForURL(/adoption=0/);
  await said(page, /leveren ze niets\./);
  await page.reload();
  await mapReady(page);
  await said(page, /leveren ze niets\./);
  const half = await open("/map?lang=en&adoption=50&year=2050");
  await mapReady(half);
  await said(half, /give homes and grid 0\.068 GW on a winter evening .*if 50 % take part.*: 1\.1 GW and/);
};

// What the card, the legend and the table count, in kW; the card's first.
const figuresOf = async (page) => {
  const card = plain(await page.locator("article .big").innerText());
  const [, value, unit] = card.match(/^([\d.,]+) (kW|MW|GW)/);
  return { card, kw: Number(value) * { kW: 1, MW: 1e3, GW: 1e6 }[unit] };
};

checks["map: the headline and every figure follow rules and season, and say so"] = async ({ open, screenshot }) => {
  const page = await open("/map?lang=en&measure=mw&level=gemeente&show=table");
  await page.locator("main table tbody tr").first().waitFor();
  await page.locator("article .big").waitFor();
  const top = async () => Number(plain(await page.locator("main table tbody tr td:nth-child(3)").first().innerText()));
  const seen = [];
  const look = async (contract, season, headline, rest, counted) => {
    await page.getByLabel("Contract and rules").selectOption(contract);
    await page.getByRole("radio", { name: season }).check({ force: true });
    await said(page, headline);
    await said(page, rest, ".rest:not(.soft)");
    await page.getByText(counted).first().waitFor();
    seen.push({ ...(await figuresOf(page)), top: await top() });
    await screenshot(page, `map-headline-${contract}-${season.toLowerCase().replace(" ", "-")}`);
  };
  // A year after net metering opens with the rules of then.
  assert.equal(await page.getByLabel("Contract and rules").inputValue(), "dynamic_2027");
  await look("dynamic", "Winter", /2\.2 GW on a winter evening and 1\.8 GW on a summer evening, if all take part, under a dynamic contract with net metering \(as ElaadNL's report computes; it ends in 2027\); by the rules from 2027: 0\.14 GW and on balance nothing/, /winter evening peak .* goes from 8\.7 GW .* to 4\.9 GW, with a night peak of 8\.7 GW/, /on a mean winter evening/);
  await look("dynamic", "Summer", /2\.2 GW on a winter evening/, /summer evening peak .* goes from 5\.9 GW .*higher than the evening peak that it takes away/, /on a mean summer evening/);
  await look("dynamic_2027", "Winter", /0\.14 GW on a winter evening and on balance nothing on a summer evening, if all take part, under a dynamic contract by the rules from 2027; with net metering \(as ElaadNL's report computes; it ends in 2027\): 2\.2 GW and 1\.8 GW/, /to 6\.3 GW.*above the peaks of regular charging, evening and night, in (none|\d+) of the 342 gemeenten; with net metering in \d+\. .*the year's highest quarter-hour homes and cars take 13\.8 GW \(24 January 01:00\), with regular charging 10\.6 GW \(16 December 19:30\); with net metering 14\.8 GW .*a dual tariff makes a night peak of 9\.6 GW/, /on a mean winter evening/);
  await look("single", "Whole year", /give homes and grid nothing, on a winter evening or on a summer one, under a single tariff/, /the year's evening peak .* goes from 8\.7 GW/, /on a mean evening/);
  await page.waitForURL(/contract=single/);
  assert.match(page.url(), /season=year/);
  // The card tells the year's highest quarter-hour from the peaks of a month's mean day.
  await page.getByRole("heading", { name: "The year’s highest quarter-hour" }).waitFor();
  await page.getByText(/One single quarter-hour of the whole year.*regular charging 16 December at 19:30/).waitFor();
  await page.getByText(/Peaks of a month’s mean day in the year/).waitFor();
  const [winter, summer, from2027, single] = seen;
  assert.ok(winter.kw > summer.kw && summer.kw > from2027.kw && from2027.kw > 0 && single.kw === 0, JSON.stringify(seen));
  for (const x of [summer, from2027, single]) assert.ok(Math.abs(x.top / winter.top - x.kw / winter.kw) < 0.03, `the table's first goes from ${winter.top} to ${x.top} MW, the card from ${winter.kw} to ${x.kw} kW`);
  // The report's rule is there under every contract, and named.
  await page.getByRole("combobox", { name: /A charge point counts for/ }).selectOption("report");
  await said(page, /count for 4\.5 GW, if all take part, at the 2 kW each of ElaadNL's report, whatever the contract and the season/);
  await said(page, /By this study they give homes and grid nothing/, ".rest:not(.soft)");
  assert.equal((await figuresOf(page)).kw, 4.5e6);
  // The address says it all.
  await page.waitForURL(/kw=report/);
  await page.reload();
  await said(page, /count for 4\.5 GW/);
};

checks["map: a street is told what its cars do at once"] = async ({ open }) => {
  const page = await open("/map?lang=nl&region=XB03440101");
  await mapReady(page);
  await said(page, /aan woningen en net [\d.,]+ kW op een winteravond/);
  await said(page, /tegelijk veel meer dan op de gemiddelde avond/, ".rest:not(.soft)");
  await page.getByText("Tegelijk, in het drukste kwartier van het jaar").waitFor();
};

checks["map: contract and season are switched by keyboard, down to a window of 320 px"] = async ({ open, screenshot }) => {
  const page = await open("/map?lang=nl&region=GM0344", { width: 320, height: 640 });
  await mapReady(page);
  await fits(page);
  await page.getByLabel("Contract en regels").focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowRight");
  await page.waitForURL(/season=summer/);
  await said(page, /avondpiek van de zomer/, ".rest:not(.soft)");
  await fits(page);
  await screenshot(page, "map-320");
};

checks["map: levels and measures change what is shown, the table is its twin"] = async ({ open, screenshot }) => {
  const page = await open("/map?lang=en&level=buurt&measure=relief&show=table");
  await ready(page);
  const rows = page.locator("main table tbody tr");
  await rows.first().waitFor();
  assert.ok((await rows.count()) >= 50);
  await page.getByLabel("Name or code contains").fill("XB03440101");
  await page.waitForFunction(() => document.querySelectorAll("main table tbody tr").length === 1);
  await page.getByLabel("Name or code contains").fill("");
  await page.getByRole("combobox", { name: "Level" }).selectOption("provincie");
  await page.waitForFunction(() => document.querySelectorAll("main table tbody tr").length === 12);
  await screenshot(page, "map-table");
};

checks["map: without its server it says so, keeps what it has, and asks again"] = async ({ open, context, screenshot }) => {
  const page = await open("/map?lang=en&level=gemeente", { allow: /ERR_FAILED|ERR_INTERNET_DISCONNECTED/ });
  await mapReady(page);
  const figure = await page.locator("article .big").innerText();
  await context.route("**/api/**", (route) => route.abort());
  await page.getByRole("button", { name: "Zoom in" }).click();
  await page.getByText("Parts of the map did not arrive: the server does not answer.").waitFor();
  await page.getByRole("slider", { name: /^Taking part/ }).fill("50");
  await page.waitForFunction((before) => document.querySelector("article .big").innerText !== before, figure);
  const box = page.getByRole("combobox", { name: /Search|Find/ });
  await box.click();
  await box.fill("utrecht");
  await page.getByRole("option").first().waitFor();
  await box.press("Enter");
  await page.getByText("The summary could not be loaded: the server does not answer. What is loaded stays usable.").waitFor();
  await page.locator("aside.stale[inert]").waitFor(); // the card is of the region before
  assert.equal(await page.getByRole("alert").count(), 1); // one sentence for all that did not come
  await page.waitForFunction(() => getComputedStyle(document.querySelector("h1")).opacity < 0.5); // it was of other choices
  await screenshot(page, "map-without-server");
  await context.unroute("**/api/**");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.locator("article h2").getByText("Utrecht").first().waitFor();
  await page.getByRole("alert").waitFor({ state: "detached" });
};

checks["map: the first view asks for gemeenten only, a fine level or a place in it for the rest"] = async ({ context, open }) => {
  const asked = [];
  context.on("request", (r) => asked.push(new URL(r.url()).pathname + new URL(r.url()).search));
  const got = (end) => asked.some((path) => path.endsWith(end));
  const page = await open("/map?lang=en");
  await mapReady(page);
  assert.ok(got("/regions?downTo=gemeente") && !got("/regions"), `asked for ${asked.join(" ")}`);
  assert.ok(got("/gemeente.bin") && !got("/2050.bin"), `asked for ${asked.join(" ")}`);
  await page.getByRole("combobox", { name: "Level" }).selectOption("buurt");
  await page.waitForFunction(() => document.querySelector("[data-ready=yes]"));
  await page.getByText("Table", { exact: true }).click();
  await page.getByRole("row").nth(50).waitFor();
  assert.ok(got("/regions") && got("/2050.bin"), `asked for ${asked.join(" ")}`);
  const other = await open("/map?lang=en&region=XB03440101");
  await other.locator("article h2").getByText("Utrecht").first().waitFor();
};

checks["map: what is invented does not look real"] = async ({ open, screenshot }) => {
  const page = await open("/map?lang=nl&level=buurt");
  await mapReady(page);
  await page.getByText("verzonnen buurten: bestaan nergens").waitFor();
  await screenshot(page, "map-invented");
  await page.getByText("Tabel", { exact: true }).click();
  await page.getByText(/hebben geen plaats/).waitFor();
  assert.equal(await page.getByRole("columnheader", { name: "Plaats", exact: true }).count(), 0);
  const card = await open("/map?lang=nl&region=XB03440101");
  await card.locator("article .big").waitFor();
  await card.locator("article h2").getByText(/verzonnen buurt/).waitFor();
  assert.doesNotMatch(await card.locator("article").innerText(), /Bron: CBS/);
  const real = await open("/map?lang=nl&level=gemeente&region=GM0344");
  await mapReady(real);
  await real.locator("article .big").waitFor();
  assert.match(await real.locator("article").innerText(), /Bron: CBS/);
  assert.equal(await real.getByText("bestaan nergens").count(), 0);
};

checks["map: the adoption slider repaints 14,000 buurten"] = async ({ open }) => {
  const page = await open("/map?lang=en&level=buurt");
  await mapReady(page);
  const slider = page.getByRole("slider", { name: /^(Deelname|Taking part)/ });
  const move = async (to) =>
    page.evaluate(
      async ([element, value]) => {
        const start = performance.now();
        element.value = value;
        element.dispatchEvent(new Event("input", { bubbles: true }));
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        return Math.round(performance.now() - start);
      },
      [await slider.elementHandle(), to],
    );
  // Times are for people to read: a machine under load must not fail here.
  console.log(`      to the next picture: ${await move("96")} ms for a small step, ${await move("40")} ms for a large one`);
  await page.waitForURL(/adoption=40/);
  await said(page, /55 MW on a winter evening.*: 870 MW and/);
};

checks["map: regions are compared side by side"] = async ({ open, screenshot }) => {
  const page = await open("/map?lang=en&region=GM0344&compare=GM0363,GM0599&show=compare");
  await ready(page);
  const table = page.locator("main table").first();
  await table.waitFor();
  for (const name of ["Utrecht", "Amsterdam", "Rotterdam"]) await table.getByText(name).first().waitFor();
  await screenshot(page, "map-compare", { fullPage: true });
};

checks["map: a region's figures are downloaded"] = async ({ open }) => {
  const page = await open("/map?lang=en&region=GM0344");
  await mapReady(page);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Figures as CSV" }).click();
  assert.match((await download).suggestedFilename(), /gm0344.*\.csv$/);
};

checks["map: an embedded map shows no navigation"] = async ({ open, screenshot }) => {
  const page = await open("/embed/map?lang=nl&year=2035", { width: 700, height: 600 });
  await mapReady(page);
  assert.equal(await page.locator("nav").count(), 0);
  await screenshot(page, "embed-map");
};

checks["the language is switched and kept"] = async ({ open }) => {
  const page = await open("/map?lang=nl");
  await ready(page);
  await page.getByRole("button", { name: "In English" }).click();
  await page.waitForURL(/lang=en/);
  await page.getByRole("link", { name: "Profiles" }).click();
  await page.waitForURL(/\/profiles\?.*lang=en/);
  assert.equal(await page.evaluate(() => document.documentElement.lang), "en");
};

checks["a region that does not exist is said, and the page lives"] = async ({ open }) => {
  const page = await open("/map?lang=en&region=GM9999", { allow: /404/ });
  await mapReady(page);
  await page.getByText("No region has the code GM9999.").waitFor();
};

checks["lab: who waits for others is told how many come first"] = async ({ open, context }) => {
  await context.route("**/api/v1/lab", async (route) => {
    assert.match(route.request().postDataJSON().ticket, /./);
    await new Promise((done) => setTimeout(done, 5000));
    await route.continue();
  });
  await context.route("**/api/v1/lab/queue?ticket=*", (route) => route.fulfill({ json: { found: true, before: 2, computing: false, seconds_left: 11.2, waiting: 3 } }));
  const page = await open("/lab?lang=en");
  await ready(page);
  await page.getByRole("slider", { name: /Charge power/ }).first().press("Home");
  await page.getByText("2 runs come first: about 12 s to go.").waitFor();
  await page.getByText("2 runs come first").waitFor({ state: "detached" });
};

checks["lab: a change is optimised again beside the study, and is in the address"] = async ({ open, screenshot }) => {
  const page = await open("/lab?lang=en");
  await ready(page);
  const slider = page.getByRole("slider", { name: /Charge power|Charging power/i }).first();
  await slider.waitFor();
  const answered = page.waitForResponse((r) => r.url().endsWith("/api/v1/lab") && r.request().method() === "POST");
  await slider.focus();
  await slider.press("Home");
  const response = await answered;
  assert.equal(response.status(), 200);
  assert.match(page.url(), /charge/);
  await page.waitForLoadState("networkidle");
  await screenshot(page, "lab-changed", { fullPage: true });
};

checks["lab: saved cases stand beside each other, in a link, by keyboard and on a phone"] = async ({ open, screenshot }) => {
  const page = await open("/lab?lang=en&contract=dynamic_2027");
  await ready(page);
  const name = page.getByLabel("Name of this case");
  await name.fill("as it is");
  await name.press("Enter");
  await page.getByText("“as it is” is saved.").waitFor();
  const rows = page.locator("main section table", { hasText: "in brackets the difference" }).locator("tbody tr");
  await page.locator("figure", { hasText: "what it does to the street" }).locator("svg").first().waitFor();
  // A network subscription by power, from the list of rules and proposals.
  await page.getByRole("combobox", { name: "Rule or proposal" }).selectOption("network_price_by_power");
  await page.waitForURL(/x\.contracts\.dynamic_2027\.preset=network_price_by_power/);
  await page.waitForFunction(() => /by power/.test([...document.querySelectorAll("form input")].at(-1).value));
  await page.getByRole("button", { name: "Save case" }).click();
  await page.waitForFunction(() => document.querySelectorAll("main section table tbody tr td.buttons").length === 2 && !/computing/.test(document.querySelector("main").innerText));
  const second = plain(await rows.nth(1).innerText());
  assert.match(second, /by power/);
  assert.match(second, /[\d,]+\s*\(\+\d+\)/, `no difference of cost in ${second}`);
  // The same name twice is refused, at its field.
  await name.fill("as it is");
  await page.getByRole("button", { name: "Save case" }).click();
  await page.getByText("There is a case of that name already.").waitFor();
  await screenshot(page, "lab-beside", { fullPage: true });
  // A link keeps them, in the other language and on a phone.
  const link = new URL(page.url());
  assert.match(link.search, /saved=as\+it\+is/);
  link.searchParams.set("lang", "nl");
  const phone = await open(link.pathname + link.search, { width: 390 });
  await ready(phone);
  await phone.getByRole("heading", { name: "Gevallen naast elkaar" }).waitFor();
  await phone.waitForFunction(() => document.querySelectorAll("td.buttons").length === 2 && !/wordt berekend/.test(document.querySelector("main").innerText));
  await phone.waitForLoadState("networkidle");
  await fits(phone);
  await accessible(phone);
  await phone.getByRole("heading", { name: "Gevallen naast elkaar" }).scrollIntoViewIfNeeded();
  await screenshot(phone, "lab-beside-phone", { fullPage: true });
  // Shown again, another page and back, and removed by keyboard.
  await phone.getByRole("button", { name: "“as it is” in het laboratorium tonen" }).click();
  await phone.waitForFunction(() => !/preset/.test(location.search.replace(/saved=[^&]*/, "")));
  await phone.getByRole("link", { name: "Methode" }).first().click();
  await ready(phone);
  await phone.getByRole("link", { name: /^Lab/ }).first().click();
  await phone.getByRole("button", { name: "“as it is” weghalen" }).focus();
  await phone.keyboard.press("Enter");
  await phone.getByText("“as it is” is weggehaald.").waitFor();
  assert.equal(await phone.locator("td.buttons").count(), 1);
  await phone.waitForURL((url) => !/as\+it\+is/.test(url.search) && /saved=network/.test(url.search));
};

checks["profiles: a chart has a table, and downloads as SVG, PNG and CSV"] = async ({ open }) => {
  const page = await open("/profiles?lang=en");
  await ready(page);
  for (const kind of ["SVG", "PNG", "CSV"]) {
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: new RegExp(`download as ${kind}`) }).first().click();
    assert.ok((await download).suggestedFilename().endsWith(`.${kind.toLowerCase()}`));
  }
  await page.getByRole("button", { name: /table/i }).first().click();
  await page.locator("main table").first().waitFor();
};

checks["new results in the folder are told, and shown when asked for"] = async ({ open, screenshot }) => {
  for (const [path, text, button] of [
    ["/lab?lang=nl", "Er zijn nieuwe resultaten: deze pagina toont die van ervoor.", "Nieuwe resultaten tonen"],
    ["/map?lang=en", "There are new results: this page shows those from before.", "Show the new results"],
  ]) {
    const page = await open(path, { allow: /409/ });
    await ready(page);
    assert.equal(await page.getByText(text).count(), 0);
    // As if the server had just loaded another result: it refuses what is about the one before.
    await page.route("**/api/v1/study", async (route) => {
      assert.ok(route.request().headers()["getij-result"], "a request does not say which result it is about");
      await route.fulfill({ status: 409, contentType: "application/problem+json", headers: { "Getij-Result": "another" }, body: "{}" });
    });
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await page.getByText(text).waitFor();
    await fits(page);
    await screenshot(page, `replaced-${path.slice(1, 4)}`);
    await page.unroute("**/api/v1/study");
    await Promise.all([page.waitForNavigation(), page.getByRole("button", { name: button }).click()]);
    await ready(page);
    assert.equal(await page.getByText(text).count(), 0);
  }
};
