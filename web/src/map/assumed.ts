// What the map shows under a reader's own assumptions: the laboratory's homes, and the
// charge points that the outlook makes of them.

import type { ChainAt, LabAnswer, Profiles, Region } from "../lib/api";

// profilesOf are the laboratory's homes in the form of the study's. It knows no groups of
// homes and no single quarter-hours.
export const profilesOf = (lab: LabAnswer, year: number): Profiles => ({
  year,
  home_load_kw_by_month: lab.home_load_kw_by_month,
  home_solar_kw_by_month: lab.home_solar_kw_by_month,
  cases: lab.cases.map((c) => ({
    ...c,
    contract: lab.contract,
    coincidence: [],
    highest_steps: { utc_start: [], home_load_kw: [], dwelling_solar_kw: [], kw: [], regular_kw: [] },
    homes_evening_kw: [],
    homes_discharged_kwh: [],
    homes_saving_eur: [],
  })),
});

// overlaid is a region with the chain of a year put in its place; other years are the study's.
export function overlaid(region: Region, chain: ChainAt | undefined, scenario: string, at: number): Region {
  const own = region.chain[scenario];
  if (!chain || !own) return region;
  const put = (list: number[], v: number) => list.map((x, k) => (k === at ? v : x));
  return {
    ...region,
    dwellings_with_driveway: chain.dwellings_with_driveway,
    chain: {
      ...region.chain,
      [scenario]: {
        ...own,
        usual_point_share_cars: put(own.usual_point_share_cars, chain.usual_point_share_cars),
        usual_point_share_vans: put(own.usual_point_share_vans, chain.usual_point_share_vans),
        home_charge_points_cars: put(own.home_charge_points_cars, chain.home_charge_points_cars),
        home_charge_points_vans: put(own.home_charge_points_vans, chain.home_charge_points_vans),
        home_charge_points: put(own.home_charge_points, chain.home_charge_points),
      },
    },
  };
}
