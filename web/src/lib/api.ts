// The server's API (/api/v1/openapi.json), as far as the pages use it. Power in kW
// per home, positive is charging, unless a name says otherwise.

import { common } from "./i18n.svelte";
import { result } from "./result.svelte";

export type Months = (number | null)[][]; // 12 months of 96 quarters of the local day

export interface CaseSummary {
  contract: string;
  mode: string;
  evening_mean_kw: number;
  peak_charge_kw: number;
  peak_discharge_kw: number;
  charged_kwh: number;
  discharged_kwh: number;
  fed_in_kwh: number;
  own_solar_kwh: number;
  energy_cost_eur: number;
  saving_vs_regular_eur: number | null;
  sessions: number;
  plugged_in_share: number;
}

export interface PotentialSummary {
  year: number;
  scenario: string;
  adoption: number;
  home_charge_points: number;
  kw_per_charge_point: number | null;
  sd_kw_per_charge_point: number | null;
  flexible_power_gw: number;
  contract: string;
  dwellings: number;
  regions: number;
  schematic_map: boolean;
  top_gemeenten: { code: string; name: string; potential_mw: number }[];
}

export interface Assumption {
  key: string;
  value: string;
  default: string;
  unit: string;
  description: string;
  description_nl: string;
  source: string;
  least?: number;
  most?: number;
}

export interface Input {
  kind: string;
  file: string;
  sha256: string;
  format?: string;
  column?: string;
  rows: number;
  from: string;
  to: string;
  source: string;
  synthetic: boolean;
  notes?: string[];
  mends: { what: string; count: number; where: string[] }[];
}

// Findings are what the study found, in sentences.
export interface Findings {
  contract: string;
  mode: string;
  findings: { about: string; key: string; contract?: string; mode?: string; en: string; nl: string }[];
}

export interface Study {
  findings: Findings;
  summary: { study: string; year: number; homes: number; seed: number; steps: number; cases: CaseSummary[]; potential: PotentialSummary | null };
  written: string;
  program: string;
  contracts: { name: string; kind: string; net_metering: boolean; rules: string; used_for_potential: boolean }[];
  modes: string[];
  scenarios: string[];
  first_year: number;
  last_year: number;
  adoption: number;
  kw_rule: "fixed" | "computed" | "coincidence" | "report";
  season: string; // of kw_per_charge_point, where it is computed
  seasons: { season: string; months: number[] }[];
  report_kw_per_charge_point: number;
  kw_per_charge_point: number | null;
  sd_kw_per_charge_point: number | null;
  assumptions: Assumption[];
  outlook_settings: { scenario: string; quantity: string; year: number; value: number; source: string }[];
  inputs: Input[];
  changes: Record<string, number>;
  notes: string[];
  synthetic_inputs: string[];
  schematic_map: boolean;
  levels: { level: string; regions: number; outlines: boolean }[];
  bounds: [number, number, number, number] | [];
  background_map: string;
  lab: { most_homes: number };
  files: string[];
}

export interface Spread {
  p5: number;
  p50: number;
  p95: number;
}

export interface CaseProfile {
  contract: string;
  mode: string;
  summary: CaseSummary;
  kw_by_month: Months;
  kw_by_week: (number | null)[];
  coincidence: { homes: number; peak_charge_kw: Spread; peak_discharge_kw: Spread }[];
  homes_evening_kw: number[];
  homes_discharged_kwh: number[];
  homes_saving_eur: number[];
}

export interface Profiles {
  year: number;
  home_load_kw_by_month: Months;
  home_solar_kw_by_month: Months;
  cases: CaseProfile[];
}

export interface Day {
  date: string;
  utc_start: string;
  local_time: string[]; // 92, 96 or 100
  home_load_kw: number[];
  home_solar_kw: number[];
  cases: { contract: string; mode: string; kw: number[] }[];
}

// A region's number is its place in these lists, in tiles (the feature's id) and
// in points.
export interface Regions {
  code: string[];
  name: string[];
  level: number[]; // place in levels
  levels: string[]; // from coarse to fine
  parent: number[]; // -1 for the whole
  lon: (number | null)[];
  lat: (number | null)[];
  dwellings: number[];
  dwellings_with_driveway: number[];
  capacity_kw: (number | null)[];
}

export interface RegionName {
  number: number;
  code: string;
  name: string;
  level: string;
}

export interface Chain {
  cars: number[];
  vans: number[];
  electric_share_cars: number[];
  electric_share_vans: number[];
  usual_point_share_cars: number[]; // where cars_to_usual is 1
  usual_point_share_vans: number[];
  home_charge_points_cars: number[];
  home_charge_points_vans: number[];
  home_charge_points: number[];
}

export interface Region extends RegionName {
  parents: RegionName[];
  children: number;
  near: RegionName[];
  dwellings: number;
  dwellings_with_driveway: number;
  cars_to_usual: number | null; // cars per household against gemeenten that live alike
  vans_to_usual: number | null;
  capacity_kw: number | null;
  years: number[];
  chain: Record<string, Chain>;
}

// Told is a headline and the sentences that follow it.
export interface Told {
  lead: string;
  rest: string[];
}

export interface HeadlineAsk {
  region?: string | undefined; // code
  contract: string;
  mode: string;
  season: string;
  scenario: string;
  year: number;
  adoption: number; // share
  kw: string;
}

export interface LabRequest {
  settings: Record<string, unknown>;
  contract?: string;
}

export interface LabAnswer {
  contract: string;
  homes: number;
  cases: { mode: string; summary: CaseSummary; kw_by_month: Months; kw_by_week: (number | null)[] }[];
  home_load_kw_by_month: Months;
  home_solar_kw_by_month: Months;
  notes: string[];
  changed: Assumption[]; // default holds the base study's value
  seconds: number;
  waited_seconds: number;
}

// A figure that the server draws: what is asked, and the answer.
export interface FigureAsk {
  name: string;
  query?: Record<string, string | number | undefined>;
  body?: object; // of figures that are drawn from the page's own numbers
}

export interface FigureColumn {
  label: string;
  unit?: string;
  decimals?: number; // that are worth reading
  power?: boolean; // positive is charging, negative feeding in
  text?: string[];
  values?: (number | null)[];
}

export interface FigureReading {
  label?: string;
  column: number;
  row?: number; // further down than the box's own
  band?: boolean; // the columns before and after it are its limits
  class?: string;
  dash?: string;
}

// A mark is a row of n boxes side by side, each of which stands for a row of the
// table.
export interface FigureMark {
  x: number;
  y: number;
  w: number;
  h: number;
  n: number;
  row: number;
  title?: string;
  named?: boolean; // the table's last column of words names the boxes
  readings: FigureReading[];
  bottom?: number; // values at the edges
  top?: number;
}

export interface Figure {
  title: string;
  subtitle: string;
  note: string;
  description: string;
  file: string[];
  width: number;
  height: number;
  svg: string;
  cursor: "cell" | "line" | "row" | "";
  table: FigureColumn[];
  marks: FigureMark[];
}

// Problem is an answer in problem+json (RFC 9457).
export class Problem extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly errors: { location?: string; message?: string; value?: unknown }[] = [],
    readonly retryAfter?: number, // seconds
  ) {
    super(message);
  }
}

const base = "/api/v1";

// ask sends a request about the result that the page shows.
async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(base + path, { ...init, headers: { ...init.headers, ...result.headers() } });
  result.hear(response);
  if (response.ok) return response;
  let detail = response.statusText;
  let errors: Problem["errors"] = [];
  try {
    const body = (await response.json()) as { detail?: string; title?: string; errors?: Problem["errors"] };
    detail = body.detail ?? body.title ?? detail;
    errors = body.errors ?? [];
  } catch {
    // not JSON: the status line must do
  }
  if (response.status === 409 && result.replaced) detail = common("replaced");
  const after = Number(response.headers.get("Retry-After") ?? NaN);
  throw new Problem(response.status, detail, errors, Number.isFinite(after) ? after : undefined);
}

async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await (await ask(path, signal ? { signal } : {})).json()) as T;
}

function queryOf(values: Record<string, string | number | boolean | undefined>): string {
  const query = new URLSearchParams();
  for (const [k, v] of Object.entries(values)) if (v !== undefined && v !== "") query.set(k, String(v));
  return query.toString();
}

const post = (path: string, request: object, signal?: AbortSignal) =>
  ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(request), ...(signal ? { signal } : {}) });

export const api = {
  study: () => get<Study>("/study"),
  profiles: () => get<Profiles>("/profiles"),
  day: (date: string, signal?: AbortSignal) => get<Day>(`/profiles/days/${encodeURIComponent(date)}`, signal),
  regions: () => get<Regions>("/regions"),
  region: (code: string, signal?: AbortSignal) => get<Region>(`/regions/${encodeURIComponent(code)}`, signal),
  headline: (ask: HeadlineAsk, signal?: AbortSignal) => get<{ en: Told; nl: Told }>(`/headline?${queryOf({ ...ask })}`, signal),
  figure: async (ask: FigureAsk, size: { width: number; lang: string; framed?: boolean }): Promise<Figure> => {
    const path = `/figures/${encodeURIComponent(ask.name)}?${queryOf({ ...ask.query, ...size })}`;
    return ask.body ? ((await (await post(path, ask.body)).json()) as Figure) : get<Figure>(path);
  },
  // Charge points of a scenario: year by year, regions by number.
  points: async (scenario: string): Promise<Float32Array> => new Float32Array(await (await ask(`/points/${encodeURIComponent(scenario)}.bin`)).arrayBuffer()),
  lab: async (request: LabRequest, signal?: AbortSignal): Promise<LabAnswer> => (await (await post("/lab", request, signal)).json()) as LabAnswer,
  labStudy: async (request: LabRequest): Promise<Blob> => (await post("/lab/study", request)).blob(),
  // Whether another result is served is heard in the answer, whatever it is.
  look: () => ask("/study", { method: "HEAD" }).catch(() => undefined),
  file: (name: string) => `${base}/files/${name}`,
  tiles: (level: string) => `${location.origin}${base}/tiles/${level}/{z}/{x}/{y}.mvt`,
};
