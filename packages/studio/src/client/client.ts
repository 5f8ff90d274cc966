/** The page's side of the worker. */
import type { BacklitError, ErrorParts } from "@backlit/core";
import { words } from "../words/english.ts";
import type { EngineChoice, Told, Work, WorkName } from "../worker/messages.ts";
import { usualEngine } from "./device.ts";
import { isOutOfMemory, outOfMemory, Trouble } from "./trouble.ts";

interface Waiting {
  readonly progress: (text: string) => void;
  readonly done: (answer: never) => void;
  readonly failed: (trouble: Trouble) => void;
}

export class Client {
  engine: EngineChoice = usualEngine();
  #worker: Worker | undefined;
  #next = 0;
  readonly #waiting = new Map<number, Waiting>();

  /** Errors: Trouble. */
  ask<N extends WorkName>(
    work: N,
    asked: Work[N]["asked"],
    progress: (text: string) => void = () => {},
  ): Promise<Work[N]["answer"]> {
    const id = this.#next++;
    return new Promise<Work[N]["answer"]>((done, failed) => {
      this.#waiting.set(id, { progress, done, failed });
      this.#started().postMessage({ id, work, asked });
    });
  }

  /** A pass cannot be interrupted: the worker ends, and the next question starts another. */
  stop(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#fail("Aborted", { what: "stopped" });
  }

  #started(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(new URL("../worker/work.ts", import.meta.url), {
      type: "module",
      name: JSON.stringify(this.engine),
    });
    worker.addEventListener("message", ({ data }: MessageEvent<Told>) => this.#heard(data));
    worker.addEventListener("error", ({ message }) => {
      this.#worker = undefined;
      this.#fail("Runtime", { what: words.workerFailed, why: message, fix: words.reload });
    });
    this.#worker = worker;
    return worker;
  }

  #heard(told: Told): void {
    const waiting = this.#waiting.get(told.id);
    if (!("progress" in told)) this.#waiting.delete(told.id);
    if ("progress" in told) waiting?.progress(told.progress);
    else if ("error" in told) {
      const { tag, parts } = told.error;
      if (!isOutOfMemory(parts)) return void waiting?.failed(new Trouble(tag, parts));
      // What the engine holds is given back only with its worker.
      waiting?.failed(outOfMemory(parts));
      this.stop();
    } else waiting?.done(told.answer as never);
  }

  #fail(tag: BacklitError["_tag"], parts: ErrorParts): void {
    for (const { failed } of this.#waiting.values()) failed(new Trouble(tag, parts));
    this.#waiting.clear();
  }
}
