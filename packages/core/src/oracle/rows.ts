/**
 * Many inputs through one session: rows are written straight into the batch, and results are handed out row by row, so that memory
 * stays that of one batch. The batch size grows while it pays: the first rows of the work are the probe.
 */
import { fail } from "../errors.ts";
import { type FloatTensor, sampleOf } from "../tensor/float.ts";
import type { Meter } from "./meter.ts";

export interface Rows {
  readonly count: number;
  /** Which sample of the explained batch row k belongs to: it gets that sample's target and other inputs. */
  sample(k: number): number;
  /** Writes row k; `into` holds whatever was there before. */
  write(k: number, into: Float32Array): void;
  /** Writes what row k is compared with, for recipes that take a reference. */
  reference?(k: number, into: Float32Array): void;
}

export interface StreamOptions {
  readonly signal?: AbortSignal | undefined;
  readonly meter?: Meter | undefined;
  /** Fixed by the model, or asked for; else found by trying. */
  readonly batch?: number | undefined;
  /** Largest batch, by memory. */
  readonly most: number;
}

/** Rows of the same sample, one after another. */
export const repeatedRows = (
  samples: number,
  perSample: number,
  write: (n: number, k: number, into: Float32Array) => void,
): Rows => ({
  count: samples * perSample,
  sample: (k) => Math.floor(k / perSample),
  write: (k, into) => write(Math.floor(k / perSample), k % perSample, into),
});

/** The samples themselves, one row each. */
export const ownRows = (x: FloatTensor): Rows => repeatedRows(x.dims[0]!, 1, (n, _, into) => into.set(sampleOf(x, n)));

const WORTH_IT = 0.95; // a larger batch must save 5 % a row

/** Starts rows from … from + n − 1 and gives what is to be done with the outcome. */
export type Begin = (from: number, n: number) => Promise<() => void>;

/**
 * Calls `begin(from, n)` for one batch after another until all rows are done. Once the size is settled the next batch is begun while
 * the one before runs, so that a runtime in a thread of its own never waits for rows.
 */
export const inBatches = async (count: number, begin: Begin, { signal, meter, batch, most }: StreamOptions): Promise<void> => {
  let size = batch ?? 1;
  let best = Number.POSITIVE_INFINITY; // ms a row
  let settled = batch !== undefined;
  let warm = false;
  let ahead: (() => Promise<void>) | undefined;
  meter?.starts(count);
  for (let from = 0; from < count; ) {
    if (signal?.aborted) throw fail("Aborted", { what: "stopped" }, signal.reason);
    const n = Math.min(size, count - from);
    const started = performance.now();
    const running = begin(from, n);
    running.catch(() => undefined); // heard below
    const finish = async () => {
      (await running)();
      meter?.ran(n);
    };
    from += n;
    if (settled) {
      await ahead?.();
      ahead = finish;
      continue;
    }
    await finish();
    const cost = (performance.now() - started) / n;
    if (n < size) continue;
    if (!warm) {
      warm = true; // a session's first run is slower
      continue;
    }
    if (cost < best * WORTH_IT && size * 2 <= most) [best, size] = [cost, size * 2];
    else {
      if (cost > best) size = Math.max(1, size / 2);
      settled = true;
    }
  }
  await ahead?.();
};
