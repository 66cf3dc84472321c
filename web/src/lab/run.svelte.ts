// Runs of the laboratory, and of streets: one at a time, the last asked for wins, and what
// came out before stays until the next is ready.

import { api, Problem, type LabAnswer, type LabRequest, type QueuePlace, type StreetAnswer, type StreetRequest } from "../lib/api";
import { ofHomes, type Settings } from "./fields";
import { onceMore, pause } from "./retry";

export interface Failure {
  status: number;
  message: string;
  fields: Record<string, string>; // by key
}

export function failure(e: unknown): Failure {
  if (!(e instanceof Problem)) return { status: 0, message: e instanceof Error ? e.message : String(e), fields: {} };
  const fields: Record<string, string> = {};
  for (const x of e.errors) {
    const key = /^body\.settings\.(.+)$/.exec(x.location ?? "")?.[1];
    if (key) fields[key] = x.message ?? e.message;
  }
  return { status: e.status, message: e.message, fields };
}

export const debounceMs = 150;
const lookMs = 1500;

export class Runner<Request extends object, Answer extends { seconds: number; homes: number }> {
  answer = $state.raw<Answer | undefined>(undefined);
  answered = $state.raw<string>(""); // of which request
  failed = $state.raw<Failure | undefined>(undefined);
  since = $state<number | undefined>(undefined); // ms, when the wait began
  busy = $state(false); // asked again when there was no place
  tookMs = $state<number | undefined>(undefined); // from request to answer
  place = $state.raw<QueuePlace | undefined>(undefined); // while others come first

  #stop: AbortController | undefined;
  #known = new Map<string, Answer>();
  #secondsPerHome: number; // as the last run told
  #send: (request: Request & { ticket: string }, signal?: AbortSignal) => Promise<Answer>;

  constructor(send: (request: Request & { ticket: string }, signal?: AbortSignal) => Promise<Answer>, secondsPerHome: number) {
    this.#send = send;
    this.#secondsPerHome = secondsPerHome;
  }

  expected(homes: number): number {
    return this.#secondsPerHome * homes;
  }

  // ask starts a run after a pause in which no other is asked for; undefined stands
  // for the study itself, which needs none.
  ask(request: Request | undefined, delay = debounceMs) {
    this.#stop?.abort();
    this.#stop = undefined;
    const key = request ? JSON.stringify(request) : "";
    const known = this.#known.get(key);
    if (!request || known) {
      this.answer = known;
      this.answered = key;
      this.failed = undefined;
      this.since = undefined;
      this.busy = false;
      return;
    }
    const stop = new AbortController();
    this.#stop = stop;
    void this.#run(request, key, stop.signal, delay);
  }

  async #run(request: Request, key: string, signal: AbortSignal, delay: number) {
    try {
      await pause(delay, signal);
      this.since = performance.now();
      this.busy = false;
      const began = this.since;
      const answer = await this.compute(request, signal, () => (this.busy = true));
      if (signal.aborted) return;
      this.tookMs = performance.now() - began;
      this.answer = answer;
      this.answered = key;
      this.failed = undefined;
      this.since = undefined;
    } catch (e) {
      if (signal.aborted) return;
      this.failed = failure(e);
      this.since = undefined;
    }
    this.busy = false;
  }

  // compute answers from memory where it can.
  async compute(request: Request, signal?: AbortSignal, onbusy: () => void = () => undefined): Promise<Answer> {
    const key = JSON.stringify(request);
    const known = this.#known.get(key);
    if (known) return known;
    const answer = await onceMore(() => this.#queued(request, signal), onbusy, signal);
    this.#secondsPerHome = answer.seconds / Math.max(1, answer.homes);
    this.#known.set(key, answer);
    if (this.#known.size > 60) this.#known.delete(this.#known.keys().next().value!);
    return answer;
  }

  // queued sends a request under a ticket, and asks where it stands when it takes long.
  async #queued(request: Request, signal?: AbortSignal): Promise<Answer> {
    const ticket = Math.random().toString(36).slice(2);
    const look = async () => {
      const place = await api.labQueue(ticket).catch(() => undefined);
      if (!signal?.aborted && looking) this.place = place?.found && !place.computing ? place : undefined;
    };
    let looking = true;
    const timer = setInterval(() => void look(), lookMs);
    try {
      return await this.#send({ ...request, ticket }, signal);
    } finally {
      looking = false;
      clearInterval(timer);
      this.place = undefined;
    }
  }

  stop() {
    this.#stop?.abort();
    this.since = undefined;
    this.busy = false;
  }
}

// One for all visits to a page, so that coming back asks nothing again.
export const runner = new Runner<LabRequest, LabAnswer>(api.lab, 0.0035);
export const streets = new Runner<StreetRequest, StreetAnswer>(api.street, 0.05);

export const request = (settings: Settings, contract: string): LabRequest => ({
  settings: Object.fromEntries(Object.entries(ofHomes(settings)).sort(([a], [b]) => (a < b ? -1 : 1))),
  contract,
});
