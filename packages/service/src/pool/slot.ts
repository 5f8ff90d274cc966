/** One thread of the pool: started when there is work, started again when it ends. */
import type { Worker } from "node:worker_threads";
import { receivedError } from "@backlit/workbench";
import type { Answer, Call, Task } from "../work/messages.ts";
import { Refused } from "./refused.ts";

/** A thread, as far as the pool needs it. */
export interface Thread {
  postMessage(call: Call): void;
  /** `lost`: it ended, whatever for. Both are called from now on. */
  listen(heard: { message(answer: Answer): void; lost(why: string): void }): void;
  terminate(): Promise<void>;
}

/** A worker of Node. */
export const threadOf = (worker: Worker): Thread => ({
  postMessage: (call) => worker.postMessage(call),
  listen: ({ message, lost }) => {
    worker.on("message", message);
    worker.on("error", (error) => lost(error.message));
    worker.on("exit", () => lost("the thread ended"));
  },
  terminate: async () => void (await worker.terminate()),
});

/** Milliseconds that a task which was stopped may still take before its thread is ended. */
const GRACE = 5000;

export class Slot {
  #thread: Thread | undefined;
  #next = 0;
  #running:
    | { readonly id: number; resolve(value: unknown): void; reject(error: unknown): void; progress(text: string): void }
    | undefined;
  #grace: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly start: () => Thread) {}

  get busy(): boolean {
    return this.#running !== undefined;
  }

  /** One task at a time. Errors: those of the task; Refused where the thread ends. */
  run(task: Task, progress: (text: string) => void = () => {}): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = this.#next++;
      this.#running = { id, resolve, reject, progress };
      try {
        this.#thread ??= this.#started();
        this.#thread.postMessage({ ...task, id } satisfies Call);
      } catch (error) {
        this.#settle()?.reject(error);
      }
    });
  }

  /** Nobody waits for what runs: it is asked to stop, and ended where it does not. */
  stop(): void {
    if (this.#running === undefined) return;
    this.#thread?.postMessage({ do: "stop", id: this.#running.id } satisfies Call);
    this.#grace ??= setTimeout(() => void this.close(), GRACE);
  }

  async close(): Promise<void> {
    const thread = this.#thread;
    this.#lost(thread, "the thread was ended");
    await thread?.terminate();
  }

  #started(): Thread {
    const thread = this.start();
    thread.listen({
      message: (answer) => {
        if (answer.id !== this.#running?.id) return;
        if ("progress" in answer) return this.#running.progress(answer.progress);
        const running = this.#settle();
        if ("error" in answer) running?.reject(receivedError(answer.error));
        else running?.resolve(answer.value);
      },
      lost: (why) => this.#lost(thread, why),
    });
    return thread;
  }

  #lost(thread: Thread | undefined, why: string): void {
    if (thread === undefined || thread !== this.#thread) return;
    this.#thread = undefined;
    this.#settle()?.reject(new Refused(500, `the work was lost: ${why}`));
  }

  #settle() {
    const running = this.#running;
    this.#running = undefined;
    clearTimeout(this.#grace);
    this.#grace = undefined;
    return running;
  }
}
