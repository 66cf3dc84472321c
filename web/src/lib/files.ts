// What a site of files answers, in place of a server.

import { Problem } from "./api";
import { common } from "./i18n.svelte";
import { Kernels } from "./kernel";
import { fileOf, fresh, type Question, type Site } from "./site";

let kernels: Kernels | undefined;

// computed says whether the kernel has an answer: streets and other outlooks have none, nor
// has a laboratory whose homes are made of files that are not here.
const computed = (path: string, site: Site) => path === "/headline" || (path.startsWith("/lab") && !site.lab && path !== "/lab/queue") || (path.startsWith("/figures/") && !path.startsWith("/figures/street-"));

// warm readies the laboratory, as its page opens: its code and the study's need not wait for
// what the page loads first.
export const warm = (site: Site) => (site.lab ? undefined : (kernels ??= new Kernels(site)).warm());

// answer is what the API would answer to a request.
export async function answer(site: Site, request: string, init: RequestInit): Promise<Response> {
  const [path, query] = request.split("?") as [string, string?];
  const question: Question = { path, query: Object.fromEntries(new URLSearchParams(query)) };
  const found = init.method === "POST" ? undefined : fileOf(question, site);
  if (!found) {
    if (!computed(path, site)) throw new Problem(501, common("noServer"));
    kernels ??= new Kernels(site);
    return new Response(await kernels.ask(question, typeof init.body === "string" ? init.body : "", init.signal ?? undefined));
  }
  const response = await fetch(fresh(found.file, site), init.signal ? { signal: init.signal } : {}).catch((e: unknown) => {
    if (init.signal?.aborted) throw e;
    throw new Problem(0, common("unreached"));
  });
  if (!response.ok) throw new Problem(response.status, common("missingFile").replace("{file}", found.file));
  if (found.key === undefined) return response;
  const all = (await response.json()) as Record<string, unknown>;
  if (!Object.hasOwn(all, found.key)) throw new Problem(404, common("noRegion").replace("{code}", found.key));
  return Response.json(all[found.key]);
}
