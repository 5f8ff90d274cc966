/** Threads and the queue before them: how much waits, how long it may take, what runs together. */
import { TaskThread, type Thread as ThreadOf } from "@backlit/workbench";
import type { Results, Said, Task } from "../work/messages.ts";
import { Refused } from "./refused.ts";
import { type Batching, type Entry, together, Waiting } from "./waiting.ts";

export { Refused } from "./refused.ts";

export type Thread = ThreadOf<Task, Said>;
type Slot = TaskThread<Task, Said>;

export interface PoolOptions {
  readonly threads: number;
  start(): Thread;
  /** Requests that wait at most. */
  readonly queue: number;
  /** From a request's coming to its answer. */
  readonly seconds: number;
  readonly batching: Batching;
  /** Told of every batch that ran. */
  readonly ran?: (batch: { readonly rows: number; readonly requests: number }) => void;
}

export interface RunOptions {
  /** The caller is gone. */
  readonly signal?: AbortSignal;
  readonly joins?: Entry["joins"];
  /** Told what is going on, in words. */
  readonly progress?: (text: string) => void;
  /** Takes what it takes, and does not count as waiting: models that are opened. */
  readonly patient?: boolean;
}

interface Job {
  readonly entries: Set<Entry>;
  readonly slot: Slot;
}

export class Pool {
  readonly #slots: readonly Slot[];
  readonly #waiting: Waiting;
  readonly #jobs = new Set<Job>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(readonly options: PoolOptions) {
    const lost = (why: string) => new Refused(500, `the work was lost: ${why}`);
    this.#slots = Array.from({ length: options.threads }, () => new TaskThread({ start: options.start, lost }));
    this.#waiting = new Waiting(options.batching);
  }

  /** Requests that wait for a thread. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Errors: those of the task; Refused where too many wait, or it takes too long. */
  run<T extends Task>(task: T, { signal, joins, progress, patient = false }: RunOptions = {}): Promise<Results[T["do"]]> {
    const { queue, seconds } = this.options;
    if (this.#closed) return Promise.reject(new Refused(503, "the server is shutting down", 5));
    if (!patient && this.#waiting.length >= queue) return Promise.reject(new Refused(503, `${queue} requests are waiting`, 1));
    return new Promise((resolve, reject) => {
      const over = () => this.#abandon(entry, new Refused(504, `it took longer than ${seconds} s`));
      const gone = () => this.#abandon(entry, new Refused(503, "the caller is gone"));
      const limit = patient ? undefined : setTimeout(over, seconds * 1000);
      const settled = () => {
        clearTimeout(limit);
        signal?.removeEventListener("abort", gone);
      };
      const entry: Entry = {
        task,
        ...(joins && { joins }),
        ...(progress && { progress }),
        since: performance.now(),
        resolve: (value) => {
          settled();
          resolve(value as Results[T["do"]]);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      };
      signal?.addEventListener("abort", gone);
      this.#waiting.add(entry);
      if (signal?.aborted) gone();
      this.#dispatch();
    });
  }

  /** No new work; what waits and runs is lost. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await Promise.all(this.#slots.map((slot) => slot.close()));
  }

  #dispatch(): void {
    clearTimeout(this.#timer);
    for (const slot of this.#slots) {
      if (slot.busy) continue;
      const taken = this.#waiting.take(performance.now());
      if (taken === undefined || this.#closed) return;
      if ("wait" in taken) {
        this.#timer = setTimeout(() => this.#dispatch(), Math.max(1, taken.wait));
        return;
      }
      void this.#work(slot, taken.entries);
    }
  }

  async #work(slot: Slot, entries: readonly Entry[]): Promise<void> {
    const job: Job = { entries: new Set(entries), slot };
    this.#jobs.add(job);
    try {
      const value = await slot.run(together(entries), ({ progress }) => entries[0]!.progress?.(progress));
      const all = entries[0]!.task.do === "infer" ? (value as Results["infer"]).map((one) => [one]) : [value];
      this.options.ran?.({ rows: entries.reduce((sum, { joins }) => sum + (joins?.rows ?? 1), 0), requests: entries.length });
      for (const [i, entry] of entries.entries()) entry.resolve(all[i]);
    } catch (error) {
      for (const entry of entries) entry.reject(error);
    } finally {
      this.#jobs.delete(job);
      this.#dispatch();
    }
  }

  /** Its caller waits no longer; what runs is stopped where nobody else waits for it. */
  #abandon(entry: Entry, error: Refused): void {
    entry.reject(error);
    if (this.#waiting.remove(entry)) return;
    for (const { entries, slot } of this.#jobs) if (entries.delete(entry) && entries.size === 0) slot.stop();
  }
}
