// What a site of files answers, in place of a server.

import { Problem } from "./api";
import { common } from "./i18n.svelte";
import { beside, fileOf, type Question, type Site } from "./site";

// answer is what the API would answer to a request.
export async function answer(site: Site, request: string, init: RequestInit): Promise<Response> {
  const [path, query] = request.split("?") as [string, string?];
  const question: Question = { path, query: Object.fromEntries(new URLSearchParams(query)) };
  const found = init.method === "POST" ? undefined : fileOf(question, site);
  if (!found) throw new Problem(501, common("noServer"));
  const response = await fetch(beside(found.file), init.signal ? { signal: init.signal } : {}).catch((e: unknown) => {
    if (init.signal?.aborted) throw e;
    throw new Problem(0, common("unreached"));
  });
  if (!response.ok) throw new Problem(response.status, common("missingFile").replace("{file}", found.file));
  if (found.key === undefined) return response;
  const all = (await response.json()) as Record<string, unknown>;
  if (!(found.key in all)) throw new Problem(404, common("noRegion").replace("{code}", found.key));
  return Response.json(all[found.key]);
}
