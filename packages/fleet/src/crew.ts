/** The threads of a worker: a task each at a time, started anew where they end. */
import { fail } from "@backlit/core";
import { receivedError } from "@backlit/workbench";
import type { Answer, Call, Task } from "./work/messages.ts";

/** A thread, as far as a crew needs it. */
export interface Thread {
  postMessage(call: Call): void;
  /** `lost`: it ended, whatever for. Both are called from now on. */
  listen(heard: { message(answer: Answer): void; lost(why: string): void }): void;
  terminate(): Promise<void>;
}

export interface CrewOptions {
  readonly size: number;
  start(): Thread;
  note(text: string): void;
}

/** Milliseconds that a task which was stopped may still take before its thread is ended. */
const GRACE = 5000;

export class Crew {
  readonly #idle: Member[];
  readonly #waiting: ((member: Member) => void)[] = [];

  constructor(readonly options: CrewOptions) {
    this.#idle = Array.from({ length: options.size }, () => new Member(options));
  }

  /** Errors: those of the task; Runtime where its thread ends, Aborted by the signal. */
  async run(task: Task, signal?: AbortSignal): Promise<unknown> {
    const member = this.#idle.pop() ?? (await new Promise<Member>((resolve) => this.#waiting.push(resolve)));
    const stop = () => member.stop();
    try {
      if (signal?.aborted) throw fail("Aborted", { what: "stopped" });
      signal?.addEventListener("abort", stop);
      return await member.run(task);
    } finally {
      signal?.removeEventListener("abort", stop);
      const next = this.#waiting.shift();
      if (next) next(member);
      else this.#idle.push(member);
    }
  }

  /** Not while something runs. */
  async close(): Promise<void> {
    await Promise.all(this.#idle.map((member) => member.close()));
  }
}

class Member {
  #thread: Thread | undefined;
  #next = 0;
  #running: { readonly id: number; resolve(value: unknown): void; reject(error: unknown): void } | undefined;

  constructor(readonly options: CrewOptions) {}

  run(task: Task): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = this.#next++;
      this.#running = { id, resolve, reject };
      try {
        this.#thread ??= this.#started();
        this.#thread.postMessage({ ...task, id });
      } catch (error) {
        this.#settle()?.reject(error);
      }
    });
  }

  stop(): void {
    const { id } = this.#running ?? {};
    if (id === undefined) return;
    this.#thread?.postMessage({ do: "stop", id });
    const late = setTimeout(() => this.#running?.id === id && void this.close(), GRACE);
    late.unref();
  }

  async close(): Promise<void> {
    const thread = this.#thread;
    this.#lost(thread, "it was ended");
    await thread?.terminate();
  }

  #started(): Thread {
    const thread = this.options.start();
    thread.listen({
      message: (answer) => {
        if ("note" in answer) return this.options.note(answer.note);
        if (answer.id !== this.#running?.id) return;
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
    this.#settle()?.reject(fail("Runtime", { what: "the thread that computes ended", why }));
  }

  #settle() {
    const running = this.#running;
    this.#running = undefined;
    return running;
  }
}
