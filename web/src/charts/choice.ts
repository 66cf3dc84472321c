// What a page shows: of the address, else the study's. One for all pages, so that a reader
// who goes from one to the other stays with the same contract.

import type { Study } from "../lib/api";
import { address } from "../lib/address.svelte";

// yearOf is the year of the forecast.
export const yearOf = (study: Study) => Math.round(address.number("year", study.summary.potential?.year ?? study.last_year, study.first_year, study.last_year));

// defaultContract is the one that stands for a year, as the server has it: from the end of
// net metering on one without.
export const defaultContract = (study: Study, year = yearOf(study)) => study.contract_by_year[year - study.first_year] ?? study.contracts[0]?.name ?? "";

export function chosenContract(study: Study): string {
  const asked = address.get("contract");
  return study.contracts.some((c) => c.name === asked) ? asked : defaultContract(study);
}

// chosenSeason is what powers and peaks are told of.
export function chosenSeason(study: Study): string {
  const asked = address.get("season");
  return study.seasons.some((s) => s.season === asked) ? asked : study.season;
}

export const defaultMode = (study: Study) => (study.modes.includes("v2g") ? "v2g" : (study.modes.at(-1) ?? ""));

export function chosenMode(study: Study): string {
  const asked = address.get("mode");
  return study.modes.includes(asked) ? asked : defaultMode(study);
}
