// What the server holds, fetched once and shared by all pages.

import { api, type Profiles, type Regions, type Study } from "./api";

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
export const profiles = new Loaded<Profiles>(api.profiles);
export const regions = new Loaded<Regions>(api.regions);

const byYear = new Map<string, Loaded<Float32Array>>();

// points of a scenario in a year, regions by number: a view needs few of all years.
export function points(scenario: string, year: number): Loaded<Float32Array> {
  const key = `${scenario} ${year}`;
  let p = byYear.get(key);
  if (!p) {
    p = new Loaded(() => api.points(scenario, year));
    byYear.set(key, p);
  }
  return p;
}
