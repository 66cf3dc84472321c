// All state is in the address: a page, and parameters. What is at its default is
// left out, so a shared link is short and stays right when defaults change.
// Components read `address.page` and `address.get("year")` (reactive) and change
// state with `address.set({ year: "2035" })`.

import { number } from "./number";
import { site } from "./site";

export const pages = ["map", "profiles", "street", "lab", "method"] as const;
export type Page = (typeof pages)[number];

class Address {
  page = $state<Page>("map");
  missing = $state(""); // the name of a page that does not exist
  embed = $state(false); // /embed/map: no navigation around it
  #params = $state<Record<string, string>>({});
  #late: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.#read();
    addEventListener("popstate", () => this.#read());
  }

  #read() {
    const { page: named, embed, ...params } = Object.fromEntries(new URLSearchParams(location.search));
    const parts = location.pathname.split("/").filter(Boolean);
    // A site of files has one page, which tells by parameters what it shows.
    this.embed = site ? embed !== undefined : parts[0] === "embed";
    const name = site ? named : this.embed ? parts[1] : parts[0];
    const page = pages.find((p) => p === name);
    this.page = page ?? "map";
    this.missing = page || !name ? "" : name;
    this.#params = params;
  }

  get(name: string, otherwise = ""): string {
    return this.#params[name] ?? otherwise;
  }

  // named are the parameters whose names begin so.
  named(prefix: string): [name: string, text: string][] {
    return Object.entries(this.#params).filter(([name]) => name.startsWith(prefix));
  }

  number(name: string, otherwise: number, least = -Infinity, most = Infinity): number {
    return number(this.get(name), otherwise, least, most);
  }

  // set changes parameters; undefined removes one. Changes that follow the hand
  // (a slider) replace the entry in the history, others push one.
  set(change: Record<string, string | undefined>, options: { push?: boolean; page?: Page } = {}) {
    const params: Record<string, string> = { ...this.#params };
    for (const [name, value] of Object.entries(change)) {
      if (value === undefined) delete params[name];
      else params[name] = value;
    }
    this.#params = params;
    if (options.page) {
      this.page = options.page;
      this.missing = "";
    }
    const url = this.#at(this.missing || (options.page ?? this.page), params, this.embed);
    if (url === location.pathname + location.search) return;
    clearTimeout(this.#late);
    if (options.push || options.page) {
      history.pushState(null, "", url);
      return;
    }
    // A slider moves often; browsers limit how often an address may change.
    this.#late = setTimeout(() => history.replaceState(null, "", url), 150);
  }

  // link is the address of a page; without parameters those that pages share are
  // kept.
  link(page: Page, params?: Record<string, string>): string {
    return this.#at(page, params ?? this.shared(), this.embed);
  }

  // unframed is the address of what an embed shows, with navigation around it.
  unframed(): string {
    return this.#at(this.page, this.#params, false);
  }

  #at(page: string, params: Record<string, string>, embed: boolean): string {
    const place = site ? { ...(page === "map" ? {} : { page }), ...(embed ? { embed: "map" } : {}) } : {};
    const query = new URLSearchParams({ ...place, ...params }).toString();
    const path = site ? location.pathname : `${embed ? "/embed" : ""}/${page}`;
    return query ? `${path}?${query}` : path;
  }

  shared(): Record<string, string> {
    const keep = ["lang", "theme", "year", "scenario", "adoption", "contract", "season", "kw", "region", "compare"];
    return Object.fromEntries(Object.entries(this.#params).filter(([name]) => keep.includes(name) || (name.startsWith("x.") && !name.startsWith("x.street."))));
  }
}

export const address = new Address();
