// Regions in full, fetched once each.

import { api, type Region } from "../lib/api";
import { Loaded } from "../lib/data.svelte";

const most = 60;
const byCode = new Map<string, Loaded<Region>>();

export function detail(code: string): Loaded<Region> {
  let d = byCode.get(code);
  if (!d) {
    d = new Loaded(() => api.region(code));
    byCode.set(code, d);
    // The oldest goes; who still shows it keeps it.
    if (byCode.size > most) byCode.delete(byCode.keys().next().value!);
  }
  return d;
}
