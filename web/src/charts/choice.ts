// The contract and the way to charge that a page shows: from the address, else the
// ones that the study's potential uses.

import type { Study } from "../lib/api";
import { address } from "../lib/address.svelte";

export const defaultContract = (study: Study) => (study.contracts.find((c) => c.used_for_potential) ?? study.contracts[0])?.name ?? "";

export function chosenContract(study: Study): string {
  const asked = address.get("contract");
  return study.contracts.some((c) => c.name === asked) ? asked : defaultContract(study);
}

export const defaultMode = (study: Study) => (study.modes.includes("v2g") ? "v2g" : (study.modes.at(-1) ?? ""));

export function chosenMode(study: Study): string {
  const asked = address.get("mode");
  return study.modes.includes(asked) ? asked : defaultMode(study);
}
