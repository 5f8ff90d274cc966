/** Where blocks stand. */

export interface ToPlace {
  /** Of each block: those it takes from. */
  readonly from: readonly (readonly number[])[];
  readonly width: number;
  readonly height: number;
}

export interface Placed {
  /** Middles of the blocks. */
  readonly at: readonly { readonly x: number; readonly y: number }[];
  readonly width: number;
  readonly height: number;
}

/** A block's size. */
export const BLOCK = { width: 150, height: 44 } as const;

/** In a worker, so that the page answers; aborting ends it. Errors: the signal's reason. */
export const placed = (from: ToPlace["from"], signal: AbortSignal): Promise<Placed> =>
  new Promise((done, failed) => {
    const worker = new Worker(new URL("./layout.ts", import.meta.url), { type: "module" });
    const end = () => {
      worker.terminate();
      failed(signal.reason);
    };
    signal.addEventListener("abort", end, { once: true });
    worker.addEventListener("message", ({ data }: MessageEvent<Placed>) => {
      signal.removeEventListener("abort", end);
      worker.terminate();
      done(data);
    });
    worker.addEventListener("error", ({ message }) => failed(new Error(message)));
    worker.postMessage({ from, ...BLOCK } satisfies ToPlace);
  });
