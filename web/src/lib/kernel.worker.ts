// Runs what `getij site` puts beside the page: the server's own answers, as WebAssembly.

import { unpack } from "./lzma";

type Answer = { ok: Uint8Array<ArrayBuffer> } | { status: number; detail: string; errors: object[] };
type Kernel = Record<"open" | "add" | "ask", (...values: unknown[]) => Answer>;
interface Scope {
  getij: Kernel;
  getijReady: () => void;
  Go: new () => { importObject: WebAssembly.Imports; run(instance: WebAssembly.Instance): Promise<void> };
}
const scope = globalThis as unknown as Scope & { onmessage: (event: MessageEvent<Call>) => void; postMessage(message: object, transfer?: Transferable[]): void; reportError(e: Error): void };

export interface Call {
  id: number;
  call: "compile" | "start" | keyof Kernel;
  values: unknown[];
}

async function start(script: string, code: WebAssembly.Module) {
  await import(/* @vite-ignore */ script);
  const go = new scope.Go();
  const ready = new Promise<void>((done) => (scope.getijReady = done));
  // It ends where it has no memory left; the page starts another for its next question.
  void go.run(await WebAssembly.instantiate(code, go.importObject)).then(() => scope.reportError(new Error("the program has ended")));
  await ready;
}

scope.onmessage = async ({ data: { id, call, values } }) => {
  try {
    if (call === "compile") {
      scope.postMessage({ id, ok: await WebAssembly.compile(unpack(values[0] as Uint8Array)) });
      return;
    }
    if (call === "start") {
      await start(...(values as Parameters<typeof start>));
      scope.postMessage({ id, ok: undefined });
      return;
    }
    const answer = scope.getij[call](...values);
    scope.postMessage({ id, ...answer }, "ok" in answer ? [answer.ok.buffer] : []);
  } catch (e) {
    scope.postMessage({ id, status: 500, detail: e instanceof Error ? e.message : String(e), errors: [] });
  }
};
