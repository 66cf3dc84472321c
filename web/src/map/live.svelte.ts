// A value under a slider: it follows the hand at once, and goes into the address
// when the hand rests. Browsers refuse more than some hundred changes of the
// address in half a minute.

const restMS = 250;

export class Live {
  #now = $state<number | undefined>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #settled: () => number;
  #settle: (v: number) => void;

  constructor(settled: () => number, settle: (v: number) => void) {
    this.#settled = settled;
    this.#settle = settle;
  }

  get value(): number {
    return this.#now ?? this.#settled();
  }

  set value(v: number) {
    this.#now = v;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), restMS);
  }

  // flush writes what is not yet in the address.
  flush() {
    clearTimeout(this.#timer);
    const v = this.#now;
    if (v === undefined) return;
    this.#settle(v);
    this.#now = undefined;
  }
}
