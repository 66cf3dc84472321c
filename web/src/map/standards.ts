// What standards and rules let home charge points do.

import type { Study } from "../lib/api";

// canDischarge is the share of home charge points that standards let feed in, at most.
export function canDischarge(study: Study, scenario: string, year: number): number | undefined {
  return study.standards.find((s) => s.scenario === scenario)?.can_discharge[year - study.first_year] ?? undefined;
}
