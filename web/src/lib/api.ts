// The server's API, as far as the pages use it. What it answers is typed by its own
// description, docs/openapi.json (npm run types). Power in kW per home, positive is
// charging, unless a name says otherwise.

import { common } from "./i18n.svelte";
import type { components, paths } from "./openapi";
import { result } from "./result.svelte";
import { beside, fresh, site } from "./site";

type Schemas = components["schemas"];
export type Study = Schemas["StudyAnswer"];
export type Assumption = Schemas["AssumptionEntry"];
export type Findings = Schemas["Findings"];
export type CaseSummary = Schemas["CaseSummary"];
export type Profiles = Schemas["ProfilesAnswer"];
export type Months = Profiles["home_load_kw_by_month"]; // 12 months of 96 quarters of the local day
export type CaseProfile = Schemas["CaseProfile"];
export type Day = Schemas["DayAnswer"];
export type Regions = Schemas["RegionsAnswer"];
export type RegionName = Schemas["RegionName"];
export type Region = Schemas["RegionAnswer"];
export type Population = Schemas["PopulationAnswer"];
export type Headline = Schemas["HeadlineAnswer"];
export type LabRequest = Schemas["LabRequest"];
export type LabAnswer = Schemas["LabAnswer"];
export type StreetRequest = Schemas["StreetRequest"];
export type StreetAnswer = Schemas["StreetAnswer"];
export type StreetCase = Schemas["StreetCase"];
export type OutlookRequest = Schemas["OutlookRequest"];
export type ChainAt = Schemas["ChainAt"];
export type RegionEffects = Schemas["EffectsAnswer"];
export type QueuePlace = Schemas["LabQueueAnswer"];
export type Figure = Schemas["FigureAnswer"];
export type FigureColumn = Schemas["Column"];
export type FigureMark = Schemas["Mark"];
export type Effect = Schemas["Effect"];
export type ErrorAnswer = Schemas["ErrorModel"];

// A figure that the server draws: what is asked, and the answer.
export interface FigureAsk {
  name: string;
  query?: Query;
  body?: Schemas["LabFigureBody"] | Schemas["StreetFigureBody"]; // of figures that are drawn from the page's own numbers
}

export type HeadlineAsk = NonNullable<paths["/headline"]["get"]["parameters"]["query"]>;

// Problem is an answer in problem+json (RFC 9457).
export class Problem extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly errors: Schemas["ErrorDetail"][] = [],
    readonly retryAfter?: number, // seconds
  ) {
    super(message);
  }
}

const base = "/api/v1";

// ask sends a request about the result that the page shows.
async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  if (site) return (await import("./files")).answer(site, path, init);
  const response = await fetch(base + path, { ...init, headers: { ...init.headers, ...result.headers() } }).catch((e: unknown) => {
    if (init.signal?.aborted) throw e;
    throw new Problem(0, common("unreached")); // browsers have words of their own, in their own language
  });
  result.hear(response);
  if (response.ok) return response;
  let detail = response.statusText;
  let errors: Problem["errors"] = [];
  try {
    const body = (await response.json()) as ErrorAnswer;
    detail = body.detail ?? body.title ?? detail;
    errors = body.errors ?? [];
  } catch {
    // not JSON: the status line must do
  }
  if (response.status === 409 && result.replaced) detail = common("replaced");
  const after = Number(response.headers.get("Retry-After") ?? NaN);
  throw new Problem(response.status, detail, errors, Number.isFinite(after) ? after : undefined);
}

type Answer<Path extends keyof paths, Method extends "get" | "post"> = paths[Path] extends { [m in Method]: { responses: { 200: { content: { "application/json": infer T } } } } } ? T : never;

// at is the address of a path with its parameters in it.
const at = (path: keyof paths, values: Record<string, string> = {}) => path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name]!));

type Query = Record<string, string | number | boolean | undefined>;

function queryOf(values: Query): string {
  const chosen = Object.entries(values).filter(([, v]) => v !== undefined && v !== "");
  return chosen.length ? "?" + new URLSearchParams(chosen.map(([k, v]) => [k, String(v)])) : "";
}

async function get<Path extends keyof paths>(path: Path, values: Record<string, string> = {}, signal?: AbortSignal, query: Query = {}): Promise<Answer<Path, "get">> {
  return (await (await ask(at(path, values) + queryOf(query), signal ? { signal } : {})).json()) as Answer<Path, "get">;
}

const post = (path: string, request: object, signal?: AbortSignal) =>
  ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(request), ...(signal ? { signal } : {}) });

export const api = {
  study: () => get("/study"),
  profiles: (contract?: string) => get("/profiles", {}, undefined, { contract }),
  day: (date: string, signal?: AbortSignal) => get("/profiles/days/{date}", { date }, signal),
  regions: (downTo?: string) => get("/regions", {}, undefined, { downTo }),
  region: (code: string, signal?: AbortSignal) => get("/regions/{code}", { code }, signal),
  population: (contract: string, mode: string, year: number, season: string) => get("/population", {}, undefined, { contract, mode, year, season }),
  headline: (ask: HeadlineAsk, signal?: AbortSignal) => get("/headline", {}, signal, ask),
  figure: async ({ name, query, body }: FigureAsk, size: { width: number; lang: string; framed?: boolean }): Promise<Figure> => {
    const all = { ...query, ...size };
    return body ? ((await (await post(at("/figures/{name}", { name }) + queryOf(all), body)).json()) as Figure) : get("/figures/{name}", { name }, undefined, all);
  },
  // Charge points of a scenario in a year, regions by number.
  points: async (scenario: string, year: number, downTo?: string): Promise<Float32Array> => {
    const which = { scenario, year: String(year) };
    const path = downTo === undefined ? at("/points/{scenario}/{year}.bin", which) : at("/points/{scenario}/{year}/{level}.bin", { ...which, level: downTo });
    return new Float32Array(await (await ask(path)).arrayBuffer());
  },
  warmLab: () => void (site && import("./files").then((m) => m.warm(site!))),
  lab: async (request: LabRequest, signal?: AbortSignal) => (await (await post("/lab" satisfies keyof paths, request, signal)).json()) as Answer<"/lab", "post">,
  street: async (request: StreetRequest, signal?: AbortSignal) => (await (await post("/street" satisfies keyof paths, request, signal)).json()) as Answer<"/street", "post">,
  // The charge points that other assumptions of the outlook make.
  outlook: async (request: OutlookRequest) => (await (await post("/outlook" satisfies keyof paths, request)).json()) as Answer<"/outlook", "post">,
  outlookEffects: (region: string, scenario: string, year: number) => get("/outlook/effects", {}, undefined, { region, scenario, year }),
  labQueue: (ticket: string) => get("/lab/queue", {}, undefined, { ticket }),
  labStudy: async (request: LabRequest): Promise<Blob> => (await post("/lab/study" satisfies keyof paths, request)).blob(),
  // Whether another result is served is heard in the answer, whatever it is.
  look: () => (site ? undefined : ask("/study", { method: "HEAD" }).catch(() => undefined)),
  file: (name: string) => (site ? beside(`files/${name}`) : `${base}/files/${name}`),
  tiles: (level: string) => (site ? `pmtiles://${fresh(`tiles/${level}.pmtiles`, site)}/{z}/{x}/{y}` : `${location.origin}${base}/tiles/${level}/{z}/{x}/{y}.mvt`),
};
