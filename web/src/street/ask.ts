// What is asked of a street: its settings, and the charge points of a region's outlook.

import type { Region, StreetAnswer, StreetCase, StreetRequest, Study } from "../lib/api";
import type { Settings } from "../lab/fields";

export const shareKey = "street.charge_point_share";
export const country = "NL00"; // all gemeenten together

const short = (v: number) => Number(Math.min(1, v).toFixed(4));

// shareIn is the number of home charge points per dwelling of a region in a year.
export function shareIn(region: Region, scenario: string, year: number): number | undefined {
  const points = region.chain[scenario]?.home_charge_points[region.years.indexOf(year)];
  return points === undefined || !(region.dwellings > 0) ? undefined : short(points / region.dwellings);
}

// request is what is asked: what differs from the study, the region's share of charge
// points where no other is given, and its shares over the years.
export function request(study: Study, draft: Settings, contract: string, coordinate: string, region: Region | undefined, scenario: string, year: number): StreetRequest {
  const settings: Settings = { ...draft };
  if (region) {
    const share = shareIn(region, scenario, year);
    if (!(shareKey in settings) && share !== undefined) settings[shareKey] = share;
    const own = study.assumptions.find((a) => a.key === "outlook.scenario")?.value;
    const years = study.assumptions.find((a) => a.key === "street.years")?.value.match(/\d+/g)?.map(Number) ?? [];
    const shares = years.map((y) => shareIn(region, scenario, y));
    // The server knows the outlook of the country in the study's scenario itself.
    if ((region.code !== country || scenario !== own) && shares.length && shares.every((v) => v !== undefined)) settings["street.charge_point_share_by_year"] = shares;
  }
  return {
    settings: Object.fromEntries(Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1))),
    contract,
    ...(coordinate ? { coordinate } : {}),
  };
}

// growthOf is what a figure is drawn from, of all ways to charge.
export const growthOf = (a: StreetAnswer) =>
  a.cases.map((c) => ({
    mode: c.mode,
    growth: { charge_points: c.charge_points, peak_kw: c.peak_kw, feed_in_kw: c.feed_in_kw, hours_beyond: c.hours_beyond, hours_beyond_feed_in: c.hours_beyond_feed_in, streets_holding: c.streets_holding },
  }));

// at is the place of the charge points that were asked for in a case's lists.
export const at = (a: StreetAnswer, c: StreetCase) => c.charge_points.indexOf(a.charge_points);

// tell joins the sentences about one thing, of a way to charge.
export const tell = (a: StreetAnswer, about: string, language: "nl" | "en", mode?: string) =>
  a.findings
    .filter((f) => f.about === about && (!mode || f.mode === mode))
    .map((f) => f[language])
    .join(" ");
