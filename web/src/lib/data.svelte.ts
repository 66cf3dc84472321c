// What the server holds, fetched once and shared by all pages.

import { api, type ChainAt, type OutlookRequest, type Population, type Profiles, type RegionEffects, type Regions, type Study } from "./api";

// Loaded is something on its way: a value, or an error, or neither yet.
export class Loaded<T> {
  value = $state.raw<T | undefined>(undefined);
  error = $state<string | undefined>(undefined);
  #fetch: () => Promise<T>;
  #started = false;

  constructor(fetch: () => Promise<T>) {
    this.#fetch = fetch;
  }

  // load starts fetching, once; again after an error.
  load(): this {
    if (!this.#started) {
      this.#started = true;
      this.error = undefined;
      this.#fetch().then(
        (v) => (this.value = v),
        (e: unknown) => {
          this.#started = false;
          this.error = e instanceof Error ? e.message : String(e);
        },
      );
    }
    return this;
  }
}

export const study = new Loaded<Study>(api.study);
export const profiles = new Loaded<Profiles>(() => api.profiles());
export const regions = new Loaded<Regions>(() => api.regions());

// made makes what is loaded for a key, once.
function made<T>(all: Map<string, Loaded<T>>, key: string, fetch: () => Promise<T>): Loaded<T> {
  let l = all.get(key);
  if (!l) all.set(key, (l = new Loaded(fetch)));
  return l;
}

const ofContract = new Map<string, Loaded<Profiles>>();
const downTo = new Map<string, Loaded<Regions>>();
const byYear = new Map<string, Loaded<Float32Array>>();

// profilesOf has the cases of a contract; all of them where they are there anyway.
export const profilesOf = (contract: string): Loaded<Profiles> => (profiles.value ? profiles : made(ofContract, contract, () => api.profiles(contract)));

// regionsDownTo leaves finer levels out; numbers are the same.
export const regionsDownTo = (level: string): Loaded<Regions> => made(downTo, level, () => api.regions(level));

// knownRegions are the most that are there.
export const knownRegions = (): Regions | undefined => regions.value ?? [...downTo.values()].find((l) => l.value)?.value;

// points of a scenario in a year, regions by number, down to a level or all: a view needs
// few of all years.
export const points = (scenario: string, year: number, level?: string): Loaded<Float32Array> =>
  made(byYear, `${scenario} ${year} ${level ?? ""}`, () => api.points(scenario, year, level));

// populationOf are the evenings of regions with homes of their own.
const byPopulation = new Map<string, Loaded<Population>>();
export const populationOf = (contract: string, mode: string, year: number, season: string): Loaded<Population> =>
  made(byPopulation, JSON.stringify([contract, mode, year, season]), () => api.population(contract, mode, year, season));

// What a reader's own assumptions of the outlook make; of a slider's many places the last
// ones stay.
const most = 60;
function lately<T>(all: Map<string, Loaded<T>>, key: string, fetch: () => Promise<T>): Loaded<T> {
  const l = made(all, key, fetch);
  if (all.size > most) all.delete(all.keys().next().value!);
  return l;
}
const assumedPoints = new Map<string, Loaded<Float32Array>>();
const assumedChains = new Map<string, Loaded<ChainAt[]>>();
const effects = new Map<string, Loaded<RegionEffects>>();

export const outlookPoints = (settings: OutlookRequest["settings"], scenario: string, year: number, downTo?: string): Loaded<Float32Array> =>
  lately(assumedPoints, JSON.stringify([settings, scenario, year, downTo]), async () => Float32Array.from((await api.outlook({ settings, scenario, year, ...(downTo === undefined ? {} : { down_to: downTo }) })).home_charge_points));

export const outlookChains = (settings: OutlookRequest["settings"], scenario: string, year: number, downTo: string, regions: string[]): Loaded<ChainAt[]> =>
  lately(assumedChains, JSON.stringify([settings, scenario, year, regions]), async () => (await api.outlook({ settings, scenario, year, down_to: downTo, regions })).regions);

export const outlookEffects = (region: string, scenario: string, year: number): Loaded<RegionEffects> => lately(effects, `${region} ${scenario} ${year}`, () => api.outlookEffects(region, scenario, year));
