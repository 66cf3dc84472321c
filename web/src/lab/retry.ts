// A laboratory that is busy is asked once more, after the pause it names.

export interface Busy {
  status: number;
  retryAfter?: number | undefined; // seconds
}

// isBusy: all places are taken, by others or by this reader's own runs.
export const isBusy = (status: number | undefined) => status === 503 || status === 429;

export const pause = (ms: number, signal?: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });

export async function onceMore<T>(run: () => Promise<T>, onbusy: (seconds: number) => void, signal?: AbortSignal, wait = pause): Promise<T> {
  try {
    return await run();
  } catch (e) {
    const busy = e as Partial<Busy>;
    if (!isBusy(busy.status)) throw e;
    const seconds = Math.min(10, Math.max(1, busy.retryAfter ?? 2));
    onbusy(seconds);
    await wait(1000 * seconds, signal);
    return run();
  }
}
