/** A thread that does a task at a time: started when there is work, asked to stop, ended where it does not, started anew after that. */
import { receivedError, type sentError } from "./messages.ts";

/** A task, or the wish that one stops. */
export type CallOf<Task> = (Task | { readonly do: "stop" }) & { readonly id: number };

/** How a task ends, or something `Said` on the way. */
export type AnswerOf<Said> =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: ReturnType<typeof sentError> }
  | Said;

/** A thread, as far as tasks need it. */
export interface Thread<Task, Said> {
  postMessage(call: CallOf<Task>): void;
  /** `lost`: it ended, whatever for. Both are called from now on. */
  listen(heard: { message(answer: AnswerOf<Said>): void; lost(why: string): void }): void;
  terminate(): Promise<void>;
}

/** What Node's `Worker` is of it. */
interface WorkerLike {
  postMessage(call: unknown): void;
  on(event: string, listen: (...heard: never[]) => void): unknown;
  terminate(): Promise<unknown>;
}

/** A worker of Node. */
export const threadOf = <Task, Said>(worker: WorkerLike): Thread<Task, Said> => ({
  postMessage: (call) => worker.postMessage(call),
  listen: ({ message, lost }) => {
    worker.on("message", message);
    worker.on("error", (error: Error) => lost(error.message));
    worker.on("exit", () => lost("it ended"));
  },
  terminate: async () => void (await worker.terminate()),
});

export interface TaskThreadOptions<Task, Said> {
  start(): Thread<Task, Said>;
  /** What a task fails with whose thread ended. */
  lost(why: string): Error;
}

/** Milliseconds that a task which was stopped may still take before its thread is ended. */
const GRACE = 5000;

interface Running<Said> {
  readonly id: number;
  resolve(value: unknown): void;
  reject(error: unknown): void;
  said(what: Said): void;
}

export class TaskThread<Task extends object, Said extends object> {
  #thread: Thread<Task, Said> | undefined;
  #next = 0;
  #running: Running<Said> | undefined;
  #grace: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly options: TaskThreadOptions<Task, Said>) {}

  get busy(): boolean {
    return this.#running !== undefined;
  }

  /** One task at a time. Errors: those of the task; `lost` where the thread ends. */
  run(task: Task, said: (what: Said) => void = () => {}): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = this.#next++;
      this.#running = { id, resolve, reject, said };
      try {
        this.#thread ??= this.#started();
        this.#thread.postMessage({ ...task, id });
      } catch (error) {
        this.#settle()?.reject(error);
      }
    });
  }

  /** Nobody waits for what runs: it is asked to stop, and ended where it does not. */
  stop(): void {
    if (this.#running === undefined) return;
    this.#thread?.postMessage({ do: "stop", id: this.#running.id });
    this.#grace ??= setTimeout(() => void this.close(), GRACE);
  }

  async close(): Promise<void> {
    const thread = this.#thread;
    this.#lost(thread, "it was ended");
    await thread?.terminate();
  }

  #started(): Thread<Task, Said> {
    const thread = this.options.start();
    thread.listen({
      message: (answer) => {
        // What is left of a task that is over.
        if ("id" in answer && answer.id !== this.#running?.id) return;
        if ("error" in answer) this.#settle()?.reject(receivedError(answer.error));
        else if ("value" in answer) this.#settle()?.resolve(answer.value);
        else this.#running?.said(answer);
      },
      lost: (why) => this.#lost(thread, why),
    });
    return thread;
  }

  #lost(thread: Thread<Task, Said> | undefined, why: string): void {
    if (thread === undefined || thread !== this.#thread) return;
    this.#thread = undefined;
    this.#settle()?.reject(this.options.lost(why));
  }

  #settle(): Running<Said> | undefined {
    const running = this.#running;
    this.#running = undefined;
    clearTimeout(this.#grace);
    this.#grace = undefined;
    return running;
  }
}
