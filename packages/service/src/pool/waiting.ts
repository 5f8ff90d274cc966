/** Tasks that wait, first come first served; those that may run together are taken together. */
import type { InferTask, Task } from "../work/messages.ts";

/** The knobs of Triton's dynamic batcher, by their names. */
export interface Batching {
  /** Rows that run together at most. */
  readonly max_batch_size: number;
  readonly dynamic_batching: {
    /** Sizes that are worth waiting for, within the delay. */
    readonly preferred_batch_size: readonly number[];
    readonly max_queue_delay_microseconds: number;
  };
}

export interface Entry {
  readonly task: Task;
  /** What tasks that may run together have in common, and how many rows this one has; absent for those that run alone. */
  readonly joins?: { readonly key: string; readonly rows: number };
  /** Milliseconds of a clock. */
  readonly since: number;
  readonly progress?: (text: string) => void;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

export type Taken = { readonly entries: readonly Entry[] } | { readonly wait: number } | undefined;

export class Waiting {
  readonly #entries: Entry[] = [];

  constructor(readonly batching: Batching) {}

  get length(): number {
    return this.#entries.length;
  }

  add(entry: Entry): void {
    this.#entries.push(entry);
  }

  /** Whether it was there. */
  remove(entry: Entry): boolean {
    const at = this.#entries.indexOf(entry);
    if (at >= 0) this.#entries.splice(at, 1);
    return at >= 0;
  }

  /** What runs next; or after how many milliseconds to ask again, where a fuller batch is worth waiting for. */
  take(now: number): Taken {
    const { max_queue_delay_microseconds } = this.batching.dynamic_batching;
    const seen = new Set<string>();
    let wait = Number.POSITIVE_INFINITY;
    for (const entry of this.#entries) {
      const { joins } = entry;
      if (joins === undefined) return this.#taken([entry]);
      if (seen.has(joins.key)) continue;
      seen.add(joins.key);
      const batch = this.#batch(joins.key);
      const left = entry.since + max_queue_delay_microseconds / 1000 - now;
      if (left <= 0 || this.#full(batch)) return this.#taken(batch);
      wait = Math.min(wait, left);
    }
    return Number.isFinite(wait) ? { wait } : undefined;
  }

  #batch(key: string): Entry[] {
    const batch: Entry[] = [];
    let rows = 0;
    for (const entry of this.#entries) {
      if (entry.joins?.key !== key) continue;
      if (batch.length > 0 && rows + entry.joins.rows > this.batching.max_batch_size) break;
      batch.push(entry);
      rows += entry.joins.rows;
    }
    return batch;
  }

  #full(batch: readonly Entry[]): boolean {
    const rows = batch.reduce((sum, { joins }) => sum + joins!.rows, 0);
    const { preferred_batch_size: preferred } = this.batching.dynamic_batching;
    return rows >= this.batching.max_batch_size || preferred.includes(rows);
  }

  #taken(entries: readonly Entry[]): Taken {
    for (const entry of entries) this.remove(entry);
    return { entries };
  }
}

/** One task for all of a batch. */
export const together = (entries: readonly Entry[]): Task => {
  const [first] = entries;
  if (entries.length === 1) return first!.task;
  return { ...(first!.task as InferTask), feeds: entries.flatMap(({ task }) => (task as InferTask).feeds) };
};
