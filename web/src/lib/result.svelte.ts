// The result that this page is about. The server names it in every answer, and
// refuses requests about another (409): a page never shows a mix of two.

const header = "Getij-Result";

export class Result {
  replaced = $state(false); // another is served now: the page must be loaded again
  #tag = "";

  // headers say which result a request is about.
  headers(): Record<string, string> {
    return this.#tag ? { [header]: this.#tag } : {};
  }

  // hear learns from an answer: the first says what the page is about.
  hear(response: { headers: Pick<Headers, "get"> }) {
    const tag = response.headers.get(header);
    if (!tag) return; // of something in between
    this.#tag ||= tag;
    if (tag !== this.#tag) this.replaced = true;
  }
}

export const result = new Result();
