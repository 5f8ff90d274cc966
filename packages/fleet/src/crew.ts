/** The threads of a worker, a task each at a time. */
import { fail } from "@backlit/core";
import { TaskThread, type Thread as ThreadOf } from "@backlit/workbench";
import type { Said, Task } from "./work/messages.ts";

export type Thread = ThreadOf<Task, Said>;

export interface CrewOptions {
  readonly size: number;
  start(): Thread;
  note(text: string): void;
}

type Member = TaskThread<Task, Said>;

export class Crew {
  readonly #idle: Member[];
  readonly #waiting: ((member: Member) => void)[] = [];

  constructor(readonly options: CrewOptions) {
    const lost = (why: string) => fail("Runtime", { what: "the thread that computes ended", why });
    this.#idle = Array.from({ length: options.size }, () => new TaskThread({ start: options.start, lost }));
  }

  /** Errors: those of the task; Runtime where its thread ends, Aborted by the signal. */
  async run(task: Task, signal?: AbortSignal): Promise<unknown> {
    const member = this.#idle.pop() ?? (await new Promise<Member>((resolve) => this.#waiting.push(resolve)));
    const stop = () => member.stop();
    try {
      if (signal?.aborted) throw fail("Aborted", { what: "stopped" });
      signal?.addEventListener("abort", stop);
      return await member.run(task, ({ note }) => this.options.note(note));
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
